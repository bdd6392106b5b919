import { expect, test } from "vitest";
import { readBars } from "./bars";

function table(html: string): HTMLTableElement {
  document.body.innerHTML = `<table>${html}</table>`;
  return document.querySelector("table") as HTMLTableElement;
}

test("a dash is nothing, and a row that is not shown has no bar", () => {
  const bars = readBars(
    table(
      "<thead><tr><th>Name</th><th data-bar>Score</th><th>Rate</th></tr></thead><tbody>" +
        "<tr><th>Lamps</th><td> 87.5 B</td><td>90 %</td></tr><tr><th>Water</th><td>–</td><td>–</td></tr>" +
        "<tr><th>Few</th><td colspan='2'>Fewer than five</td></tr></tbody>",
    ),
  );
  expect(bars).toEqual({ names: ["Lamps", "Water"], series: [{ name: "Score", numbers: [87.5, null] }] });
});
