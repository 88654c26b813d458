// Lists: sorting and paging replace the table alone, and the address stays right.
export function watchLists() {
  document.addEventListener("click", refresh);
}

function refresh(event) {
  const link = event.target.closest("#list a[data-list-link]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || !window.htmx) return;
  event.preventDefault();
  window.htmx.ajax("GET", link.href, { source: "#list", target: "#list", swap: "outerHTML" });
}
