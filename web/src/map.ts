// The map: shows an answer, and tells which place the reader points at.

import { Map as GLMap, NavigationControl, ScaleControl, Popup, setWorkerUrl, type GeoJSONSource, type LngLatBoundsLike } from "maplibre-gl";
import type { Feature, FeatureCollection } from "geojson";
import type { Airport, RoadTiles } from "./api.ts";
import { boundsOf, CircleLayers, type Drawn } from "./circle-style.ts";
import type { Words } from "./i18n.ts";
import { icons } from "./icons.ts";
import { shortName, type Answer, type Provenance, type Seat } from "./model.ts";
import { PointPicker } from "./pick.ts";
import { colourOf } from "./ramp.ts";
import { COLOURS, roadFilters, roads, SEAT_LAYERS, style, type Searched } from "./style.ts";

const CHINA: LngLatBoundsLike = [[74.5, 17.5], [136.5, 53.5]];
const FIRST_LAYER_ABOVE_ROADS = "circle-fill";
const CLOSE_UP = 7.2;
const LABEL_ROOM = 72; // px around outermost places

export interface Padding { top: number; bottom: number; left: number; right: number }

/** A seat by adcode or an airport by id. */
export interface Pointed { kind: "seat" | "airport"; id: string }

export interface MapEvents {
  select(found: Pointed): void;
  deselect(): void;
  hover(found: Pointed): HTMLElement | null;
}

export class CoverageMap {
  readonly gl: GLMap;
  readonly picker: PointPicker;
  private readonly ready: Promise<void>;
  private readonly tip = new Popup({ closeButton: false, closeOnClick: false, className: "tip", offset: 12, maxWidth: "260px" });
  private readonly card = new Popup({ closeButton: true, closeOnClick: false, className: "card", offset: 16, maxWidth: "300px", focusAfterOpen: false });
  private closing = false;
  private searched: Searched = { network: "", mode: "car" }; // by the answer
  private circled: Searched | null = null; // by the circle, while there is one
  private circles: CircleLayers | null = null;

  constructor(container: HTMLElement, words: Words, padding: Padding, private readonly events: MapEvents) {
    setWorkerUrl(new URL("worker.js", document.baseURI).href);
    this.gl = new GLMap({
      container, style: style(words.language),
      minZoom: 2, maxZoom: 13, dragRotate: false, pitchWithRotate: false, touchPitch: false,
      renderWorldCopies: false, attributionControl: {}, locale: controls(words),
    });
    this.gl.touchZoomRotate.disableRotation();
    this.gl.setPadding(padding);
    this.gl.fitBounds(CHINA, { animate: false });
    this.gl.addControl(new NavigationControl({ showCompass: false }), "top-right");
    this.gl.addControl(new ScaleControl({ maxWidth: 110 }), "bottom-right");
    this.ready = new Promise((resolve) => this.gl.once("style.load", () => { this.addIcons(); this.circles = new CircleLayers(this.gl); resolve(); }));
    this.picker = new PointPicker(this.gl);
    this.listen();
  }

  private addIcons(): void {
    for (const { name, image, sdf } of icons(COLOURS.aircraft, COLOURS.halo)) {
      this.gl.addImage(name, image, { sdf, pixelRatio: 2 });
    }
  }

  private listen(): void {
    this.gl.on("click", (event) => {
      if (this.picker.take(event.lngLat)) return;
      const found = this.placeAt(event.point);
      if (found) this.events.select(found);
      else this.events.deselect();
    });
    this.gl.on("mousemove", (event) => this.point(this.placeAt(event.point), event.lngLat));
    this.gl.on("mouseout", () => this.point(null, null));
    this.gl.on("movestart", () => this.tellView(false));
    this.gl.on("idle", () => this.tellView(true));
    this.card.on("close", () => { if (!this.closing) this.events.deselect(); });
  }

  /** Says on the map's element where it looks and whether all is drawn, for whoever drives the page. */
  private tellView(idle: boolean): void {
    const { lng, lat } = this.gl.getCenter();
    const data = this.gl.getContainer().dataset;
    data.view = [lng.toFixed(4), lat.toFixed(4), this.gl.getZoom().toFixed(2)].join(",");
    data.circle = idle ? this.circles?.drawn() ?? "" : "";
    data.idle = String(idle);
  }

  /** The seat, else the airport, within a finger's width of a point of the screen. */
  private placeAt(point: { x: number; y: number }): Pointed | null {
    const reach = matchMedia("(pointer: coarse)").matches ? 14 : 6;
    const box: [[number, number], [number, number]] = [[point.x - reach, point.y - reach], [point.x + reach, point.y + reach]];
    const within = (layers: string[]) => this.gl.queryRenderedFeatures(box, { layers: layers.filter((id) => this.gl.getLayer(id)) })[0]?.properties;
    const seat = within(SEAT_LAYERS);
    if (seat) return { kind: "seat", id: String(seat.adcode) };
    const airport = within(["airports"]);
    return airport ? { kind: "airport", id: String(airport.id) } : null;
  }

  private point(found: Pointed | null, at: { lng: number; lat: number } | null): void {
    this.gl.getCanvas().style.cursor = found ? "pointer" : "";
    const content = found && at ? this.events.hover(found) : null;
    if (content && at) this.tip.setLngLat(at).setDOMContent(content).addTo(this.gl);
    else this.tip.remove();
  }

  /** Draws an answer with the airports that were open at its date. */
  async show(answer: Answer, airports: Airport[], limit: number): Promise<void> {
    await this.ready;
    const byId = new Map(airports.map((a) => [a.id, a]));
    this.source("seats").setData(collection(answer.seats.map((s) => seatFeature(s, limit))));
    this.source("links").setData(collection(answer.seats.flatMap((s) => link(s, byId.get(s.facility), limit))));
    this.source("airports").setData(collection(airports.map(airportFeature)));
    this.searched = searchedBy(answer.provenance);
    this.filterRoads();
  }

