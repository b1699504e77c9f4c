// One seat or airport: the card on the map, and the tip under the pointer.

import type { Airport } from "./api.ts";
import type { Centre } from "./circle.ts";
import { h } from "./dom.ts";
import type { Words } from "./i18n.ts";
import type { Named, Seat } from "./model.ts";
import { colourOf } from "./ramp.ts";

/** The name of the airport that a seat is linked to. */
export function airportName(s: Seat, airport: Airport | undefined, words: Words): string {
  if (airport) return words.name(airport) + (airport.iata ? ` (${airport.iata})` : "");
  return words.pick(s.facilityEN || s.facilityZH, s.facilityZH) || s.facility || "–";
}

/** The open airport nearest to a seat by air, with the kilometres. */
export function nearestByAir(s: Seat, open: Airport[]): { airport: Airport; km: number } | null {
  let found: { airport: Airport; km: number } | null = null;
  for (const airport of open) {
    const km = greatCircleKM(s.lon, s.lat, airport.lon, airport.lat);
    if (!found || km < found.km) found = { airport, km };
  }
  return found;
}

/** Distance on a sphere of the earth's mean radius, 6371.0088 km (haversine formula). */
function greatCircleKM(lon1: number, lat1: number, lon2: number, lat2: number): number {
  const rad = Math.PI / 180;
  const half = (d: number): number => Math.sin((d * rad) / 2) ** 2;
  const a = half(lat2 - lat1) + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * half(lon2 - lon1);
  return 2 * 6371.0088 * Math.asin(Math.sqrt(Math.min(1, a)));
}

/** What the card shows of a seat besides the seat itself. */
export interface Surroundings { linked: Airport | undefined; open: Airport[]; province: Named | undefined; limit: number }

/** Called with the place whose circle is asked for. */
export type AskCircle = (centre: Centre) => void;

/** The card with everything known of a seat, and a way to its record. */
export function seatCard(s: Seat, { linked, open, province, limit }: Surroundings, circle: AskCircle, words: Words): HTMLElement {
  const facts: [string, string][] = [];
  if (s.facility) facts.push([words.get("airport"), airportName(s, linked, words)]);
  const air = nearestByAir(s, open);
  // Another airport nearer by air shows where the road network may have a gap.
  if (air && air.airport.id !== s.facility) {
    facts.push([words.pick("Nearest by air", "直线最近"), `${airportName(s, air.airport, words)}, ${words.figure(air.km)} km`]);
  }
  if (s.distanceKM !== null) facts.push([words.pick("By road", "公路里程"), `${words.figure(s.distanceKM, 1)} km`]);
  if (s.snapM !== null) facts.push([words.get("toTheRoad"), `${words.figure(s.snapM)} m`]);
  facts.push([words.get("code"), s.adcode]);
  return h("div", {},
    h("p", { class: "card-title" }, h("b", {}, words.name(s)), " ", h("small", {}, [other(s, words), province && words.name(province)].filter(Boolean).join(" · "))),
    minutesLine(s, limit, words),
    h("dl", {}, ...facts.flatMap(([k, v]) => [h("dt", {}, k), h("dd", {}, v)])),
    actions({ collection: "seats", id: s.id }, circle, words));
}

/** The card of an airport. */
export function airportCard(a: Airport, circle: AskCircle, words: Words): HTMLElement {
  const facts: [string, string][] = [["IATA", a.iata], [words.pick("Opened", "启用"), a.opened && words.date(a.opened)]];
  return h("div", {},
    h("p", { class: "card-title" }, h("b", {}, words.name(a))),
    h("dl", {}, ...facts.filter(([, v]) => v).flatMap(([k, v]) => [h("dt", {}, k), h("dd", {}, v)])),
    actions({ collection: "airports", id: a.id }, circle, words));
}

/** What can be done with a place: draw its circle, or read its record. */
function actions(centre: { collection: "seats" | "airports"; id: string }, circle: AskCircle, words: Words): HTMLElement {
  const button = h("button", { type: "button", class: "card-circle" }, words.get("circle"));
  button.addEventListener("click", () => circle(centre));
  const record = h("a", { href: `collections/${centre.collection}/items/${encodeURIComponent(centre.id)}` }, words.get("record"));
  return h("p", { class: "card-links" }, button, record);
}

/** The name in the language that the page is not in. */
function other(s: Seat, words: Words): string {
  const name = words.pick(s.nameZH, s.nameEN);
  return name === words.name(s) ? "" : name;
}

function minutesLine(s: Seat, limit: number, words: Words): HTMLElement {
  const line = h("p", { class: "card-minutes" });
  line.style.setProperty("--colour", colourOf(s, limit));
  if (s.minutes === null) {
    line.append(h("b", {}, words.state(s.state)));
    return line;
  }
  const over = s.minutes - limit;
  const margin = over > 0
    ? words.pick(`${words.figure(over)} over the limit`, `超出 ${words.figure(over)} 分钟`)
    : words.pick(`${words.figure(-over)} to spare`, `余 ${words.figure(-over)} 分钟`);
  line.append(h("b", {}, words.figure(s.minutes)), ` ${words.get("minutesUnit")}`, h("span", {}, margin));
  return line;
}

/** A line under the pointer, of an airport. */
export function airportTip(a: Airport, words: Words): HTMLElement {
  return h("div", {}, h("b", {}, words.name(a)), a.iata && ` ${a.iata}`);
}

/** A line under the pointer, of a seat. */
export function seatTip(s: Seat, words: Words): HTMLElement {
  const minutes = s.minutes === null ? words.state(s.state) : `${words.figure(s.minutes)} ${words.get("minutesUnit")}`;
  return h("div", {}, h("b", {}, words.name(s)), ` ${minutes}`);
}
