// django-unfold draws the page's main part as a plain box; screen readers look for a landmark.
document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("main")?.setAttribute("role", "main");
});
