// What the reader has chosen. It lives in the page's address, so that a link
// shows another reader the same answer.

import { centreText, readCentre, type Circle } from "./circle.ts";

export type Language = "zh" | "en";

export interface Choice {
  year: number;
  minutes: number;
  profile: string; // "" leaves the choice to the server
  language: Language;
  table: boolean;
  seat: string; // adcode of the seat whose details are open, or ""
  airport: string; // id of the airport whose details are open, or ""
  circle: Circle | null; // drawn on the map
}

export const FIRST_YEAR = 2015;
export const LIMITS = [30, 45, 60, 90, 120];

/** The limit that the plan's target is stated for, in minutes. */
export const TARGET_MINUTES = 60;

/** Civil date of an instant in China (UTC+8 all year), as 2006-01-02. */
export function chinaDate(now: Date): string {
  return new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
}

export function currentYear(): number {
  return Number(chinaDate(new Date()).slice(0, 4));
}

/** The day that stands for a year: its last, or today in the current year. */
export function asOf(year: number): string {
  const today = chinaDate(new Date());
  return year >= Number(today.slice(0, 4)) ? today : `${year}-12-31`;
}

/** Reads a choice from the query part of an address; what is unusable is ignored. */
export function readChoice(search: string, languages: readonly string[]): Choice {
  const query = new URLSearchParams(search);
  const year = Number(query.get("year"));
  const minutes = Number(query.get("minutes"));
  return {
    year: Number.isInteger(year) && year >= FIRST_YEAR && year <= currentYear() ? year : currentYear(),
    minutes: LIMITS.includes(minutes) ? minutes : TARGET_MINUTES,
    profile: query.get("profile") ?? "",
    language: readLanguage(query.get("lang"), languages),
    table: query.get("view") === "table",
    seat: query.get("seat") ?? "",
    airport: query.get("airport") ?? "",
    circle: readCircle(query),
  };
}

function readCircle(query: URLSearchParams): Circle | null {
  const centre = readCentre(query.get("circle") ?? "");
  return centre && { centre, direction: query.get("direction") === "from" ? "from" : "to" };
}

function readLanguage(wanted: string | null, languages: readonly string[]): Language {
  if (wanted === "zh" || wanted === "en") return wanted;
  return languages.some((l) => l.toLowerCase().startsWith("zh")) && languages[0]?.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** The address of a choice, relative to the page. */
export function address(choice: Choice, change: Partial<Choice> = {}): string {
  const c = { ...choice, ...change };
  const query = new URLSearchParams();
  query.set("year", String(c.year));
  if (c.minutes !== TARGET_MINUTES) query.set("minutes", String(c.minutes));
  if (c.profile) query.set("profile", c.profile);
  query.set("lang", c.language);
  if (c.table) query.set("view", "table");
  if (c.seat) query.set("seat", c.seat);
  if (c.airport) query.set("airport", c.airport);
  if (c.circle) {
    query.set("circle", centreText(c.circle.centre));
    if (c.circle.direction === "from") query.set("direction", "from");
  }
  return `?${query}`;
}