  private filterRoads(): void {
    if (!this.gl.getSource("roads")) return;
    for (const { id, filter } of roadFilters(this.circled ?? this.searched)) this.gl.setFilter(id, filter);
  }

  /** Draws a circle on the roads it was searched on, or takes it away; fit moves the map there. */
  async showCircle(drawn: Drawn | null, words: Words, fit: boolean): Promise<void> {
    await this.ready;
    this.circles?.show(drawn, words);
    this.circled = drawn && searchedBy(drawn.answer.provenance);
    this.filterRoads();
    if (drawn && fit) this.gl.fitBounds(boundsOf(drawn), { padding: drawn.answer.indicative ? LABEL_ROOM : 24, maxZoom: 12 });
  }

  /** Draws the roads below everything else that was measured on them. */
  async showRoads(source: RoadTiles): Promise<void> {
    await this.ready;
    if (this.gl.getSource("roads")) return;
    this.gl.addSource("roads", { type: "vector", ...source });
    for (const layer of roads(this.circled ?? this.searched)) this.gl.addLayer(layer, FIRST_LAYER_ABOVE_ROADS);
  }

  private source(id: string): GeoJSONSource {
    return this.gl.getSource(id) as GeoJSONSource;
  }

  /** Writes names in another language. */
  async speak({ language }: Words): Promise<void> {
    await this.ready;
    for (const id of ["label-airports", "label-covered", "label-failing"]) {
      this.gl.setLayoutProperty(id, "text-field", ["get", language]);
    }
  }

  /** Marks a seat, opens its details and, when asked, flies there, near enough to see its airport too. */
  async select(seat: Seat, airport: Airport | undefined, content: HTMLElement, fly: boolean): Promise<void> {
    await this.openCard(seat, content);
    this.mark(seat.adcode);
    if (fly) this.gl.flyTo({ center: [seat.lon, seat.lat], zoom: this.zoomFor(seat, airport), speed: 1.6 });
  }

  /** Opens details at a place. */
  async openCard({ lon, lat }: { lon: number; lat: number }, content: HTMLElement): Promise<void> {
    await this.ready;
    this.mark("");
    this.tip.remove();
    this.closing = true;
    this.card.setLngLat([lon, lat]).setDOMContent(content).addTo(this.gl);
    this.closing = false;
  }

  private zoomFor(seat: Seat, airport: Airport | undefined): number {
    if (!airport) return CLOSE_UP;
    const [dx, dy] = [Math.abs(seat.lon - airport.lon), Math.abs(seat.lat - airport.lat)];
    const around: LngLatBoundsLike = [[seat.lon - dx, seat.lat - dy], [seat.lon + dx, seat.lat + dy]];
    return this.gl.cameraForBounds(around, { padding: 40, maxZoom: CLOSE_UP })?.zoom ?? CLOSE_UP;
  }

  /** Takes the mark away and closes the details. */
  async clear(): Promise<void> {
    await this.ready;
    this.mark("");
    this.closing = true;
    this.card.remove();
    this.closing = false;
  }

  private mark(adcode: string): void {
    for (const id of ["seat-selected", "links-selected"]) this.gl.setFilter(id, ["==", ["get", "adcode"], adcode]);
  }

  /** Shows all of some seats; the whole country when there are none. */
  fit(seats: Seat[]): void {
    if (!seats.length) {
      this.gl.fitBounds(CHINA);
      return;
    }
    const lons = seats.map((s) => s.lon), lats = seats.map((s) => s.lat);
    this.gl.fitBounds([[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]], { padding: 56, maxZoom: 7.5 });
  }

  /** Keeps the middle of the map clear of the panel. The same padding again would end a flight under way. */
  pad(padding: Padding): void {
    const now = this.gl.getPadding();
    if ((Object.keys(padding) as (keyof Padding)[]).some((side) => padding[side] !== now[side])) this.gl.setPadding(padding);
  }
}

/** The map library's own words. */
function controls(words: Words): Record<string, string> {
  return {
    "Map.Title": words.get("mapLabel"), "Popup.Close": words.get("close"),
    "NavigationControl.ZoomIn": words.pick("Zoom in", "放大"), "NavigationControl.ZoomOut": words.pick("Zoom out", "缩小"),
  };
}

/** The roads that an answer rests on. */
function searchedBy(p: Provenance): Searched {
  const { mode } = p.parameters;
  return { network: p.network, mode: typeof mode === "string" ? mode : "car" };
}

function collection(features: Feature[]): FeatureCollection {
  return { type: "FeatureCollection", features };
}

function seatFeature(s: Seat, limit: number): Feature {
  return {
    type: "Feature", geometry: { type: "Point", coordinates: [s.lon, s.lat] },
    properties: { id: s.id, adcode: s.adcode, zh: s.nameZH, en: shortName(s.nameEN), state: s.state, minutes: s.minutes, colour: colourOf(s, limit) },
  };
}

function link(s: Seat, airport: Airport | undefined, limit: number): Feature[] {
  if (!airport || s.minutes === null) return [];
  return [{
    type: "Feature", geometry: { type: "LineString", coordinates: [[s.lon, s.lat], [airport.lon, airport.lat]] },
    properties: { adcode: s.adcode, state: s.state, colour: colourOf(s, limit) },
  }];
}

function airportFeature(a: Airport): Feature {
  return {
    type: "Feature", geometry: { type: "Point", coordinates: [a.lon, a.lat] },
    properties: { id: a.id, zh: a.nameZH || a.iata, en: a.nameEN || a.iata },
  };
}
