// The desk by keyboard: / search, g d desk, f filter, j k rows, n new, Ctrl+Enter send, ? help.
let pressedG = 0;

const typing = (target) => target.closest("input, select, textarea, [contenteditable=true]");

const moves = {
  "/": () => document.querySelector("[data-key-search]"),
  f: () => document.querySelector(".hub-filter input, .hub-filter select"),
  n: () => document.querySelector(".hub-actions .btn-primary"),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.closest("form")?.requestSubmit(event.target.closest("form").querySelector("[data-submit]"));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "?") return void document.getElementById("keys")?.showModal();
  if (event.key === "g") return void (pressedG = event.timeStamp);
  if (event.key === "d" && event.timeStamp - pressedG < 1000) return void location.assign("/desk/");
  if (event.key === "j" || event.key === "k") return step(event.key === "j" ? 1 : -1);
  const goal = moves[event.key]?.();
  if (!goal) return;
  event.preventDefault();
  event.key === "n" ? goal.click() : open(goal);
});

function open(input) {
  const menu = input.closest(".navbar-collapse:not(.show)");
  if (menu && getComputedStyle(menu).display === "none") menu.classList.add("show");
  input.focus();
  input.select?.();
}

function step(by) {
  const rows = [...document.querySelectorAll(".hub-table tbody tr, .hub-work-item")];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
  next.querySelector("a")?.focus();
}
