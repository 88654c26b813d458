// The demo's people: a click fills in what they would type, and Enter sends it. The page brings the codes of the
// next minutes along, so that a code that is over is neither shown nor filled in.
const people = document.querySelector(".demo-people");
const into = Number(people.dataset.demoInto);
const CHOSEN = "demo-phone";
const input = (name) => document.querySelector(`.entrance-card input[name="${name}"]:not([type="hidden"])`);

function codeOf(button) {
  const codes = button.dataset.demoCodes.split(" ");
  const at = Math.floor((into + performance.now() / 1000) / 30);
  if (at >= codes.length) location.reload();
  return codes[at] ?? "";
}

function fill(name, value) {
  const field = input(name);
  if (!field || !value) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

function choose(button) {
  sessionStorage.setItem(CHOSEN, button.dataset.demoPhone);
  fill("login", button.dataset.demoPhone);
  fill("phone", button.dataset.demoPhone);
  fill("password", button.dataset.demoPassword);
  fill("code", codeOf(button));
  document.querySelector(".entrance-card")?.scrollIntoView({ block: "start" });
}

function renew() {
  const typed = input("code");
  for (const button of people.querySelectorAll("[data-demo-codes]")) {
    const code = codeOf(button);
    const shown = button.parentElement.querySelector(".demo-code");
    if (typed && typed.value && typed.value === shown?.textContent) typed.value = code;
    if (shown) shown.textContent = code;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-demo-phone]");
  if (button) choose(button);
});
setInterval(renew, 1000);
renew();

// The second step knows who was chosen in the first one.
const chosen = people.querySelector(`[data-demo-phone="${sessionStorage.getItem(CHOSEN)}"]`);
if (chosen && people.dataset.demoStep === "code" && !input("code")?.value) fill("code", codeOf(chosen));
