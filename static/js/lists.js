// Lists: sorting and paging replace the table alone, and the address stays right.
export function watchLists(root) {
  for (const link of root.querySelectorAll("#list a[data-list-link]:not([data-watched])")) {
    link.dataset.watched = "";
    link.addEventListener("click", refresh);
  }
}

function refresh(event) {
  if (event.metaKey || event.ctrlKey || event.shiftKey || !window.htmx) return;
  event.preventDefault();
  const address = event.currentTarget.href;
  window.htmx.ajax("GET", address, { source: "#list", target: "#list", swap: "outerHTML" });
}
