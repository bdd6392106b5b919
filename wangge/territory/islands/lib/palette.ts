// The colours of the map: calm, so that what lies on it is seen first. Meaning colours are not used for the ground.

export interface Palette {
  land: string;
  block: string;
  green: string;
  lawn: string;
  field: string;
  water: string;
  waterLine: string;
  building: string;
  buildingLine: string;
  casing: string;
  roads: readonly [string, string, string, string]; // arterial, secondary, branch, lane
  area: string;
  areaText: string;
  text: string;
  waterText: string;
  greenText: string;
  halo: string;
  open: string;
  closed: string;
  dotLine: string;
  late: string;
  amber: string;
  solids: readonly [string, string, string]; // buildings in 3D: low, middle, high
  chosen: string;
  facility: string;
}

export const LIGHT: Palette = {
  land: "#f3f2ec",
  block: "#eceae2",
  green: "#cde2bf",
  lawn: "#e1ead4",
  field: "#eceedd",
  water: "#b5d5e4",
  waterLine: "#98c0d3",
  building: "#dfdace",
  buildingLine: "#cfc9bb",
  casing: "#d0ccc0",
  roads: ["#fbe6ae", "#fdf3d3", "#ffffff", "#ffffff"],
  area: "#7b6fa3",
  areaText: "#6a5f92",
  text: "#4d5a5e",
  waterText: "#3f7891",
  greenText: "#4c7a45",
  halo: "#fbfaf6",
  open: "#0d6b74",
  closed: "#8a979b",
  dotLine: "#ffffff",
  late: "#b3261e",
  amber: "#b87700",
  solids: ["#e9e3d6", "#d9d3c6", "#b9c4cc"],
  chosen: "#e08a00",
  facility: "#5b6b8c",
};

export const DARK: Palette = {
  land: "#181d20",
  block: "#1d2326",
  green: "#21362a",
  lawn: "#1d2925",
  field: "#1b2321",
  water: "#15303d",
  waterLine: "#1e4253",
  building: "#272e32",
  buildingLine: "#333b40",
  casing: "#14181a",
  roads: ["#56503a", "#454438", "#363d41", "#30373a"],
  area: "#8f84bd",
  areaText: "#a79dd0",
  text: "#b4bfc2",
  waterText: "#7fb2c8",
  greenText: "#86b07f",
  halo: "#14191b",
  open: "#5cc3cb",
  closed: "#77858a",
  dotLine: "#14191b",
  late: "#f08a80",
  amber: "#e9b04d",
  solids: ["#34444d", "#456876", "#74b7c6"],
  chosen: "#ffc35c",
  facility: "#93a4cc",
};

/** Whether an element stands on a dark page: what the page says, else what the system wishes. */
export function isDark(element: Element): boolean {
  const said = element.closest("[data-bs-theme]")?.getAttribute("data-bs-theme");
  return said ? said === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
