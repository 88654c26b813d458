// A text input with suggestions below it (ARIA combobox). Who uses it says what is suggested and what choosing does.
const WAIT = 180;

// `suggest(words, signal)` fills the list with role="option" items, those that can be chosen with data-value.
// `enter(event)`, if given, says whether it has dealt with an Enter while none is marked; else that sends the form.
export function combobox(input, list, { suggest, choose, enter, wait = WAIT }) {
  const options = () => [...list.querySelectorAll('[role="option"][data-value]')];
  let timer, asked, active = -1;

  const close = () => {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const take = (option) => {
    choose(option);
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
  const ask = async (words = input.value.trim()) => {
    clearTimeout(timer);
    asked?.abort();
    asked = new AbortController();
    try {
      if (!(await suggest(words, asked.signal))) return close();
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
    timer = setTimeout(ask, wait);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the input method's own
    if (event.key === "Enter" && active < 0) {
      if (!enter?.(event)) return;
      event.stopPropagation();
      return event.preventDefault();
    }
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(active + 1);
    else if (event.key === "ArrowUp") mark(active - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter") take(options()[active]);
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => setTimeout(close, WAIT));
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[data-value]");
    event.preventDefault();
    if (option) take(option);
  });
  return { ask, close };
}

// Every box that matches, now and after a part of the page was exchanged, once.
export function onEach(selector, begin) {
  const start = (root) => {
    for (const box of root.querySelectorAll(`${selector}:not([data-ready])`)) {
      box.dataset.ready = "";
      begin(box);
    }
  };
  start(document);
  document.addEventListener("htmx:load", (event) => start(event.target));
  document.addEventListener("htmx:after:swap", () => start(document));
}
