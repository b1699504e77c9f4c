// The map's style: paper, a graticule, roads, and the evidence. No boundary
// of any kind is drawn, and nothing comes from another host.

import type { LayerSpecification, StyleSpecification, ExpressionSpecification } from "maplibre-gl";
import { graticule } from "./graticule.ts";
import type { Language } from "./state.ts";

export const COLOURS = {
  paper: "#f6f3ea", ink: "#1e2b31", soft: "#5b6a70", graticule: "#e6e0d0",
  roadMinor: "#dcd4bf", roadMajor: "#c3b798", halo: "#fbf9f3", aircraft: "#44545e",
};

/** Layers whose features answer to the pointer. */
export const SEAT_LAYERS = ["seats-noway", "seats-failing", "seats-covered"];

// GL JS draws these on the reader's machine, since the style has no glyphs.
export const FONT = ["Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];

const EMPTY = { type: "FeatureCollection" as const, features: [] };

type Filter = ExpressionSpecification;

/** Size that grows with the zoom, from the whole country to one city. */
export function grow(country: number, city: number): ExpressionSpecification {
  return ["interpolate", ["exponential", 1.4], ["zoom"], 1.8, country * 0.75, 2.7, country, 10, city];
}

/** The same for letters, which have to stay legible on small screens too. */
export function written(country: number, city: number): ExpressionSpecification {
  return ["interpolate", ["linear"], ["zoom"], 3, country, 10, city];
}

function name(language: Language): ExpressionSpecification {
  return language === "zh" ? ["get", "zh"] : ["get", "en"];
}

const ROAD_LAYERS = ["roads-minor", "roads-major"] as const;

/** The roads that an answer rests on; "" is any network. */
export interface Searched { network: string; mode: string }

/** A filter for each road layer: its classes, in the network that was searched. */
export function roadFilters({ network, mode }: Searched): { id: string; filter: Filter }[] {
  const major: Filter = ["match", ["get", "class"], ["motorway", "motorway_link", "trunk", "trunk_link"], true, false];
  const ofMode: Filter = ["==", ["get", "mode"], mode];
  const ofNetwork: Filter = ["any", network === "", ["==", ["get", "network"], network]];
  return ROAD_LAYERS.map((id) => ({ id, filter: ["all", ofMode, ofNetwork, id === "roads-major" ? major : ["!", major]] }));
}

/** The whole style; language decides which names are written. */
export function style(language: Language): StyleSpecification {
  return {
    version: 8,
    name: "Quanyu airport coverage",
    sources: {
      graticule: { type: "geojson", data: graticule() },
      links: { type: "geojson", data: EMPTY },
      airports: { type: "geojson", data: EMPTY },
      seats: { type: "geojson", data: EMPTY },
    },
    layers: [
      { id: "paper", type: "background", paint: { "background-color": COLOURS.paper } },
      { id: "graticule", type: "line", source: "graticule", paint: { "line-color": COLOURS.graticule, "line-width": 1 } },
      ...links(), ...airports(), ...seats(), ...labels(language),
    ],
  };
}

/** The road layers; they come with their source, once its limits are known. */
export function roads(searched: Searched): LayerSpecification[] {
  return roadFilters(searched).map(({ id, filter }) => ({
    id, type: "line", source: "roads", "source-layer": "roads", filter,
    layout: { "line-join": "round" },
    paint: id === "roads-major"
      ? { "line-color": COLOURS.roadMajor, "line-width": grow(0.55, 2.6) }
      : { "line-color": COLOURS.roadMinor, "line-width": grow(0.35, 1.6) },
  }));
}

function links(): LayerSpecification[] {
  const layer = (id: string, filter: Filter, width: ExpressionSpecification, opacity: number): LayerSpecification => ({
    id, type: "line", source: "links", filter,
    layout: { "line-cap": "round" },
    paint: { "line-color": ["get", "colour"], "line-width": width, "line-opacity": opacity },
  });
  return [
    layer("links-covered", ["==", ["get", "state"], "covered"], grow(0.9, 2), 0.55),
    layer("links-failing", ["!=", ["get", "state"], "covered"], grow(1.1, 2.2), 0.8),
    layer("links-selected", ["==", ["get", "adcode"], ""], grow(2.4, 4), 1),
  ];
}

function airports(): LayerSpecification[] {
  return [{
    id: "airports", type: "symbol", source: "airports",
    layout: { "icon-image": "aircraft", "icon-size": grow(0.44, 1.05), "icon-allow-overlap": true, "icon-ignore-placement": true },
  }];
}

function seats(): LayerSpecification[] {
  const symbol = (id: string, filter: Filter, image: string): LayerSpecification => ({
    id, type: "symbol", source: "seats", filter,
    layout: {
      "icon-image": image, "icon-size": grow(0.6, 1.05), "icon-allow-overlap": true, "icon-ignore-placement": true,
      "symbol-sort-key": ["coalesce", ["get", "minutes"], 1e6],
    },
    paint: { "icon-color": ["get", "colour"], "icon-halo-color": COLOURS.halo, "icon-halo-width": 1.6 },
  });
  return [
    {
      id: "seats-covered", type: "circle", source: "seats", filter: ["==", ["get", "state"], "covered"],
      paint: {
        "circle-color": ["get", "colour"], "circle-radius": grow(3.8, 8),
        "circle-stroke-color": COLOURS.halo, "circle-stroke-width": grow(0.8, 1.6),
      },
    },
    symbol("seats-failing", ["==", ["get", "state"], "beyond"], "diamond"),
    symbol("seats-noway", ["in", ["get", "state"], ["literal", ["unreachable", "not-snapped"]]], "cross"),
    {
      id: "seat-selected", type: "circle", source: "seats", filter: ["==", ["get", "adcode"], ""],
      paint: { "circle-color": "rgba(0,0,0,0)", "circle-radius": grow(9, 16), "circle-stroke-color": COLOURS.ink, "circle-stroke-width": 2.2 },
    },
  ];
}

function labels(language: Language): LayerSpecification[] {
  const layer = (id: string, source: string, filter: Filter, size: ExpressionSpecification, colour: string, minzoom = 0): LayerSpecification => ({
    id, type: "symbol", source, filter, minzoom,
    layout: {
      "text-field": name(language), "text-font": FONT, "text-size": size, "text-padding": 3,
      "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 0.85, "text-justify": "auto",
      "symbol-sort-key": ["-", ["coalesce", ["get", "minutes"], 1e6]],
    },
    paint: { "text-color": colour, "text-halo-color": COLOURS.halo, "text-halo-width": 1.5 },
  });
  return [
    {
      id: "graticule-labels", type: "symbol", source: "graticule", filter: ["has", "label"],
      layout: { "text-field": ["get", "label"], "text-font": FONT, "text-size": 10 },
      paint: { "text-color": "#a1977d", "text-halo-color": COLOURS.paper, "text-halo-width": 2 },
    },
    layer("label-airports", "airports", ["has", "zh"], written(10, 12.5), COLOURS.soft, 6.5),
    layer("label-covered", "seats", ["==", ["get", "state"], "covered"], written(10.5, 15), COLOURS.soft, 5),
    layer("label-failing", "seats", ["!=", ["get", "state"], "covered"], written(11.5, 16), COLOURS.ink),
  ];
}
