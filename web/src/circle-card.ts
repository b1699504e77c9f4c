// What is said of a circle beside the map: figures for each limit, where the
// centre met the road, what was reached, and what all of it rests on.

import { Problem } from "./api.ts";
import { CIRCLE_DETAIL_M, CIRCLE_LIMITS, circleGeoJSON, type Circle, type CircleAnswer, type Direction, type Ring, type Snap } from "./circle.ts";
import { layersOver } from "./circle-style.ts";
import { h } from "./dom.ts";
import { datasets, download, networkLabel } from "./evidence.ts";
import type { Words } from "./i18n.ts";
import { CIRCLE, shade } from "./ramp.ts";

const CARD = "#fffdf8"; // the ground of swatches

/** What the card shows: an answer, a problem, or that it waits for one. */
export interface CircleState { circle: Circle; name: string; answer: CircleAnswer | null; problem: unknown }

export interface CardEvents { close(): void; turn(direction: Direction): void; retry(): void }

/** Fills the card; the focus stays on the control that has it. */
export function showCircle(card: HTMLElement, state: CircleState, events: CardEvents, words: Words): void {
  const focused = card.contains(document.activeElement) ? document.activeElement!.id : "";
  const waiting = !state.answer && !state.problem;
  card.setAttribute("aria-busy", String(waiting));
  card.setAttribute("aria-label", words.get("circle"));
  card.replaceChildren(
    head(state, events, words),
    directions(state.circle.direction, events, words),
    waiting ? h("p", { class: "circle-wait" }, words.get("loading")) : "",
    state.problem ? trouble(state.problem, events, words) : "",
    ...(state.answer ? findings(state.answer, state.name, words) : []));
  if (focused) document.getElementById(focused)?.focus();
}

function head(state: CircleState, events: CardEvents, words: Words): HTMLElement {
  const close = h("button", { type: "button", id: "circle-close", "aria-label": words.get("close"), title: words.get("close") }, "×");
  close.addEventListener("click", () => events.close());
  return h("header", {}, h("h2", { tabindex: "-1", id: "circle-title" }, h("small", {}, words.get("circle")), " ", h("b", {}, state.name)), close);
}

function directions(chosen: Direction, events: CardEvents, words: Words): HTMLElement {
  const choice = (direction: Direction, label: string): HTMLElement => {
    const radio = h("input", { type: "radio", name: "circle-direction", id: `circle-${direction}`, value: direction, checked: direction === chosen });
    radio.addEventListener("change", () => events.turn(direction));
    return h("label", {}, radio, h("span", {}, label));
  };
  return h("fieldset", { class: "circle-direction" }, h("legend", { class: "hidden" }, words.pick("Direction", "方向")),
    choice("to", words.pick("Trips to it", "到这里")), choice("from", words.pick("Trips from it", "从这里出发")));
}

/** The answer in a sentence, for those who listen. */
export function spoken(answer: CircleAnswer | null, name: string, words: Words): string {
  const last = answer?.rings[answer.rings.length - 1];
  if (!last) return "";
  return words.pick(
    `${name}: within ${last.minutes} minutes ${last.places} places${last.population === null ? "" : `, ${words.figure(last.population)} residents`}.`,
    `${name}：${last.minutes} 分钟内可达地点 ${last.places} 个${last.population === null ? "" : `，常住人口 ${words.figure(last.population)}`}。`);
}

function trouble(problem: unknown, events: CardEvents, words: Words): HTMLElement {
  const retry = h("button", { type: "button", class: "link" }, words.get("retry"));
  retry.addEventListener("click", () => events.retry());
  if (!(problem instanceof Problem)) return h("div", { class: "problem", role: "alert" }, words.get("offline"), " ", retry);
  const lead = /not-snapped/.test(problem.title)
    ? words.pick("Not on the road network", "未接入路网")
    : words.get("failed");
  const again = problem.status >= 500 && retry; // the same request would be refused again
  return h("div", { class: "problem", role: "alert" }, h("b", {}, lead), ": ", problem.message, " ", again);
}

function findings(answer: CircleAnswer, name: string, words: Words): HTMLElement[] {
  const note = answer.indicative ? [indicative(words)] : [];
  return [...note, table(answer, words), ...method(answer, words), ...standIn(answer, words), snap(answer.snap, words), places(answer, words), source(answer, name, words)];
}

function indicative(words: Words): HTMLElement {
  return h("p", { class: "circle-indicative" }, h("b", {}, words.get("indicative")), " ", words.pick(
    "The shipped roads are a model: places reached are coloured by minutes, no area or road length is given. Import a road file for both.",
    "自带路网为模型：只按分钟为可达地点着色，不给出面积与里程。导入道路文件后可得。"));
}

