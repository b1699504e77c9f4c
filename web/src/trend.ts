// The share of every year as a small line above the year slider. Years are
// drawn as their answers arrive, so the line also shows what is known so far.

import { svg } from "./dom.ts";
import type { Words } from "./i18n.ts";
import type { Metric } from "./model.ts";

const WIDTH = 320;
const HEIGHT = 46;
const EDGE = 9; // half the slider's thumb: the line's ends sit above the thumb's

/** Draws the years from first to last; the chosen one is marked. */
export function drawTrend(container: HTMLElement, first: number, last: number, chosen: number, known: (year: number) => Metric | null, words: Words): void {
  const years = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const points = years.map((year) => ({ year, metric: known(year) })).filter((p): p is { year: number; metric: Metric } => p.metric !== null);
  const shares = points.flatMap((p) => [p.metric.low, p.metric.high, p.metric.target ?? p.metric.base]);
  const low = Math.min(...shares, 0.99) - 0.015, high = Math.max(...shares, 0.01) + 0.015;
  const x = (year: number): number => EDGE + ((year - first) / Math.max(1, last - first)) * (WIDTH - 2 * EDGE);
  const y = (share: number): number => HEIGHT - 3 - ((share - low) / (high - low)) * (HEIGHT - 6);
  const path = (of: (m: Metric) => number): string => points.map((p) => `${x(p.year).toFixed(1)},${y(of(p.metric)).toFixed(1)}`).join(" L");
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": summary(points, words) });
  if (points.length > 1) {
    const back = [...points].reverse().map((p) => `${x(p.year).toFixed(1)},${y(p.metric.low).toFixed(1)}`).join(" L");
    drawing.append(
      svg("path", { class: "trend-band", d: `M${path((m) => m.high)} L${back} Z` }),
      svg("path", { class: "trend-line", d: `M${path((m) => m.base)}` }));
  }
  const target = points.find((p) => p.metric.target !== null)?.metric.target;
  if (target) drawing.append(svg("line", { class: "trend-target", x1: "0", x2: String(WIDTH), y1: y(target).toFixed(1), y2: y(target).toFixed(1) }));
  const here = points.find((p) => p.year === chosen);
  if (here) {
    drawing.append(
      svg("line", { class: "trend-here", x1: x(chosen).toFixed(1), x2: x(chosen).toFixed(1), y1: y(here.metric.base).toFixed(1), y2: String(HEIGHT) }),
      svg("circle", { class: "trend-dot", cx: x(chosen).toFixed(1), cy: y(here.metric.base).toFixed(1), r: "3.6" }));
  }
  container.replaceChildren(drawing);
}

function summary(points: { year: number; metric: Metric }[], words: Words): string {
  return `${words.get("trend")}: ${points.map((p) => `${p.year} ${words.percent(p.metric.share)}`).join(", ")}`;
}
