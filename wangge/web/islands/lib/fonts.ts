// Declares the web font; browsers fetch a slice of it only when a page needs a character no system font has.
import "@fontsource/noto-sans-sc/400.css";

/** Resolves when the web font can draw `text`; a canvas (charts, maps) draws boxes when it draws sooner. */
export async function readyToDraw(text: string): Promise<void> {
  await document.fonts.load('16px "Noto Sans SC"', text);
}
