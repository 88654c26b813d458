// A region, found while typing. Without this script the input takes a code or a name as it is.
import { combobox, onEach } from "./combobox.js";

onEach("[data-region-picker]", (box) => {
  const input = box.querySelector("input");
  const list = box.querySelector('[role="listbox"]');
  const choices = () => [...list.querySelectorAll("[data-value]")];
  let chosen = input.value.trim();
  let listed = null; // the words the list answers
  let unanswered = null; // the words nobody could answer: the form may take them as they are

  const pick = (option) => {
    chosen = input.value = option.dataset.value;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const found = combobox(input, list, {
    suggest: async (words, signal) => {
      if (!words) return false;
      const address = `${box.dataset.regionPicker}&q=${encodeURIComponent(words)}`;
      const lost = (error) => { if (error.name === "AbortError") throw error; };
      const answer = await fetch(address, { signal, headers: { "HX-Request": "true" } }).catch(lost);
      unanswered = answer?.ok ? null : words;
      if (unanswered) return false;
      list.innerHTML = await answer.text();
      listed = words;
      return true;
    },
    choose: pick,
    enter: () => {
      const words = input.value.trim();
      if (!words || words === chosen) return false;
      if (listed === words && !list.hidden) take(choices()[0]);
      else if (unanswered === words) return false;
      else found.ask().then(() => {
        if (unanswered === words) input.form.requestSubmit();
        else if (listed === words && choices().length === 1) take(choices()[0]);
      });
      return true;
    },
  });
  const take = (option) => {
    if (!option) return;
    pick(option);
    found.close();
  };
});
