// The panel on a narrow screen: a sheet at the bottom that opens and closes,
// by button, key or swipe.

import { byId } from "./dom.ts";
import type { Words } from "./i18n.ts";
import type { Padding } from "./map.ts";

const SWIPE = 30; // px

const narrow = window.matchMedia("(max-width: 719px)");

/** Room that the panel and the circle's card take from the map. */
export function padding(): Padding {
  const around = 24;
  const circle = byId("circle").offsetWidth; // 0 while it is hidden
  if (narrow.matches) return { top: 12, bottom: circle ? byId("circle").offsetHeight : Math.round(window.innerHeight * 0.42), left: 8, right: 8 };
  const panel = byId("panel").offsetWidth; // 0 where the circle takes its place
  const right = panel && circle ? circle + 2 * around : around;
  const bottom = circle ? byId("legend").offsetHeight + around : around; // an area drawn must not lie under it
  return { top: around, bottom, left: (panel || circle) + 2 * around, right };
}

/** Connects the handle; resized is called when the map's free part changes. */
export function connectSheet(words: () => Words, resized: () => void): { open(on: boolean): void } {
  const panel = byId("panel"), handle = byId("sheet");
  const open = (on: boolean): void => {
    panel.classList.toggle("open", on);
    if (!on) panel.scrollTop = 0;
    handle.setAttribute("aria-expanded", String(on));
    byId("sheet-text").textContent = words().get(on ? "sheetClose" : "sheetOpen");
  };
  let start: number | null = null;
  let swiped = false;
  handle.addEventListener("pointerdown", (event) => { start = event.clientY; swiped = false; handle.setPointerCapture(event.pointerId); });
  handle.addEventListener("pointerup", (event) => {
    const moved = start === null ? 0 : event.clientY - start;
    start = null;
    swiped = Math.abs(moved) > SWIPE;
    if (swiped) open(moved < 0);
  });
  handle.addEventListener("click", () => { if (!swiped) open(!panel.classList.contains("open")); });
  narrow.addEventListener("change", resized);
  window.addEventListener("resize", resized);
  return { open };
}

/** Whether the panel is a sheet now. */
export function isSheet(): boolean {
  return narrow.matches;
}
