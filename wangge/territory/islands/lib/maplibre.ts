// MapLibre comes through the one door of the web package, which tells it where its worker is.
export * from "../../../web/islands/lib/maplibre";
