// A commute circle: what a centre reaches, or is reached from, within some
// minutes by road. What is asked for, and the answer of the process.

import type { Words } from "./i18n.ts";
import { number, output, plain, readProvenance, record, rows, text, type Named, type Provenance } from "./model.ts";

/** The limits that the page draws, in minutes. */
export const CIRCLE_LIMITS = [15, 30, 60];

/** How far around reached roads an area goes, in metres: wide enough to be seen where an hour fills the map. */
export const CIRCLE_DETAIL_M = 500;

/** A feature by collection and id, or a position in degrees. */
export type Centre = { collection: "seats" | "airports"; id: string } | { lon: number; lat: number };

/** to: trips to the centre; from: trips from it. */
export type Direction = "to" | "from";

export interface Circle { centre: Centre; direction: Direction }

/** What one limit reaches; null is not known, as all areas and lengths on modelled roads. */
export interface Ring {
  minutes: number;
  areaKM2: number | null;
  roadKM: number | null;
  population: number | null;
  standIn: number | null; // of the population, counted at the seat of the division above
  places: number;
  geometry: GeoJSON.MultiPolygon | null;
}

export interface Reached extends Named { collection: string; id: string; minutes: number; lon: number; lat: number }

/** Where the centre met the road. */
export interface Snap { distanceM: number | null; accessSeconds: number | null; point: [number, number] | null; passedIsland: boolean }

export interface CircleAnswer {
  rings: Ring[]; // by rising minutes
  places: Reached[]; // by rising minutes
  snap: Snap;
  indicative: boolean; // computed on modelled roads
  provenance: Provenance;
  document: Record<string, unknown>; // as the server sent it, for download
}

/** A centre as the page's address has it: seats/seat-510100, or 104.07,30.66. */
export function centreText(c: Centre): string {
  return "id" in c ? `${c.collection}/${c.id}` : `${c.lon},${c.lat}`;
}

/** Reads a centre from an address; null for what is none. */
export function readCentre(written: string): Centre | null {
  const feature = /^(seats|airports)\/(.+)$/.exec(written);
  if (feature) return { collection: feature[1] as "seats" | "airports", id: feature[2]! };
  const position = /^(-?[\d.]+),(-?[\d.]+)$/.exec(written);
  const [lon, lat] = [Number(position?.[1]), Number(position?.[2])];
  return position && Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? { lon, lat } : null;
}

/** A position to five decimals, a metre or so, which is as well as a hand can point. */
export function positionAt(lon: number, lat: number): Centre {
  return { lon: Number(lon.toFixed(5)), lat: Number(lat.toFixed(5)) };
}

/** A position in words, for a title. */
export function positionName(lon: number, lat: number, words: Words): string {
  const degrees = (v: number, positive: string, negative: string): string => `${Math.abs(v).toFixed(3)}°${v < 0 ? negative : positive}`;
  return words.pick(`${degrees(lat, "N", "S")} ${degrees(lon, "E", "W")}`, `${degrees(lon, "E", "W")} ${degrees(lat, "N", "S")}`);
}

/** The body of the execution that draws a circle. */
export function circleRequest({ centre, direction }: Circle, profile: string): { inputs: Record<string, unknown> } {
  const point = "id" in centre ? { feature: { collection: centre.collection, id: centre.id } } : { lon: centre.lon, lat: centre.lat };
  return { inputs: { centre: point, minutes: CIRCLE_LIMITS, direction, detail_m: CIRCLE_DETAIL_M, ...(profile && { profile }) } };
}

/** Reads an execution response; throws when it holds no circle. */
export function readCircle(document: unknown): CircleAnswer {
  const all = record(document);
  const circles = rows(record(output(all, "circles")).features);
  if (!circles.length) throw new Error("The answer has no circle.");
  const snap = record(output(all, "snap"));
  const place = rows(record(output(all, "places")).features).map(readReached);
  return {
    rings: circles.map(readRing).sort((a, b) => a.minutes - b.minutes),
    places: place.sort((a, b) => a.minutes - b.minutes || a.id.localeCompare(b.id)),
    snap: {
      distanceM: number(snap.distance_m), accessSeconds: number(snap.access_seconds),
      point: Array.isArray(snap.point) ? (snap.point as [number, number]) : null, passedIsland: snap.passed_island === true,
    },
    indicative: circles.some((c) => record(c.properties).indicative === true),
    provenance: readProvenance(record(output(all, "provenance"))),
    document: all,
  };
}

function readRing(feature: Record<string, unknown>): Ring {
  const p = record(feature.properties);
  return {
    minutes: number(p.minutes) ?? 0, areaKM2: number(p.area_km2), roadKM: number(p.reached_road_km),
    population: number(p.population), standIn: number(p.population_stand_in), places: number(p.places) ?? 0,
    geometry: (feature.geometry as GeoJSON.MultiPolygon | null) ?? null,
  };
}

function readReached(feature: Record<string, unknown>): Reached {
  const p = record(feature.properties);
  const [lon, lat] = (record(feature.geometry).coordinates as number[] | undefined) ?? [];
  return {
    collection: text(p.collection), id: text(feature.id), minutes: number(p.minutes) ?? 0,
    nameZH: text(p.name_zh), nameEN: plain(text(p.name_en)) || text(p.name_zh), lon: lon ?? 0, lat: lat ?? 0,
  };
}

/** The circles and the places reached as one GeoJSON document, with where they come from beside them. */
export function circleGeoJSON(answer: CircleAnswer): Record<string, unknown> {
  const features = ["circles", "places"].flatMap((id) => rows(record(output(answer.document, id)).features));
  return { type: "FeatureCollection", features, provenance: output(answer.document, "provenance") };
}
