// What every page does, in small modules. Nothing here is needed to read a page or to send a form.
import { watchForms } from "./forms.js";
import { watchLists } from "./lists.js";

function say(words) {
  const place = document.getElementById("messages");
  if (!place) return;
  const alert = document.createElement("div");
  alert.className = "alert alert-danger hub-message";
  alert.setAttribute("role", "alert");
  alert.textContent = words;
  const box = document.createElement("div");
  box.className = "container-xl";
  box.append(alert);
  place.replaceChildren(box);
  place.scrollIntoView({ block: "nearest" });
}

function lost() {
  say(document.body.dataset.lost);
}

document.body.addEventListener("htmx:error", lost);
document.body.addEventListener("htmx:response:error", (event) => {
  const status = event.detail?.ctx?.response?.status ?? 0;
  if (status !== 409 && status !== 413) lost();
});

// The desk's menu on small screens, and messages that have been read.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-toggles]");
  if (button) {
    const shown = document.getElementById(button.dataset.toggles).classList.toggle("show");
    button.setAttribute("aria-expanded", String(shown));
  }
  event.target.closest("[data-closes]")?.closest(".alert").remove();
});

async function start(root) {
  watchForms(root);
  if (!root.querySelector("[data-chart]")) return;
  const { drawCharts } = await import("./charts.js");
  drawCharts(root);
}

watchLists();
start(document);
document.body.addEventListener("htmx:after:swap", () => start(document));
