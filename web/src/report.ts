// The printable view: every seat in one table, worst first, with the answer
// above it and where it comes from below.

import type { Airport } from "./api.ts";
import { airportName } from "./details.ts";
import { h } from "./dom.ts";
import { provenanceRows } from "./evidence.ts";
import type { Words } from "./i18n.ts";
import type { ProvinceNames } from "./lists.ts";
import { byMiss, type Answer, type Metric, type Seat } from "./model.ts";
import { colourOf } from "./ramp.ts";
import { address, asOf, type Choice } from "./state.ts";

export interface ReportData {
  answer: Answer;
  choice: Choice;
  airports: Map<string, Airport>;
  provinces: ProvinceNames;
  notice: string;
}

/** Fills the sheet. */
export function showReport(sheet: HTMLElement, data: ReportData, words: Words): void {
  const { answer, choice } = data;
  const print = h("button", { type: "button", class: "primary" }, words.get("print"));
  print.addEventListener("click", () => window.print());
  sheet.replaceChildren(
    h("nav", { class: "report-tools" }, h("a", { href: address(choice, { table: false }) }, `← ${words.get("mapView")}`), print),
    h("header", {},
      h("h1", {}, title(choice, words)),
      h("p", { class: "report-lead" }, lead(answer.metric, words))),
    table(data, words),
    h("footer", {},
      h("dl", {}, ...provenanceRows(answer, words).flatMap(([k, v]) => [h("dt", {}, k), h("dd", {}, v)])),
      ...answer.provenance.notes.map((n) => h("p", {}, n)),
      h("p", {}, data.notice)));
}

function title(choice: Choice, words: Words): string {
  const day = words.date(asOf(choice.year));
  return words.pick(
    `Prefecture seats within ${choice.minutes} minutes of a transport airport, ${day}`,
    `市地级行政中心 ${choice.minutes} 分钟到运输机场覆盖（${day}）`);
}

function lead(m: Metric, words: Words): string {
  const parts = [
    `${words.percent(m.share)} (${m.numerator}/${m.denominator})`,
    `${words.pick("band", "区间")} ${words.percent(m.low)} – ${words.percent(m.high)}`,
    m.target !== null && `${words.pick("target", "目标")} ${words.percent(m.target, 0)}`,
    m.verdict !== null && words.verdict(m.verdict),
  ];
  return parts.filter(Boolean).join(" · ");
}

function table(data: ReportData, words: Words): HTMLElement {
  const heads = ["seat", "province", "minutes", "margin", "airport", "distance", "snap", "state"] as const;
  return h("table", {},
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "#"), ...heads.map((k) => h("th", { scope: "col" }, words.get(k))))),
    h("tbody", {}, ...[...data.answer.seats].sort(byMiss).map((s, i) => row(s, i, data, words))));
}

function row(s: Seat, index: number, data: ReportData, words: Words): HTMLElement {
  const province = data.provinces.get(s.province);
  const mark = h("span", { class: `swatch ${s.state === "covered" ? "dot" : s.minutes === null ? "cross" : "diamond"}` });
  mark.style.setProperty("--colour", colourOf(s, data.choice.minutes));
  const margin = s.margin ?? (s.minutes === null ? null : data.choice.minutes - s.minutes);
  return h("tr", { class: s.state },
    h("td", { class: "n" }, String(index + 1)),
    h("th", { scope: "row" }, mark, words.name(s)),
    h("td", {}, province ? words.name(province) : s.province),
    h("td", { class: "n" }, words.figure(s.minutes, 1)),
    h("td", { class: "n" }, words.figure(margin, 1, true)),
    h("td", {}, s.facility ? airportName(s, data.airports.get(s.facility), words) : "–"),
    h("td", { class: "n" }, words.figure(s.distanceKM, 1)),
    h("td", { class: "n" }, words.figure(s.snapM)),
    h("td", {}, words.state(s.state)));
}
