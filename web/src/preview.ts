// A style by itself: the page of /styles/{id} draws its style with this.

import { Map as GLMap, NavigationControl, setWorkerUrl } from "maplibre-gl";

/** Draws the style whose address the element holds, and says on it when all is drawn. */
export function drawStyle(container: HTMLElement): void {
  const { document: style, worker, attribution } = container.dataset;
  if (!style || !worker) throw new Error("the page names no style");
  setWorkerUrl(worker);
  const map = new GLMap({ container, style, hash: true, attributionControl: { customAttribution: attribution ?? "" }, renderWorldCopies: false });
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.on("movestart", () => { container.dataset.idle = "false"; });
  map.on("idle", () => { container.dataset.idle = "true"; });
}
