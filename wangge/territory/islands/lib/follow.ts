import { isDark } from "./palette";

/** Redraw when the reader, the page or the system turns from light to dark. */
export function followTheme(frame: HTMLElement, redraw: () => void): void {
  let dark = isDark(frame);
  const look = (): void => {
    if (isDark(frame) === dark) return;
    dark = !dark;
    redraw();
  };
  new MutationObserver(look).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", look);
}
