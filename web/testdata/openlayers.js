// Draws one tileset with OpenLayers, which reads it by the OGC's own document,
// and tells on the window how many features came. The address of the tileset
// and the projection of its grid are in the fragment.
import Map from "ol/Map.js";
import View from "ol/View.js";
import MVT from "ol/format/MVT.js";
import VectorTileLayer from "ol/layer/VectorTile.js";
import { transformExtent } from "ol/proj.js";
import OGCVectorTile from "ol/source/OGCVectorTile.js";

const [url, projection] = decodeURIComponent(location.hash.slice(1)).split(" ");
window.drawn = "";
const source = new OGCVectorTile({ url, projection, format: new MVT() });
const layer = new VectorTileLayer({ source });
const extent = transformExtent([74, 18, 135, 53], "EPSG:4326", projection);
const map = new Map({ target: "map", layers: [layer], view: new View({ projection, center: [0, 0], zoom: 1 }) });
map.getView().fit(extent);
const failed = [];
source.on("tileloaderror", () => failed.push("a tile failed"));
source.on("change", () => { if (source.getState() === "error") window.drawn = "error"; });
map.on("rendercomplete", () => {
  if (source.getState() !== "ready") return;
  const found = layer.getFeaturesInExtent(extent);
  const ids = new Set(found.map((f) => f.get("id")));
  const grid = source.getTileGrid();
  if (ids.size) window.drawn = JSON.stringify({ features: ids.size, failed: failed.length, zooms: grid.getMaxZoom() + 1 });
});
