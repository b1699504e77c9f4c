// The words of the page's fixed skeleton.

import { byId } from "./dom.ts";
import type { Key, Words } from "./i18n.ts";

/** Writes all of them; the sentence belongs to the answer once there is one. */
export function writeFrame(words: Words, answered: boolean): void {
  document.documentElement.lang = words.pick("en", "zh-CN");
  document.title = words.get("title");
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
    if (element.id !== "sentence" || element.closest("[aria-busy=true]") && !answered) element.textContent = words.get(element.dataset.text as Key);
    if (element.dataset.title) element.title = words.get(element.dataset.title as Key);
  }
  byId("language").lang = words.pick("zh-CN", "en");
  byId("panel").setAttribute("aria-label", words.get("panelLabel"));
  byId("sheet-text").textContent = words.get(byId("panel").classList.contains("open") ? "sheetClose" : "sheetOpen");
}
