// Forms: the error summary gets the focus, a form is sent once, files show name and size and are refused when too big.
const MOST_BYTES = 20 * 1024 * 1024;

export function watchForms(root) {
  const errors = root.querySelector("[data-error-summary]");
  errors?.focus();
  for (const form of root.querySelectorAll("form[method=post]:not([data-watched])")) {
    form.dataset.watched = "";
    // What stands in the first field is replaced by typing, never mixed with it.
    if (!errors) form.querySelector("input[autofocus]")?.select();
    form.addEventListener("submit", sendOnce);
    for (const input of form.querySelectorAll("input[type=file]")) watchFile(input);
  }
}

function sendOnce(event) {
  const form = event.currentTarget;
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented || form.querySelector("[data-too-big]")) {
    event.preventDefault();
    form.querySelector("[data-too-big]")?.focus();
    return;
  }
  form.dataset.sent = "yes";
  // After this turn of the loop, so that the pressed button's name and value still go along.
  setTimeout(() => {
    for (const button of form.querySelectorAll("button[type=submit], [data-submit]")) {
      button.disabled = true;
      button.setAttribute("aria-busy", "true");
    }
  }, 0);
}

// What is on its way is no draft any more: kept now, it would come back in the next form.
document.body.addEventListener("htmx:before:request", (event) => {
  if (event.target.matches(".hub-draft") && event.target.closest("form").dataset.sent) event.preventDefault();
});

// New typing has taken the place of the draft that was offered.
document.body.addEventListener("htmx:after:swap", (event) => {
  if (event.target.matches(".hub-draft")) document.querySelector("[data-draft-offer]")?.remove();
});

// Coming back with the browser's back button: the form may be sent again (its token is the same).
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  }
});

function watchFile(input) {
  const list = document.createElement("ul");
  list.className = "hub-file-list";
  const status = document.createElement("div");
  status.setAttribute("role", "status");
  status.append(list);
  list.hidden = true;
  input.after(status);
  input.addEventListener("change", () => showFiles(input, list));
}

function showFiles(input, list) {
  const files = [...input.files];
  const tooBig = files.some((file) => file.size > MOST_BYTES);
  list.replaceChildren(...files.map(fileLine));
  list.hidden = !files.length;
  input.toggleAttribute("data-too-big", tooBig);
  input.classList.toggle("is-invalid", tooBig);
  input.setCustomValidity(tooBig ? tooBigWords() : "");
}

function fileLine(file) {
  const line = document.createElement("li");
  const big = file.size > MOST_BYTES;
  line.textContent = `${file.name} · ${sizeOf(file.size)}${big ? " · " + tooBigWords() : ""}`;
  if (big) line.className = "invalid-feedback";
  return line;
}

function tooBigWords() {
  return document.body.dataset.tooBig || "";
}

function sizeOf(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  return `${(bytes / 1024 ** step).toFixed(step ? 1 : 0)} ${units[step]}`;
}
