// A second press while the first is on its way does nothing; the server would recognise it as the same anyway.

export function sendOnce(form: HTMLFormElement): void {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    else if (!event.defaultPrevented) sent = true;
  });
  // Back from the next page, the form can be sent again.
  addEventListener("pageshow", () => (sent = false));
}
