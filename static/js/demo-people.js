// The demo's people: a click fills in what they would type.
const fill = (name, value) => {
  const input = document.querySelector(`.entrance-card input[name="${name}"]:not([type="hidden"])`);
  if (input && value) {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-demo-phone]");
  if (!button) return;
  fill("login", button.dataset.demoPhone);
  fill("phone", button.dataset.demoPhone);
  fill("password", button.dataset.demoPassword);
  fill("code", button.dataset.demoCode);
  document.querySelector(".entrance-card")?.scrollIntoView({ block: "start" });
});
