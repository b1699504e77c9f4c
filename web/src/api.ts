// The server's answers. All addresses are relative to the page, so that it
// also works below a path prefix.

import { circleRequest, readCircle, type Circle, type CircleAnswer } from "./circle.ts";
import { plain, readAnswer, readTarget, type Answer, type Named } from "./model.ts";
import { asOf, TARGET_MINUTES, type Choice } from "./state.ts";

export const TARGET_ID = "n22-airport-coverage";
const DEMAND = { collection: "seats", filter: "level = 'prefecture'", weight: "resident_population" };
const FACILITIES = { collection: "airports", filter: "kind = 'transport'" };

/** A refusal that the server explained, in words for the reader. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string; // the problem as a whole, where the message names faults
  constructor(status: number, message: string, title = "") {
    super(message);
    this.status = status;
    this.title = title;
  }
}

export interface Profiles { names: { name: string; title: string }[]; byDefault: string }

export interface Airport extends Named {
  id: string;
  iata: string;
  opened: string;
  closed: string;
  lon: number;
  lat: number;
}

type Row = Record<string, any>;

/** Reads JSON; problem details (RFC 9457) become a Problem with their own words. */
async function json(path: string, init: RequestInit = {}): Promise<Row> {
  const headers = { Accept: "application/json, application/geo+json;q=0.9, application/problem+json;q=0.8", ...init.headers };
  const response = await fetch(new URL(path, document.baseURI), { ...init, headers });
  const type = response.headers.get("content-type") ?? "";
  if (!type.includes("json")) throw new Problem(response.status, `${response.status} ${response.statusText}`.trim());
  const body = (await response.json()) as Row;
  if (!response.ok) throw new Problem(response.status, problemText(body, response.status), body.detail ?? "");
  return body;
}

function problemText(body: Row, status: number): string {
  const faults: Row[] = Array.isArray(body.errors) ? body.errors : [];
  if (!faults.length) return body.detail ?? body.title ?? `HTTP ${status}`;
  return faults.map(faultText).join(" · ");
}

/** One fault by the last name of its field: "profile: ... (car, bike)". */
function faultText(fault: Row): string {
  const field = String(fault.parameter ?? fault.pointer ?? "").split("/").pop();
  const allowed = Array.isArray(fault.allowed) ? ` (${fault.allowed.join(", ")})` : "";
  return `${field ? `${field}: ` : ""}${fault.detail}${allowed}`;
}

/** The body of the execution that answers a choice. */
export function request(choice: Choice): { inputs: Row } {
  const inputs: Row = { demand: DEMAND, facilities: FACILITIES, minutes: choice.minutes, as_of: asOf(choice.year) };
  if (choice.minutes === TARGET_MINUTES) inputs.target = TARGET_ID;
  if (choice.profile) inputs.profile = choice.profile;
  return { inputs };
}

/** Runs the coverage process. */
export async function coverage(choice: Choice, signal: AbortSignal): Promise<Answer> {
  return readAnswer(await execute("coverage", request(choice), signal));
}

/** Runs the commute-circle process; "" leaves the profile to the server. */
export async function commuteCircle(circle: Circle, profile: string, signal: AbortSignal): Promise<CircleAnswer> {
  return readCircle(await execute("commute-circle", circleRequest(circle, profile), signal));
}

function execute(process: string, body: { inputs: Row }, signal: AbortSignal): Promise<Row> {
  const headers = { "Content-Type": "application/json" };
  return json(`processes/${process}/execution`, { method: "POST", body: JSON.stringify(body), headers, signal });
}

/** The speed profiles that the process offers, from its own description. */
export async function profiles(): Promise<Profiles> {
  const schema: Row = (await json("processes/coverage?f=json")).inputs?.profile?.schema ?? {};
  const listed: Row[] = schema.oneOf ?? schema.anyOf ?? [];
  const names = (schema.enum as string[] | undefined)?.map((name) => ({ name, title: name }))
    ?? listed.filter((s) => typeof s.const === "string").map((s) => ({ name: s.const, title: s.title ?? s.const }));
  return { names, byDefault: schema.default ?? names[0]?.name ?? "" };
}

/** Transport airports, those opened later or closed since included. */
export async function airports(): Promise<Airport[]> {
  const query = new URLSearchParams({ limit: "10000", kind: "transport", f: "json" });
  const page = await json(`collections/airports/items?${query}`);
  return (page.features as Row[]).map((f) => ({
    id: String(f.id ?? f.properties.id), nameZH: f.properties.name_zh ?? "", nameEN: plain(f.properties.name_en ?? f.properties.name_zh ?? ""),
    iata: f.properties.iata ?? "", opened: f.properties.opened ?? "", closed: f.properties.closed ?? "",
    lon: f.geometry.coordinates[0], lat: f.geometry.coordinates[1],
  }));
}

/** The plan's target as a fraction, with the article that states it. */
export async function target(): Promise<{ share: number | null; article: number | null; quote: string }> {
  const { properties: p } = await json(`collections/targets/items/${TARGET_ID}?f=json`);
  return { share: readTarget({ value: p.value, unit: p.unit }), article: p.article ?? null, quote: p.quote_zh ?? "" };
}

/** How the road tiles are fetched, and what has to be said beside them. */
export interface RoadTiles {
  tiles: string[];
  minzoom: number;
  maxzoom: number;
  bounds: [number, number, number, number];
  attribution: string;
}

/** The road tileset by its TileJSON. Tiles outside its bounds and zooms are 404, so the map must know them. */
export async function roadTiles(): Promise<RoadTiles> {
  const t = await json("collections/roads/tiles/WebMercatorQuad?f=tilejson");
  return {
    tiles: t.tiles, minzoom: t.minzoom ?? 0, maxzoom: t.maxzoom ?? 14, bounds: t.bounds ?? [-180, -85, 180, 85],
    attribution: String(t.attribution ?? "").replace(/;\s*(审图号|not for publication).*$/, ""), // the page says that itself
  };
}

/** The number under which the operator's map was reviewed (审图号), or "". */
export async function reviewNumber(): Promise<string> {
  return String((await json("?f=json")).map_review_number ?? "");
}
