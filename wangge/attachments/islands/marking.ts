// Drawing across the squares of a photo marks or clears them all; without this island each square is pressed by itself.
// Works on [data-marking] with labelled checkboxes (cases/blur.html); arrow keys walk from square to square.
import "./marking.css";

/** The square `key` leads to from `from`, in rows of `columns`; undefined at the rim and for other keys. */
export function beside(from: number, key: string, columns: number, count: number): number | undefined {
  const column = from % columns;
  if (key === "ArrowLeft") return column > 0 ? from - 1 : undefined;
  if (key === "ArrowRight") return column < columns - 1 ? from + 1 : undefined;
  if (key === "ArrowUp") return from >= columns ? from - columns : undefined;
  if (key === "ArrowDown") return from + columns < count ? from + columns : undefined;
  return undefined;
}

function columnsOf(squares: HTMLInputElement[]): number {
  const top = squares[0]?.parentElement?.offsetTop;
  return squares.findIndex((square) => square.parentElement?.offsetTop !== top);
}

export function arrange(form: HTMLElement): void {
  const squares = [...form.querySelectorAll<HTMLInputElement>("input[name=square]")];
  let drawing: boolean | undefined;

  form.addEventListener("pointerdown", (event) => {
    const square = squareOf(event.target);
    if (square === null || event.button !== 0) return;
    drawing = !square.checked;
    square.checked = drawing;
    square.focus();
    (event.target as Element).releasePointerCapture?.(event.pointerId);
    event.preventDefault();
  });
  // The press has been taken on the way down.
  form.addEventListener("click", (event) => {
    if (event.detail > 0 && squareOf(event.target) !== null) event.preventDefault();
  });
  form.addEventListener("pointermove", (event) => {
    if (drawing === undefined) return;
    const square = squareOf(document.elementFromPoint(event.clientX, event.clientY));
    if (square !== null) square.checked = drawing;
  });
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (drawing = undefined));
  form.addEventListener("keydown", (event) => {
    const from = squares.indexOf(event.target as HTMLInputElement);
    const to = from < 0 ? undefined : beside(from, event.key, columnsOf(squares), squares.length);
    if (to === undefined) return;
    event.preventDefault();
    squares[to]?.focus();
  });
}

function squareOf(target: EventTarget | null): HTMLInputElement | null {
  const label = target instanceof Element ? target.closest(".wg-squares label") : null;
  return label?.querySelector("input") ?? null;
}

const form = document.querySelector<HTMLElement>("[data-marking]");
if (form !== null) arrange(form);
