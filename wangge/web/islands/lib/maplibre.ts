// The one door to MapLibre: it has no default export, and never loads a map until it is told where its worker is.
import "maplibre-gl/dist/maplibre-gl.css";
import { setWorkerUrl } from "maplibre-gl";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";

setWorkerUrl(worker);

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
