// The one door to MapLibre: it has no default export, and never loads a map until it is told where its worker is.
import "maplibre-gl/dist/maplibre-gl.css";
import { prewarm, setWorkerUrl } from "maplibre-gl";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";

setWorkerUrl(worker);
// Whoever loads this draws a map: its worker starts while the page makes ready for it, not after the first empty picture.
prewarm();

export {
  AttributionControl,
  GeolocateControl,
  LngLatBounds,
  Map,
  Marker,
  NavigationControl,
  Popup,
  ScaleControl,
  addProtocol,
} from "maplibre-gl";
export type {
  ExpressionSpecification,
  FilterSpecification,
  GeoJSONSource,
  LngLatLike,
  MapGeoJSONFeature,
  MapLayerMouseEvent,
  MapMouseEvent,
  StyleSpecification,
  VectorTileSource,
} from "maplibre-gl";
