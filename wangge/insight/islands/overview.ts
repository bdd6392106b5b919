// The overview: its look, and the chart of the trend drawn from the table below it.
import "./figures.css";
import "./overview.css";
import { isDark } from "../../territory/islands/lib/palette";
import { drawTrend } from "./lib/trend";

for (const frame of document.querySelectorAll<HTMLElement>("[data-trend]")) {
  const table = document.getElementById(frame.dataset.trend ?? "");
  if (table instanceof HTMLTableElement) drawTrend(frame, table, isDark(frame));
}
