// Bars for each row of a scorecard, read from the columns of its table that say data-bar.
import { BarChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

export interface Bars {
  names: string[];
  series: { name: string; numbers: (number | null)[] }[];
}

export function readBars(table: HTMLTableElement): Bars {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  const wanted = heads.flatMap((head, index) => ("bar" in head.dataset ? [index] : []));
  const rows = [...(table.tBodies[0]?.rows ?? [])].filter((row) => row.cells.length === heads.length);
  return {
    names: rows.map((row) => row.cells[0]?.textContent?.trim() ?? ""),
    series: wanted.map((index) => ({
      name: heads[index]?.textContent?.trim() ?? "",
      numbers: rows.map((row) => first(row.cells[index])),
    })),
  };
}

// A dash is nothing, not nought.
function first(cell: Element | undefined): number | null {
  const found = /^[\d.]+/.exec(cell?.textContent?.trim() ?? "");
  return found ? Number(found[0]) : null;
}

export function drawBars(frame: HTMLElement, table: HTMLTableElement, dark: boolean): void {
  const bars = readBars(table);
  if (!bars.names.length || bars.names.length > 40 || !bars.series.length) return;
  const quiet = dark ? "#a3afb3" : "#566267";
  frame.hidden = false;
  const chart = init(frame, null, { renderer: "svg" });
  chart.setOption({
    animation: false,
    color: dark ? ["#5cc3cb", "#8b989d", "#c8a3e0"] : ["#0d6b74", "#8a979b", "#7a4a99"],
    textStyle: { fontFamily: getComputedStyle(frame).fontFamily },
    grid: { left: 40, right: 16, top: 36, bottom: bars.names.length > 8 ? 72 : 28 },
    legend: { top: 0, left: 0, itemHeight: 8, textStyle: { color: quiet } },
    tooltip: { trigger: "axis" },
    xAxis: {
      type: "category", data: bars.names, axisLine: { lineStyle: { color: quiet } },
      axisLabel: { color: quiet, interval: 0, rotate: bars.names.length > 8 ? 40 : 0, width: 96, overflow: "truncate" },
    },
    yAxis: { type: "value", max: 100, axisLabel: { color: quiet }, splitLine: { lineStyle: { color: dark ? "#333c40" : "#dfe4e5" } } },
    series: bars.series.map((one) => ({ type: "bar", name: one.name, data: one.numbers, barMaxWidth: 28 })),
  });
  new ResizeObserver(() => chart.resize()).observe(frame);
}
