// Scorecards: their look, the bars drawn from the table below them, and choices that need no second press.
import "./figures.css";
import "./overview.css";
import "./scorecards.css";
import { isDark } from "../../territory/islands/lib/palette";
import { drawBars } from "./lib/bars";

for (const frame of document.querySelectorAll<HTMLElement>("[data-bars]")) {
  const table = document.getElementById(frame.dataset.bars ?? "");
  if (table instanceof HTMLTableElement) drawBars(frame, table, isDark(frame));
}

for (const choice of document.querySelectorAll<HTMLSelectElement>("[data-submits]")) {
  choice.addEventListener("change", () => choice.form?.requestSubmit());
}
