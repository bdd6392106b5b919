// Two lines over thirty days, read from a table of the page: its first column names the day, the others the numbers.
import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

export interface Trend {
  days: string[];
  lines: { name: string; numbers: number[]; urls: string[] }[];
}

export function readTrend(table: HTMLTableElement): Trend {
  const rows = [...(table.tBodies[0]?.rows ?? [])];
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map(text);
  return {
    days: rows.map((row) => text(row.cells[0])),
    lines: heads.slice(1).map((name, index) => ({
      name,
      numbers: rows.map((row) => Number(text(row.cells[index + 1]))),
      urls: rows.map((row) => row.cells[index + 1]?.querySelector("a")?.getAttribute("href") ?? ""),
    })),
  };
}

function text(cell: Element | undefined): string {
  return cell?.textContent?.trim() ?? "";
}

export function drawTrend(frame: HTMLElement, table: HTMLTableElement, dark: boolean): void {
  const trend = readTrend(table);
  const quiet = dark ? "#a3afb3" : "#566267";
  const colours = dark ? ["#8b989d", "#5cc3cb"] : ["#8a979b", "#0d6b74"];
  frame.hidden = false;
  const chart = init(frame, null, { renderer: "svg" });
  chart.setOption({
    animation: false,
    color: colours,
    textStyle: { fontFamily: getComputedStyle(frame).fontFamily },
    grid: { left: 40, right: 16, top: 36, bottom: 28 },
    legend: { top: 0, left: 0, itemHeight: 8, textStyle: { color: quiet } },
    tooltip: { trigger: "axis" },
    xAxis: { type: "category", data: trend.days, axisLabel: { color: quiet }, axisLine: { lineStyle: { color: quiet } } },
    yAxis: { type: "value", minInterval: 1, axisLabel: { color: quiet }, splitLine: { lineStyle: { color: dark ? "#333c40" : "#dfe4e5" } } },
    series: trend.lines.map((line, index) => ({
      type: "line", name: line.name, data: line.numbers, symbol: index === 0 ? "circle" : "diamond", symbolSize: 6,
      lineStyle: { type: index === 0 ? "dashed" : "solid", width: 2 }, // two lines are told apart without colours
    })),
  });
  chart.on("click", ({ seriesIndex, dataIndex }) => {
    const url = trend.lines[seriesIndex ?? 0]?.urls[dataIndex];
    if (url) location.assign(url);
  });
  new ResizeObserver(() => chart.resize()).observe(frame);
}
