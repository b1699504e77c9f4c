// One colour scale for map, list, table and legend. It is sequential in time
// and breaks at the limit twice over: in hue (teal to orange to wine, apart
// for every common form of colour blindness) and in shape (circle to diamond).

import type { Seat } from "./model.ts";

export const WITHIN = ["#a6d3ca", "#57aaa7", "#1a7680"];
export const BEYOND = ["#f0a235", "#d8531c", "#8a1730"];
export const NO_WAY = "#2b2630";

/** The one colour of circles, apart from the scale; the fills of nested limits lie upon each other. */
export const CIRCLE = "#3a4a9f";
export const CIRCLE_OPACITY = 0.32;

/**
 * What a place looks like that lies within so many nested fills: circle colour
 * over a ground, layer upon layer. For legends and dots, to match the fills.
 */
export function shade(layers: number, ground: string): string {
  const left = (1 - CIRCLE_OPACITY) ** layers;
  const channel = (colour: string, at: number): number => parseInt(colour.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map((at) => Math.round(channel(CIRCLE, at) * (1 - left) + channel(ground, at) * left));
  return `#${mixed.map((v) => v.toString(16).padStart(2, "0")).join("")}`;
}

export interface Step { from: number; to: number | null; colour: string; within: boolean }

/** The classes of the scale under a limit in minutes; the last is open. */
export function steps(limit: number): Step[] {
  const edges = [0, limit / 3, (2 * limit) / 3, limit, limit * 1.5, limit * 2];
  return [...WITHIN, ...BEYOND].map((colour, i) => ({
    from: edges[i]!, to: edges[i + 1] ?? null, colour, within: i < WITHIN.length,
  }));
}

/** The colour of a seat: its state decides the side of the break, its minutes the step. */
export function colourOf(seat: Pick<Seat, "state" | "minutes">, limit: number): string {
  if (seat.minutes === null) return NO_WAY;
  const within = seat.state === "covered";
  const side = steps(limit).filter((s) => s.within === within);
  const found = side.find((s) => s.to === null || seat.minutes! < s.to) ?? side[side.length - 1]!;
  return found.colour;
}
