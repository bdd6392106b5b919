// Menus are <details data-menu>: they open without a script. Here they close again: outside, by Escape, by another menu.

/** Watch every menu of a document. */
export function mount(page: Document): void {
  page.addEventListener("click", (event) => closeAll(page, event.target as Node));
  page.addEventListener("focusin", (event) => closeAll(page, event.target as Node));
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = page.querySelector<HTMLDetailsElement>("details[data-menu][open]");
    if (open === null) return;
    open.open = false;
    open.querySelector("summary")?.focus();
  });
}

function closeAll(page: Document, except: Node): void {
  for (const menu of page.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}
