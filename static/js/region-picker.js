// A region, found while typing (ARIA combobox). Without this script the input takes a code or a name as it is.
const WAIT = 180;

function picker(box) {
  const input = box.querySelector("input");
  const list = box.querySelector('[role="listbox"]');
  const options = () => [...list.querySelectorAll('[role="option"][data-value]')];
  let timer, asked, active = -1;

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (option) => {
    input.value = option.dataset.value;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    close();
  };
  const mark = (index) => {
    const all = options();
    if (!all.length) return;
    active = (index + all.length) % all.length;
    all.forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
    all[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", all[active].id);
  };
  const ask = async () => {
    const words = input.value.trim();
    asked?.abort();
    if (!words) return close();
    asked = new AbortController();
    const address = `${box.dataset.regionPicker}&q=${encodeURIComponent(words)}`;
    try {
      const answer = await fetch(address, { signal: asked.signal, headers: { "HX-Request": "true" } });
      if (!answer.ok) return close();
      list.innerHTML = await answer.text();
    } catch (error) {
      if (error.name !== "AbortError") close();
      return;
    }
    options().forEach((option, place) => { option.id = `${list.id}-${place}`; });
    list.hidden = !list.children.length;
    active = -1;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(active + 1);
    else if (event.key === "ArrowUp") mark(active - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && active >= 0) choose(options()[active]);
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => setTimeout(close, WAIT));
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[data-value]");
    event.preventDefault();
    if (option) choose(option);
  });
}

function start(root) {
  for (const box of root.querySelectorAll("[data-region-picker]:not([data-ready])")) {
    box.dataset.ready = "";
    picker(box);
  }
}
start(document);
document.addEventListener("htmx:load", (event) => start(event.target));
document.addEventListener("htmx:after:swap", () => start(document));
