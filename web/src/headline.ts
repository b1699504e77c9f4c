// The answer in one look: share, verdict, and the band against the target.

import { byId, h } from "./dom.ts";
import type { Words } from "./i18n.ts";
import { seatsNeeded, type Answer, type Metric } from "./model.ts";
import { asOf, TARGET_MINUTES, type Choice } from "./state.ts";

/** Facts about the target, as the targets collection states them. */
export interface TargetFacts { article: number | null; quote: string }

/** Shows the metric, and says it to those who listen. */
export function showHeadline(answer: Answer, choice: Choice, facts: TargetFacts, words: Words): void {
  const { metric } = answer;
  byId("share").replaceChildren(words.figure(metric.share * 100, 1), h("span", { class: "unit" }, "%"));
  showVerdict(metric, words);
  byId("sentence").replaceChildren(sentence(metric, choice, words));
  byId("band").replaceChildren(...band(metric, factors(answer), facts, words));
  byId("live").textContent = spoken(metric, choice, words);
}

function showVerdict(m: Metric, words: Words): void {
  const chip = byId("verdict");
  chip.hidden = m.verdict === null;
  if (m.verdict === null) return;
  chip.className = `verdict ${m.verdict}`;
  chip.replaceChildren(words.verdict(m.verdict));
}

function sentence(m: Metric, choice: Choice, words: Words): HTMLElement {
  const have = h("b", {}, words.figure(m.numerator));
  const all = words.figure(m.denominator);
  const limit = choice.minutes;
  const people = m.weighted === null ? "" : words.pick(` (${words.percent(m.weighted, 0)} of residents)`, `（人口占 ${words.percent(m.weighted, 0)}）`);
  const lead = words.language === "zh"
    ? h("span", {}, `${all} 个市地级行政中心中，`, have, ` 个${people}在 ${limit} 分钟内到达运输机场。`)
    : h("span", {}, have, ` of ${all} prefecture seats${people} are within ${limit} minutes of a transport airport. `);
  const other = words.pick(`The plan sets its target at ${TARGET_MINUTES} minutes.`, `规划目标以 ${TARGET_MINUTES} 分钟为准。`);
  return h("span", {}, lead, limit === TARGET_MINUTES ? consequence(m, words) : other);
}

/** What the target means for this answer, in words. */
function consequence(m: Metric, words: Words): string {
  if (m.target === null || m.verdict === null) return "";
  const target = words.percent(m.target, 0);
  const needed = seatsNeeded(m);
  const more = needed === 0
    ? words.pick(`At base speed the ${target} target is passed`, `按基准速度已过 ${target} 目标`)
    : words.pick(`At base speed ${needed} more would meet the ${target} target`, `按基准速度再覆盖 ${needed} 个即达 ${target} 目标`);
  if (m.verdict !== "uncertain") return more + words.pick(".", "。");
  return more + words.pick("; the band straddles it, so speed decides.", "；区间跨越目标，结论取决于车速。");
}

function spoken(m: Metric, choice: Choice, words: Words): string {
  const verdict = m.verdict ? ` ${words.verdict(m.verdict)}.` : "";
  return words.pick(
    `${words.date(asOf(choice.year))}: ${words.percent(m.share)}, ${m.numerator} of ${m.denominator} seats, band ${words.percent(m.low)} to ${words.percent(m.high)}.${verdict}`,
    `${words.date(asOf(choice.year))}：${words.percent(m.share)}，${m.numerator}/${m.denominator}，区间 ${words.percent(m.low)} 至 ${words.percent(m.high)}。${verdict}`);
}

/** The speed factors used, slowest to fastest; the defaults where provenance is silent. */
export function factors(answer: Answer): number[] {
  const listed = answer.provenance.parameters.speed_factors;
  const usable = Array.isArray(listed) && listed.length > 0 && listed.every((f) => typeof f === "number");
  return usable ? [...(listed as number[])].sort((a, b) => a - b) : [0.85, 1, 1.15];
}

function band(m: Metric, speed: number[], facts: TargetFacts, words: Words): HTMLElement[] {
  const at = (share: number): string => `${(share * 100).toFixed(3)}%`;
  const place = (kind: string, share: number): HTMLElement => {
    const mark = h("span", { class: kind });
    mark.style.left = at(share);
    return mark;
  };
  const range = place("band-range", m.low);
  range.style.width = at(m.high - m.low);
  const bar = h("div", { class: "band-bar", "aria-hidden": "true" }, range, place("band-base", m.base));
  if (m.target !== null) {
    const line = place("band-target", m.target);
    const article = facts.article ? words.pick(` · Art. ${facts.article}`, ` · 第${facts.article}条`) : "";
    line.append(h("span", { class: "band-label" }, `${words.pick("target", "目标")} ${words.percent(m.target, 0)}${article}`));
    line.title = facts.quote;
    bar.append(line);
  }
  for (const tick of [0, 0.2, 0.4, 0.6, 0.8, 1]) bar.append(place("band-tick", tick));
  return [bar, figures(m, speed, words)];
}

function figures(m: Metric, speed: number[], words: Words): HTMLElement {
  const item = (label: string, factor: number | undefined, share: number): HTMLElement =>
    h("div", {}, h("dt", {}, factor && factor !== 1 ? `${label} ×${factor}` : label), h("dd", {}, words.percent(share)));
  return h("dl", { class: "band-figures" },
    item(words.get("slower"), speed[0], m.low), item(words.get("base"), 1, m.base), item(words.get("faster"), speed[speed.length - 1], m.high));
}
