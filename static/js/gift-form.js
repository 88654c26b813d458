// The gift form: donors on file appear while one types, arrows choose, the rest is filled in. Works without this script too.
const place = document.querySelector("[data-gift-form]");
const form = place?.querySelector("form");
const matches = document.getElementById("donor-matches");
const field = (name) => form.elements.namedItem(name);
const ANONYMOUS = "anonymous";
const ROUTE = ["amount_fen", "name", "phone"];
let waiting = 0;
let asked = null;

for (const button of document.querySelectorAll("[data-without-script]")) button.hidden = true;
for (const select of document.querySelectorAll("[data-submit-on-change]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

function ask() {
  clearTimeout(waiting);
  waiting = setTimeout(load, 220);
}

async function load() {
  asked?.abort();
  asked = new AbortController();
  const typed = new FormData();
  for (const name of ["name", "phone", "id_number", "csrfmiddlewaretoken"]) typed.append(name, field(name).value);
  try {
    const answer = await fetch(place.dataset.matchesUrl, { method: "POST", body: typed, signal: asked.signal });
    matches.innerHTML = answer.ok ? await answer.text() : "";
    matches.scrollIntoView({ block: "nearest" });
  } catch {
    // Newer typing asked anew, or the line is down: the form works without suggestions.
  }
}

function choose(button) {
  const { donor, name, kind, phone, id } = button.dataset;
  field("donor").value = donor;
  field("name").value = name;
  form.querySelector(`[name=donor_kind][value=${kind}]`).checked = true;
  for (const [input, known] of [[field("phone"), phone], [field("id_number"), id]]) {
    input.value = "";
    input.placeholder = known ? `${place.dataset.onFile} ${known}` : "";
  }
  matches.replaceChildren();
  (field("handler").value ? form.querySelector("[data-submit]") : field("handler")).focus();
}

function unchoose() {
  field("donor").value = "";
  field("phone").placeholder = field("id_number").placeholder = "";
}

function walk(event) {
  const buttons = [...matches.querySelectorAll("button")];
  if (!buttons.length || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
  event.preventDefault();
  if (event.key === "Escape") return void (matches.replaceChildren(), field("name").focus());
  const at = buttons.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  (buttons[at] ?? field("name")).focus();
}

// Enter goes on to what is still to be typed; when that is all there, it records as in any form.
function goOn(event) {
  const commits = event.isComposing || event.keyCode === 229; // an input method takes its word
  if (event.key !== "Enter" || commits || event.ctrlKey || event.metaKey || !event.target.value) return;
  const next = ROUTE.slice(ROUTE.indexOf(event.target.name) + 1).map(field).find(isToBeTyped);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function isToBeTyped(input) {
  return !input.value && !input.placeholder && input.offsetParent;
}

function showDonor() {
  const kind = form.querySelector("[name=donor_kind]:checked")?.value;
  for (const name of ["name", "phone", "id_number", "publish_name"]) {
    const part = field(name).closest(".mb-3, .form-check");
    if (part) part.hidden = kind === ANONYMOUS;
  }
}

if (form && matches) {
  for (const name of ["name", "phone", "id_number"]) {
    field(name).addEventListener("input", ask);
    field(name).addEventListener("keydown", walk);
  }
  for (const name of ROUTE) field(name).addEventListener("keydown", goOn);
  field("name").addEventListener("input", unchoose);
  matches.addEventListener("keydown", walk);
  matches.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) choose(button);
  });
  form.addEventListener("change", (event) => event.target.name === "donor_kind" && showDonor());
  showDonor();
}
