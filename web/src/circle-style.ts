// The layers of a circle on the map: nested areas, the places reached, the
// centre and its way to the road. The rest of the map steps back meanwhile.

import type { FilterSpecification, GeoJSONSource, LayerSpecification, LngLatBoundsLike, Map as GLMap } from "maplibre-gl";
import type { Feature } from "geojson";
import type { CircleAnswer, Reached, Ring } from "./circle.ts";
import type { Words } from "./i18n.ts";
import { shortName } from "./model.ts";
import { CIRCLE, CIRCLE_OPACITY, shade } from "./ramp.ts";
import { COLOURS, FONT, grow, SEAT_LAYERS, written } from "./style.ts";

const SOURCES = ["circle-areas", "circle-places", "circle-centre"];
const OTHER_LABELS = ["label-airports", "label-covered", "label-failing"];
const FIRST_LAYER_ABOVE_AREAS = "links-covered";
const DIMMED = 0.35;

/** What is drawn: an answer around a point of the map. */
export interface Drawn { answer: CircleAnswer; lon: number; lat: number; id: string }

/** Draws circles; there is one at a time. */
export class CircleLayers {
  private readonly filters = new Map<string, FilterSpecification | void>();

  constructor(private readonly gl: GLMap) {
    for (const id of SOURCES) gl.addSource(id, { type: "geojson", data: collection([]) });
    for (const layer of areas()) gl.addLayer(layer, FIRST_LAYER_ABOVE_AREAS);
    for (const layer of airports()) gl.addLayer(layer, "airports");
    for (const layer of [...places(), ...centre()]) gl.addLayer(layer, "graticule-labels");
    gl.addLayer(labels());
    for (const id of OTHER_LABELS) this.filters.set(id, gl.getFilter(id));
  }

  /** Draws a circle, or takes it away. */
  show(drawn: Drawn | null, words: Words): void {
    const rings = drawn?.answer.rings ?? [];
    this.set("circle-areas", [...rings].reverse().flatMap(areaFeature));
    this.set("circle-places", drawn ? drawn.answer.places.filter((p) => p.id !== drawn.id).map((p) => placeFeature(p, rings, words)) : []);
    this.set("circle-centre", drawn ? centreFeatures(drawn) : []);
    this.stepBack(drawn);
  }

  /** What can be seen of the circle: minutes of its areas, then the number of places. */
  drawn(): string {
    const seen = (property: string, ...layers: string[]): unknown[] =>
      [...new Set(this.gl.queryRenderedFeatures({ layers }).map((f) => f.properties[property]))];
    const minutes = seen("minutes", "circle-fill").sort((a, b) => Number(a) - Number(b));
    return `areas ${minutes.join(",")} places ${seen("id", "circle-places", "circle-airports").length}`;
  }

  private set(source: string, features: Feature[]): void {
    (this.gl.getSource(source) as GeoJSONSource).setData(collection(features));
  }

  /** Pales the seats, hides their links, and leaves the names of places reached to the circle. */
  private stepBack(drawn: Drawn | null): void {
    const opacity = drawn ? DIMMED : 1;
    for (const id of ["links-covered", "links-failing", "links-selected"]) {
      this.gl.setLayoutProperty(id, "visibility", drawn ? "none" : "visible");
    }
    for (const id of SEAT_LAYERS) {
      const properties = this.gl.getLayer(id)?.type === "circle" ? ["circle-opacity", "circle-stroke-opacity"] : ["icon-opacity"];
      for (const property of properties) this.gl.setPaintProperty(id, property as "circle-opacity", opacity);
    }
    const named = drawn ? [drawn.id, ...drawn.answer.places.map((p) => p.id)] : [];
    for (const [id, filter] of this.filters) {
      this.gl.setFilter(id, ["all", filter ?? true, ["!", ["in", ["get", "id"], ["literal", named]]]] as FilterSpecification);
      this.gl.setPaintProperty(id, "text-opacity", drawn ? 0.6 : 1);
    }
  }
}

