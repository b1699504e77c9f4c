// Where the answer comes from, and ways to take it along.

import { request } from "./api.ts";
import { h } from "./dom.ts";
import { factors } from "./headline.ts";
import type { Words } from "./i18n.ts";
import type { Answer, Provenance } from "./model.ts";
import { chinaDate, type Choice } from "./state.ts";

/** One line: a network and its nature. */
export function networkLabel({ network, networkKind }: Provenance, words: Words): string {
  const kind = networkKind === "condensed" ? words.get("condensed") : networkKind === "imported" ? words.get("imported") : networkKind;
  return [network, kind].filter(Boolean).join(" · ");
}

/** The one line under the figure: what it rests on. */
export function sourceLine(answer: Answer, words: Words): string {
  const { network, networkKind, profile, computedAt: at } = answer.provenance;
  const basis = networkKind === "condensed"
    ? words.pick("Modelled, condensed roads", "模型结果，凝缩路网")
    : words.pick(`Road network ${network}`, `路网 ${network}`);
  return [basis, words.profile(profile, profile), at && words.date(chinaDate(new Date(at)))].filter(Boolean).join(" · ");
}

/** The instant of computation in the reader's own time. */
export function computedAt(answer: Answer, words: Words): string {
  const instant = new Date(answer.provenance.computedAt);
  return Number.isNaN(instant.getTime()) ? answer.provenance.computedAt : instant.toLocaleString(words.locale(), { dateStyle: "medium", timeStyle: "short" });
}

/** Rows of provenance, for the panel and the printed table alike. */
export function provenanceRows(answer: Answer, words: Words): [string, string | Node][] {
  const p = answer.provenance;
  return [
    [words.get("network"), networkLabel(p, words)],
    [words.get("profile"), p.profile || "–"],
    [words.get("factors"), factors(answer).join(" / ")],
    [words.get("facilitiesData"), datasets(p)],
    [words.get("engine"), p.engine || "–"],
    [words.get("computed"), computedAt(answer, words)],
  ];
}

/** The datasets read, each leading to its record with licence and date. */
export function datasets(p: Provenance): Node {
  return h("ul", {}, ...p.datasets.map((d) => h("li", {},
    h("a", { href: `collections/datasets/items/${encodeURIComponent(d.id)}` }, d.id), h("small", {}, ` ${d.version}`))));
}

/** Fills the evidence pane. */
export function showEvidence(pane: HTMLElement, answer: Answer, choice: Choice, words: Words): void {
  const p = answer.provenance;
  const notes = [p.networkChoice, ...p.notes].filter(Boolean);
  const link = (href: string, text: string): HTMLElement => h("a", { href }, text);
  pane.replaceChildren(
    h("dl", { class: "provenance" }, ...provenanceRows(answer, words).flatMap(([k, v]) => [h("dt", {}, k), h("dd", {}, v)])),
    notes.length ? h("h3", {}, words.get("notes")) : "",
    h("ul", { class: "notes" }, ...notes.map((n) => h("li", {}, n))),
    h("h3", {}, words.get("downloads")),
    h("p", { class: "links" },
      download(words.get("getResult"), `coverage-${choice.year}.json`, answer.document),
      download(words.get("getEvidence"), `coverage-${choice.year}-evidence.geojson`, evidence(answer.document)),
      link("collections/seats", words.get("openSeats")), link("collections/airports", words.get("openAirports")),
      link("collections/roads", words.get("openRoads")), link("processes/coverage", words.get("openProcess")),
      link("api", words.get("openAPI")), link("licences.txt", words.get("licences"))),
    h("pre", { class: "request", tabindex: "0" }, `POST processes/coverage/execution\n${JSON.stringify(request(choice), null, 1)}`));
}

function evidence(document: unknown): unknown {
  const output = (document as { evidence?: { value?: unknown } }).evidence;
  return output?.value ?? output;
}

/** A button that saves JSON as a file. */
export function download(text: string, name: string, content: unknown): HTMLElement {
  const button = h("button", { type: "button", class: "link" }, text);
  button.addEventListener("click", () => {
    const url = URL.createObjectURL(new Blob([JSON.stringify(content)], { type: "application/json" }));
    h("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  });
  return button;
}
