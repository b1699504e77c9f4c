// What the map's colours and shapes mean.

import { CIRCLE_LIMITS } from "./circle.ts";
import { swatch as ringSwatch } from "./circle-card.ts";
import { byId, h, svg } from "./dom.ts";
import type { Key, Words } from "./i18n.ts";
import { aircraftPath } from "./icons.ts";
import { NO_WAY, steps, type Step } from "./ramp.ts";

/** Draws the legend for a limit in minutes. */
export function showLegend(limit: number, words: Words): void {
  const all = steps(limit);
  const group = (key: Key, within: boolean): HTMLElement => h("li", {},
    h("ul", { class: "ramp" }, ...all.filter((s) => s.within === within).map(swatch)),
    h("span", {}, words.get(key)));
  byId("legend").replaceChildren(
    h("h2", {}, words.get("legendTitle")),
    h("ul", { class: "legend-scale" }, group("within", true), group("over", false)),
    h("ul", { class: "legend-signs" },
      h("li", {}, sign("cross", NO_WAY), words.get("noWay")),
      h("li", {}, aircraftSign(), words.get("airportLegend")),
      h("li", {}, h("span", { class: "road-sign" }), words.get("roadLegend"))));
}

/** Draws the legend of a circle. */
export function showCircleLegend(words: Words): void {
  const rings = CIRCLE_LIMITS.map((minutes) => ({ minutes }));
  byId("legend").replaceChildren(
    h("h2", {}, words.pick("Minutes by road", "公路行驶分钟数")),
    h("ul", { class: "ramp circle-ramp" }, ...rings.map(({ minutes }) => h("li", {}, ringSwatch(minutes, rings), `≤${minutes}`))),
    h("ul", { class: "legend-signs" },
      h("li", {}, aircraftSign(), words.get("airportLegend")),
      h("li", {}, h("span", { class: "road-sign" }), words.get("roadLegend"))));
}

function swatch(step: Step): HTMLElement {
  const text = step.to === null ? `>${step.from}` : step.from === 0 ? `<${step.to}` : `–${step.to}`;
  return h("li", {}, sign(step.within ? "dot" : "diamond", step.colour), text);
}

function sign(kind: string, colour: string): HTMLElement {
  const element = h("span", { class: `swatch ${kind}` });
  element.style.setProperty("--colour", colour);
  return element;
}

function aircraftSign(): SVGElement {
  return svg("svg", { viewBox: "0 0 24 24", class: "aircraft", "aria-hidden": "true" }, svg("path", { d: aircraftPath }));
}
