// A region, found while typing. Without this script the input takes a code or a name as it is.
import { combobox, onEach } from "./combobox.js";

onEach("[data-region-picker]", (box) => {
  const input = box.querySelector("input");
  const list = box.querySelector('[role="listbox"]');
  combobox(input, list, {
    suggest: async (words, signal) => {
      if (!words) return false;
      const address = `${box.dataset.regionPicker}&q=${encodeURIComponent(words)}`;
      const answer = await fetch(address, { signal, headers: { "HX-Request": "true" } });
      if (!answer.ok) return false;
      list.innerHTML = await answer.text();
      return true;
    },
    choose: (option) => {
      input.value = option.dataset.value;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    },
  });
});
