// A long list of choices, found while typing its name or its pinyin. Without this script it is a plain list of choices.
import { combobox, onEach } from "./combobox.js";

const FEW = 8;
const SHOWN = 50;

onEach("[data-findable]", (box) => {
  const select = box.querySelector("select");
  if (select.options.length <= FEW) return;
  const [input, list] = dressed(box, select);
  const chosen = () => select.selectedOptions[0];
  const said = () => (chosen()?.value ? chosen().text : "");
  const show = () => { input.value = said(); };
  const fitting = (words) => {
    const asked = words === chosen()?.text ? "" : words.toLowerCase();
    return [...select.options].filter((option) => fits(option, asked)).slice(0, SHOWN);
  };
  const pick = (value) => {
    select.value = value;
    show();
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  // Whoever leaves the box with nothing in it wants none, where none can be chosen.
  const settle = () => {
    const none = [...select.options].some((option) => !option.value);
    if (!input.value.trim() && none && select.value) pick("");
    else show();
  };

  const found = combobox(input, list, {
    wait: 0,
    suggest: (words) => {
      const options = fitting(words);
      list.replaceChildren(...(options.length ? options.map(line) : [nothing(box)]));
      return true;
    },
    choose: (option) => pick(option.dataset.value),
    enter: (event) => {
      const words = input.value.trim();
      const open = !list.hidden;
      if (words === said()) {
        found.close();
        return open && !event.ctrlKey && !event.metaKey;
      }
      const first = words && open ? fitting(words)[0] : null;
      if (words && !first) {
        found.ask();
        return true;
      }
      if (first) pick(first.value);
      else settle();
      found.close();
      return true;
    },
  });
  input.addEventListener("focus", () => { input.select(); found.ask(); });
  // What is typed here only finds: the choice itself tells the page that it changed.
  for (const name of ["input", "change"]) input.addEventListener(name, (event) => event.stopPropagation());
  input.addEventListener("blur", settle);
  select.addEventListener("change", show);
  show();
});

// The input takes the place of the choices: their id, which the label and the errors point to, and what is said of them.
function dressed(box, select) {
  const input = document.createElement("input");
  const list = document.createElement("ul");
  input.type = "text";
  input.autocomplete = "off";
  input.className = select.className.replace("form-select", "form-control");
  for (const name of ["aria-describedby", "aria-invalid", "aria-label"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  input.id = select.id;
  select.id = `${input.id}-choices`;
  list.id = `${input.id}-list`;
  list.className = "hub-suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector(`label[for="${input.id}"]`)?.textContent.trim() ?? "");
  input.placeholder = box.dataset.findable;
  const said = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  Object.entries(said).forEach(([name, value]) => input.setAttribute(name, value));
  select.required = false;
  box.append(input, list);
  box.classList.add("hub-combobox");
  return [input, list];
}

function fits(option, asked) {
  const text = `${option.text} ${option.dataset.sounds ?? ""}`.toLowerCase();
  return option.value && asked.split(/\s+/).every((word) => text.includes(word));
}

function line(option) {
  const item = document.createElement("li");
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.dataset.value = option.value;
  item.textContent = option.text;
  return item;
}

function nothing(box) {
  const item = document.createElement("li");
  item.setAttribute("role", "option");
  item.setAttribute("aria-disabled", "true");
  item.setAttribute("aria-selected", "false");
  item.textContent = box.dataset.nothing;
  return item;
}
