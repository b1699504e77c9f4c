// The answer of the coverage process, in the form that the page shows.

export type Verdict = "met" | "not-met" | "uncertain";
export type SeatState = "covered" | "beyond" | "unreachable" | "not-snapped";

/** Shares are fractions 0..1; low and high are those at the slowest and fastest speed factor. */
export interface Metric {
  numerator: number;
  denominator: number;
  share: number;
  weighted: number | null;
  low: number;
  base: number;
  high: number;
  target: number | null;
  verdict: Verdict | null;
}

/** One seat with its evidence; minutes are null where no airport is reached. */
export interface Seat {
  adcode: string;
  id: string;
  nameZH: string;
  nameEN: string;
  province: string;
  state: SeatState;
  minutes: number | null;
  margin: number | null; // minutes left below the limit; negative beyond it
  facility: string;
  facilityZH: string;
  facilityEN: string;
  distanceKM: number | null;
  snapM: number | null;
  lon: number;
  lat: number;
}

export interface Province {
  adcode: string;
  nameZH: string;
  nameEN: string;
  numerator: number;
  denominator: number;
  share: number;
}

export interface Provenance {
  engine: string;
  network: string;
  networkVersion: string;
  networkKind: string;
  networkChoice: string;
  profile: string;
  datasets: { id: string; version: string }[];
  parameters: Record<string, unknown>;
  notes: string[];
  computedAt: string;
}

export interface Answer {
  metric: Metric;
  seats: Seat[];
  provinces: Province[];
  provenance: Provenance;
  document: unknown; // as the server sent it, for download
}

/** A place with a name in one or two languages. */
export interface Named { nameZH: string; nameEN: string }

type Row = Record<string, unknown>;

export const text = (v: unknown): string => (typeof v === "string" ? v : typeof v === "number" ? String(v) : "");
export const number = (v: unknown): number | null => (typeof v === "number" && Number.isFinite(v) ? v : null);
export const rows = (v: unknown): Row[] => (Array.isArray(v) ? (v as Row[]) : []);
export const record = (v: unknown): Row => (v && typeof v === "object" && !Array.isArray(v) ? (v as Row) : {});

/** Takes an output as it is or from its qualified form, {"value": ...}. */
export function output(document: Row, id: string): unknown {
  const v = document[id];
  const r = record(v);
  return "value" in r ? r.value : v;
}

/** Reads an execution response; throws when it holds no metric or evidence. */
export function readAnswer(document: unknown): Answer {
  const all = record(document);
  const metric = readMetric(record(output(all, "metric")));
  const features = rows(record(output(all, "evidence")).features);
  if (!metric) throw new Error("The answer has no metric.");
  return {
    metric,
    seats: features.map(readSeat),
    provinces: rows(output(all, "breakdown")).map(readProvince),
    provenance: readProvenance(record(output(all, "provenance"))),
    document,
  };
}

function readMetric(m: Row): Metric | null {
  const numerator = number(m.numerator);
  const denominator = number(m.denominator);
  if (numerator === null || denominator === null) return null;
  const share = number(m.share) ?? (denominator ? numerator / denominator : 0);
  const verdict = text(m.verdict);
  return {
    numerator, denominator, share,
    weighted: number(m.weighted_share),
    low: number(m.low) ?? share, base: number(m.base) ?? share, high: number(m.high) ?? share,
    target: readTarget(m.target),
    verdict: verdict === "met" || verdict === "not-met" || verdict === "uncertain" ? verdict : null,
  };
}

/** A target as a fraction: its share, or its value in the plan's own unit, mostly percent. */
export function readTarget(v: unknown): number | null {
  const r = record(v);
  const share = number(r.share);
  if (share !== null) return share;
  const value = number("value" in r ? r.value : v);
  return value !== null && (value > 1 || text(r.unit) === "percent") ? value / 100 : value;
}

/** An English name short enough for a label or a row. */
export function shortName(name: string): string {
  return name.replace(/ (Autonomous )?(Prefecture|League)$/, "");
}

/** A Chinese font draws the typographic apostrophe a whole square wide. */
export function plain(name: string): string {
  return name.replaceAll("\u2019", "'");
}

function readSeat(feature: Row): Seat {
  const p = record(feature.properties);
  const position = rows(record(feature.geometry).coordinates) as unknown as number[];
  const covered = p.covered === true;
  const state = text(p.state) as SeatState;
  return {
    adcode: text(p.adcode), id: text(feature.id) || text(p.id),
    nameZH: text(p.name_zh), nameEN: plain(text(p.name_en)) || text(p.name_zh),
    province: text(p.province_adcode) || text(p.province),
    state: state || (covered ? "covered" : "beyond"),
    minutes: number(p.minutes), margin: number(p.margin_minutes),
    facility: text(p.facility),
    facilityZH: text(p.facility_name_zh), facilityEN: text(p.facility_name_en),
    distanceKM: number(p.distance_km), snapM: number(p.snap_m),
    lon: position[0] ?? 0, lat: position[1] ?? 0,
  };
}

function readProvince(p: Row): Province {
  const numerator = number(p.numerator) ?? 0;
  const denominator = number(p.denominator) ?? 0;
  const nameZH = text(p.name_zh) || text(p.province);
  return {
    adcode: text(p.adcode) || text(p.province_adcode), nameZH, nameEN: text(p.name_en) || nameZH,
    numerator, denominator,
    share: number(p.share) ?? (denominator ? numerator / denominator : 0),
  };
}

/** Reads the provenance that every process gives. */
export function readProvenance(p: Row): Provenance {
  return {
    engine: text(p.engine), network: text(p.network), networkVersion: text(p.network_version), networkKind: text(p.network_kind),
    networkChoice: text(p.network_choice), profile: text(p.profile),
    datasets: rows(p.datasets).map((d) => ({ id: text(d.id), version: text(d.version) })),
    parameters: record(p.parameters),
    notes: Array.isArray(p.notes) ? p.notes.map(text) : [],
    computedAt: text(p.computed_at),
  };
}

/** Seats that fail, worst first: no way at all, then by minutes beyond the limit, then by code. */
export function failing(seats: Seat[]): Seat[] {
  return seats.filter((s) => s.state !== "covered").sort(byMiss);
}

/** Orders seats from the one that misses most to the one best served. */
export function byMiss(a: Seat, b: Seat): number {
  const miss = (s: Seat): number => (s.minutes === null ? Infinity : s.minutes);
  const [x, y] = [miss(a), miss(b)];
  return x === y ? a.adcode.localeCompare(b.adcode) : y - x;
}

/** How many more seats the target needs, at the base speed. */
export function seatsNeeded(m: Metric): number {
  return m.target === null ? 0 : Math.max(0, Math.ceil(m.target * m.denominator - 1e-9) - m.numerator);
}