/** The part of the map that a circle takes: its largest area, or its places, with the centre. */
export function boundsOf({ answer, lon, lat }: Drawn): LngLatBoundsLike {
  const largest = answer.rings[answer.rings.length - 1]?.geometry;
  const points = largest ? largest.coordinates.flat(2) : answer.places.map((p) => [p.lon, p.lat]);
  let [west, south, east, north] = [lon, lat, lon, lat];
  for (const [x = lon, y = lat] of points) {
    [west, south, east, north] = [Math.min(west, x), Math.min(south, y), Math.max(east, x), Math.max(north, y)];
  }
  return [[west, south], [east, north]];
}

/** How many nested limits hold a time: the steps of its colour. */
export function layersOver(minutes: number, rings: Pick<Ring, "minutes">[]): number {
  return rings.filter((r) => minutes <= r.minutes).length;
}

function collection(features: Feature[]): GeoJSON.FeatureCollection {
  return { type: "FeatureCollection", features };
}

function areaFeature(ring: Ring): Feature[] {
  return ring.geometry ? [{ type: "Feature", geometry: ring.geometry, properties: { minutes: ring.minutes } }] : [];
}

function placeFeature(p: Reached, rings: Ring[], words: Words): Feature {
  const minutes = `${words.figure(p.minutes)} ${words.get("minutesUnit")}`;
  return {
    type: "Feature", geometry: { type: "Point", coordinates: [p.lon, p.lat] },
    properties: {
      id: p.id, collection: p.collection, minutes: p.minutes, label: `${shortName(words.name(p))} ${minutes}`,
      colour: shade(layersOver(p.minutes, rings), COLOURS.paper),
    },
  };
}

function centreFeatures({ answer, lon, lat }: Drawn): Feature[] {
  const point: Feature = { type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties: {} };
  if (!answer.snap.point) return [point];
  return [point, { type: "Feature", geometry: { type: "LineString", coordinates: [[lon, lat], answer.snap.point] }, properties: {} }];
}

function areas(): LayerSpecification[] {
  return [
    { id: "circle-fill", type: "fill", source: "circle-areas", paint: { "fill-color": CIRCLE, "fill-opacity": CIRCLE_OPACITY, "fill-antialias": false } },
    { id: "circle-outline", type: "line", source: "circle-areas", layout: { "line-join": "round" }, paint: { "line-color": CIRCLE, "line-width": grow(0.6, 1.4), "line-opacity": 0.85 } },
  ];
}

const RIM = { "circle-stroke-color": CIRCLE, "circle-stroke-width": 1.6 };

/** Each airport reached: an aircraft on a disc. It may have opened after the year that the page shows. */
function airports(): LayerSpecification[] {
  const at = { source: "circle-places", filter: ["==", ["get", "collection"], "airports"] as FilterSpecification };
  return [
    { id: "circle-airports", type: "circle", ...at, paint: { ...RIM, "circle-color": ["get", "colour"], "circle-radius": grow(6, 15) } },
    { id: "circle-aircraft", type: "symbol", ...at, layout: { "icon-image": "aircraft", "icon-size": grow(0.44, 1.05), "icon-allow-overlap": true, "icon-ignore-placement": true } },
  ];
}

function places(): LayerSpecification[] {
  return [{
    id: "circle-places", type: "circle", source: "circle-places", filter: ["!=", ["get", "collection"], "airports"],
    paint: { ...RIM, "circle-color": ["get", "colour"], "circle-radius": grow(4, 8) },
  }];
}

function centre(): LayerSpecification[] {
  return [
    { id: "circle-snap", type: "line", source: "circle-centre", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": COLOURS.ink, "line-width": 1.6, "line-dasharray": [2, 1.5] } },
    {
      id: "circle-centre", type: "circle", source: "circle-centre", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": COLOURS.halo, "circle-radius": grow(4, 6.5), "circle-stroke-color": COLOURS.ink, "circle-stroke-width": 3 },
    },
  ];
}

function labels(): LayerSpecification {
  return {
    id: "circle-labels", type: "symbol", source: "circle-places",
    layout: {
      "text-field": ["get", "label"], "text-font": FONT, "text-size": written(11, 13.5), "text-padding": 3,
      "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 1, "text-justify": "auto",
      "symbol-sort-key": ["get", "minutes"],
    },
    paint: { "text-color": COLOURS.ink, "text-halo-color": COLOURS.halo, "text-halo-width": 1.6 },
  };
}
