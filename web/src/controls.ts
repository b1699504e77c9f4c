// Year, limit and speed profile. The slider waits for the hand to rest before
// it asks the server; its label follows at once.

import type { Profiles } from "./api.ts";
import { byId, h } from "./dom.ts";
import type { Words } from "./i18n.ts";
import { asOf, currentYear, FIRST_YEAR, LIMITS, type Choice } from "./state.ts";

const REST = 160; // ms

/** Connects the controls; change is called with what the reader chose. */
export function connectControls(change: (part: Partial<Choice>) => void, moving: (year: number) => void): void {
  const year = byId<HTMLInputElement>("year");
  let timer = 0;
  year.addEventListener("input", () => {
    moving(Number(year.value));
    clearTimeout(timer);
    timer = window.setTimeout(() => change({ year: Number(year.value) }), REST);
  });
  const minutes = byId<HTMLSelectElement>("minutes");
  minutes.addEventListener("change", () => change({ minutes: Number(minutes.value) }));
  const profile = byId<HTMLSelectElement>("profile");
  profile.addEventListener("change", () => change({ profile: profile.value }));
  byId("controls").addEventListener("submit", (event) => event.preventDefault());
}

/** Shows a choice in the controls. */
export function showControls(choice: Choice, profiles: Profiles, words: Words): void {
  const year = byId<HTMLInputElement>("year");
  year.min = String(FIRST_YEAR);
  year.max = String(currentYear());
  year.value = String(choice.year);
  showYear(choice.year, words);
  byId("year-ticks").replaceChildren(...ticks());
  fill(byId("minutes"), LIMITS.map((m) => ({ value: String(m), text: `${m} ${words.get("minutesUnit")}` })), String(choice.minutes));
  const listed = profiles.names.map(({ name, title }) => ({ value: name, text: words.profile(name, title) }));
  const chosen = choice.profile || profiles.byDefault;
  if (chosen && !listed.some((p) => p.value === chosen)) listed.push({ value: chosen, text: chosen });
  fill(byId("profile"), listed, chosen);
  byId<HTMLSelectElement>("profile").disabled = listed.length < 2;
}

/** Writes the day that the slider stands for. */
export function showYear(year: number, words: Words): void {
  const day = words.date(asOf(year));
  byId("year-text").textContent = day;
  byId("year").setAttribute("aria-valuetext", day);
}

function ticks(): HTMLElement[] {
  const last = currentYear();
  const years = Array.from({ length: last - FIRST_YEAR + 1 }, (_, i) => FIRST_YEAR + i);
  return years.map((y) => h("span", {}, y === FIRST_YEAR || y === last || (y % 5 === 0 && last - y > 1) ? String(y) : ""));
}

function fill(select: HTMLSelectElement, options: { value: string; text: string }[], chosen: string): void {
  select.replaceChildren(...options.map((o) => h("option", { value: o.value, selected: o.value === chosen }, o.text)));
  select.value = chosen;
}