function table(answer: CircleAnswer, words: Words): HTMLElement {
  const columns: [string, (r: Ring) => string][] = [
    [words.pick("Area km²", "面积 km²"), (r) => words.figure(r.areaKM2, digits(r.areaKM2))],
    [words.pick("Roads km", "道路 km"), (r) => words.figure(r.roadKM, digits(r.roadKM))],
    [words.pick("Residents", "常住人口"), (r) => words.figure(r.population)],
    [words.pick("Places", "地点"), (r) => words.figure(r.places)],
  ];
  const shown = answer.indicative ? columns.slice(2) : columns;
  const cells = (r: Ring): HTMLElement[] => shown.map(([, of]) => h("td", {}, of(r)));
  return h("table", { class: "circle-table" },
    h("caption", { class: "hidden" }, words.pick("Within each limit", "各时限以内")),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, words.pick("Within", "时限")), ...shown.map(([title]) => h("th", { scope: "col" }, title)))),
    h("tbody", {}, ...answer.rings.map((r) => h("tr", { "data-minutes": String(r.minutes) },
      h("th", { scope: "row" }, swatch(r.minutes, answer.rings), `${r.minutes} ${words.get("minutesUnit")}`), ...cells(r)))));
}

/** One decimal where there are few. */
function digits(v: number | null): number {
  return v !== null && v < 100 ? 1 : 0;
}

/** The colour of a limit, as it lies on the map. */
export function swatch(minutes: number, rings: Pick<Ring, "minutes">[]): HTMLElement {
  const mark = h("span", { class: "swatch ring", "aria-hidden": "true" });
  mark.style.setProperty("--colour", shade(layersOver(minutes, rings), CARD));
  mark.style.setProperty("--rim", CIRCLE);
  return mark;
}

function method(answer: CircleAnswer, words: Words): HTMLElement[] {
  return answer.indicative ? [] : [h("p", { class: "circle-note" }, words.pick(
    `Area: within ${CIRCLE_DETAIL_M} m of roads reached.`, `面积：可达道路两侧 ${CIRCLE_DETAIL_M} 米以内。`))];
}

function standIn(answer: CircleAnswer, words: Words): HTMLElement[] {
  const last = answer.rings[answer.rings.length - 1];
  if (!last?.population || !last.standIn) return [];
  return [h("p", { class: "circle-note" }, words.pick(
    `Residents are those of divisions whose seat is inside; ${words.figure(last.standIn)} of those within ${last.minutes} min are counted at the seat of the division above.`,
    `常住人口按治所在圈内的政区计；${last.minutes} 分钟内有 ${words.figure(last.standIn)} 人按上级治所计。`))];
}

/** Where the centre met the road, in words. */
function snap(s: Snap, words: Words): HTMLElement {
  if (s.distanceM === null) return h("p", { class: "circle-snap" }, words.state("not-snapped"));
  if (s.distanceM < 1) return h("p", { class: "circle-snap" }, words.pick("Lies on the road network.", "位于路网之上。"));
  const seconds = words.figure(s.accessSeconds);
  const passed = s.passedIsland && words.pick(" A nearer road was passed over: it is cut off from the rest.", "更近的道路与路网不连通，已略过。");
  return h("p", { class: "circle-snap" }, words.pick(
    `Meets the road ${words.figure(s.distanceM)} m away; that leg takes ${seconds} s and is part of every time.`,
    `距接入道路 ${words.figure(s.distanceM)} 米，这一段 ${seconds} 秒，已计入各时间。`), passed);
}

function places(answer: CircleAnswer, words: Words): HTMLElement {
  const rows = answer.places.map((p) => h("li", {}, swatch(p.minutes, answer.rings), h("span", {}, words.name(p)), h("span", {}, `${words.figure(p.minutes)} ${words.get("minutesUnit")}`)));
  return h("details", { class: "circle-places" },
    h("summary", {}, words.pick(`Places reached, as of today (${rows.length})`, `今日可达地点（${rows.length}）`)), h("ol", {}, ...rows));
}

function source(answer: CircleAnswer, name: string, words: Words): HTMLElement {
  const p = answer.provenance;
  const file = `circle-${CIRCLE_LIMITS[CIRCLE_LIMITS.length - 1]}-min-${name.replace(/[^\p{L}\p{N}]+/gu, "-")}`;
  const facts: [string, string | Node][] = [
    [words.get("network"), `${networkLabel(p, words)} (${p.networkVersion.slice(0, 12)})`],
    [words.get("profile"), words.profile(p.profile, p.profile)],
    [words.get("facilitiesData"), datasets(p)],
  ];
  return h("footer", {},
    h("p", { class: "links" },
      download(words.pick("Download (GeoJSON)", "下载 (GeoJSON)"), `${file}.geojson`, circleGeoJSON(answer)),
      download(words.get("getResult"), `${file}.json`, answer.document),
      h("a", { href: "processes/commute-circle" }, words.get("openProcess"))),
    h("details", {}, h("summary", {}, facts.slice(0, 2).map(([, v]) => v).join(" · ")),
      h("dl", { class: "provenance" }, ...facts.flatMap(([k, v]) => [h("dt", {}, k), h("dd", {}, v)]))));
}
