// A base map in one PMTiles file, read piece by piece; loaded only where an installation names one.
import { Protocol } from "pmtiles";
import { addProtocol } from "../../../../territory/islands/lib/maplibre";

export function readArchives(): void {
  addProtocol("pmtiles", new Protocol().tile);
}
