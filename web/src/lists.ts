// The seats that fall short, and the provinces.

import { byId, h, rovingFocus } from "./dom.ts";
import type { Words } from "./i18n.ts";
import { failing, shortName, type Answer, type Named, type Province, type Seat } from "./model.ts";
import { colourOf } from "./ramp.ts";

export type ProvinceNames = Map<string, Named>;

/** Fills the list of failing seats; choose is called with a seat's adcode. */
export function showFailing(answer: Answer, limit: number, names: ProvinceNames, selected: string, words: Words, choose: (adcode: string) => void): void {
  const seats = failing(answer.seats);
  byId("failing-count").textContent = String(seats.length);
  const list = byId("failing");
  const items = seats.map((s, i) => h("li", {}, row(s, i, limit, names, words, choose)));
  list.replaceChildren(...(items.length ? items : [h("li", { class: "empty" }, words.get("none"))]));
  markSelected(selected);
}

/** Arrow keys move through the list; to be called once. */
export function connectFailing(): void {
  rovingFocus(byId("failing"), "button");
}

/** Shows which seat of the list is open. */
export function markSelected(adcode: string): void {
  for (const button of byId("failing").querySelectorAll<HTMLElement>("button")) {
    if (button.dataset.adcode === adcode) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

function row(s: Seat, index: number, limit: number, names: ProvinceNames, words: Words, choose: (adcode: string) => void): HTMLElement {
  const province = names.get(s.province);
  const swatch = h("span", { class: s.minutes === null ? "swatch cross" : "swatch diamond" });
  swatch.style.setProperty("--colour", colourOf(s, limit));
  const miss = s.minutes === null
    ? h("span", { class: "miss none" }, words.state(s.state))
    : h("span", { class: "miss" }, `+${words.figure(s.minutes - limit)}`, h("small", {}, ` ${words.get("minutesUnit")}`));
  const button = h("button", { type: "button", "data-adcode": s.adcode }, swatch,
    h("span", { class: "who" }, h("b", { title: words.name(s) }, shortName(words.name(s))), h("small", {}, province ? words.name(province) : "")), miss);
  button.tabIndex = index === 0 ? 0 : -1;
  button.addEventListener("click", () => choose(s.adcode));
  return button;
}

type Column = "name" | "numerator" | "share";

/** The table of provinces; it keeps its own order. */
export class ProvinceTable {
  private column: Column = "share";
  private ascending = true;
  private provinces: Province[] = [];
  private words: Words | null = null;

  constructor(private readonly container: HTMLElement, private readonly choose: (adcode: string) => void) {}

  show(answer: Answer, words: Words): void {
    this.words = words;
    this.provinces = answer.provinces;
    this.draw();
  }

  private sort(column: Column): void {
    this.ascending = this.column === column ? !this.ascending : column === "name" || column === "share";
    this.column = column;
    this.draw();
    this.container.querySelector<HTMLElement>(`[data-column=${column}]`)?.focus();
  }

  private ordered(words: Words): Province[] {
    const compare = {
      name: (a: Province, b: Province) => words.name(a).localeCompare(words.name(b), words.locale()),
      numerator: (a: Province, b: Province) => a.numerator - b.numerator,
      share: (a: Province, b: Province) => a.share - b.share,
    }[this.column];
    const sign = this.ascending ? 1 : -1;
    return [...this.provinces].sort((a, b) => sign * compare(a, b) || a.adcode.localeCompare(b.adcode));
  }

  private draw(): void {
    const words = this.words!;
    const rows = this.ordered(words).map((p) => h("tr", {},
      h("th", { scope: "row" }, this.name(p, words)),
      h("td", {}, `${p.numerator}/${p.denominator}`),
      h("td", { class: "bar-cell" }, bar(p.share), h("span", {}, words.percent(p.share, 0)))));
    this.container.replaceChildren(h("table", { class: "provinces" },
      h("thead", {}, h("tr", {},
        this.head("name", words.get("province")), this.head("numerator", words.get("coveredOf")), this.head("share", words.get("share")))),
      h("tbody", {}, ...rows)));
  }

  private head(column: Column, title: string): HTMLElement {
    const state = this.column === column ? (this.ascending ? "ascending" : "descending") : "none";
    const button = h("button", { type: "button", "data-column": column }, title);
    button.addEventListener("click", () => this.sort(column));
    return h("th", { scope: "col", "aria-sort": state }, button);
  }

  private name(p: Province, words: Words): HTMLElement {
    const button = h("button", { type: "button", class: "link" }, words.name(p));
    button.addEventListener("click", () => this.choose(p.adcode));
    return button;
  }
}

function bar(share: number): HTMLElement {
  const fill = h("span", { class: "bar", "aria-hidden": "true" });
  fill.style.setProperty("--share", String(share));
  return fill;
}
