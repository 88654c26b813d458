// Rows that are added and removed within a form field. Without this script the spare rows do.

function unhide(part) {
  for (const button of part.querySelectorAll("[data-rows-add], [data-rows-remove]")) button.hidden = false;
}

function typed(rows) {
  rows.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const rows of document.querySelectorAll("[data-rows]")) {
  const body = rows.querySelector("[data-rows-body]");
  const blank = rows.querySelector("[data-rows-blank]");
  unhide(rows);
  rows.addEventListener("click", (event) => {
    if (event.target.closest("[data-rows-add]")) {
      body.append(blank.content.cloneNode(true));
      unhide(body.lastElementChild);
      body.lastElementChild.querySelector("input").focus();
    }
    const remove = event.target.closest("[data-rows-remove]");
    if (remove) {
      const row = remove.closest("[data-row]");
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      (next?.querySelector("input") ?? rows.querySelector("[data-rows-add]")).focus();
      typed(rows);
    }
  });
}
