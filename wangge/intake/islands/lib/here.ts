// "My position" on a form: asked for only when the reader presses the button, sent once, kept nowhere.
export function sendPosition(form: HTMLFormElement): void {
  const button = form.querySelector<HTMLButtonElement>("[data-position]");
  const said = form.querySelector<HTMLElement>("[data-position-said]");
  if (!button || !said || !("geolocation" in navigator)) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    said.textContent = form.dataset.locating ?? "";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        set(form, "lon", coords.longitude);
        set(form, "lat", coords.latitude);
        form.submit();
      },
      (error) => {
        button.disabled = false;
        said.textContent = (error.code === error.PERMISSION_DENIED ? form.dataset.notAllowed : form.dataset.notFound) ?? "";
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
}

function set(form: HTMLFormElement, name: string, degrees: number): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = degrees.toFixed(6);
}
