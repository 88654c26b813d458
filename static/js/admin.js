// django-unfold draws the page's main part as a plain box; screen readers look for a landmark.
document.addEventListener("DOMContentLoaded", () => {
  document.getElementById("main")?.setAttribute("role", "main");
});

// A search box for a region, an organization or a fund is called what its label says: its own words are empty
// until something is chosen.
function nameSearches(root) {
  for (const select of root.querySelectorAll("select.select2-hidden-accessible")) {
    const box = select.nextElementSibling?.querySelector("[role=combobox]");
    const name = select.getAttribute("aria-label") ?? select.labels?.[0]?.textContent.trim();
    if (!box || !name) continue;
    const chosen = select.selectedOptions[0]?.text ?? "";
    box.removeAttribute("aria-labelledby");
    for (const part of [box, box.querySelector("[role=textbox]")]) {
      part?.setAttribute("aria-label", `${name} ${chosen}`.trim());
    }
  }
}

document.addEventListener("DOMContentLoaded", () => {
  const jq = window.django?.jQuery; // comes after this script
  // Boxes are made by what jQuery was told to do when the page is ready; what it is told now is done after that.
  jq?.(() => nameSearches(document));
  jq?.(document).on("select2:select select2:unselect select2:clear change", () => nameSearches(document));
});
document.addEventListener("formset:added", () => setTimeout(() => nameSearches(document)));
