// Dialogs: <button data-opens="ID"> opens <dialog id="ID">, <button data-closes> closes the one around it, and the key
// named by the dialog's data-key opens it from anywhere but a field.

/** Watch every dialog of a document, also those that come later. */
export function mount(page: Document): void {
  page.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-opens], [data-closes]");
    if (button === null) return;
    if (button.dataset.opens) open(page.getElementById(button.dataset.opens));
    else button.closest("dialog")?.close();
  });
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
    const dialog = [...page.querySelectorAll<HTMLDialogElement>("dialog[data-key]")].find(
      (one) => one.dataset.key === event.key,
    );
    if (dialog === undefined) return;
    event.preventDefault();
    open(dialog);
  });
}

function open(dialog: HTMLElement | null): void {
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

/** Whether keys typed here are meant as text. */
export function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}
