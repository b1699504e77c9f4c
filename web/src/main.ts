// The page: reads the choice from the address, asks the server, and shows
// the answer on the map and in the panel.

import "./app.css";
import * as api from "./api.ts";
import { Answers } from "./answers.ts";
import { connectControls, showControls, showYear } from "./controls.ts";
import { seatCard, seatTip } from "./details.ts";
import { byId, h } from "./dom.ts";
import { showEvidence, sourceLine } from "./evidence.ts";
import { showHeadline, type TargetFacts } from "./headline.ts";
import { Words, type Key } from "./i18n.ts";
import { showLegend } from "./legend.ts";
import { connectFailing, markSelected, ProvinceTable, showFailing, type ProvinceNames } from "./lists.ts";
import { CoverageMap } from "./map.ts";
import type { Answer, Seat } from "./model.ts";
import { showReport } from "./report.ts";
import { connectSheet, isSheet, padding } from "./sheet.ts";
import { address, asOf, currentYear, FIRST_YEAR, readChoice, type Choice } from "./state.ts";
import { connectTabs } from "./tabs.ts";
import { drawTrend } from "./trend.ts";

class Page {
  private choice: Choice = readChoice(location.search, navigator.languages);
  private words = new Words(this.choice.language);
  private readonly answers = new Answers();
  private answer: Answer | null = null;
  private airports: api.Airport[] = [];
  private names: ProvinceNames = new Map();
  private profiles: api.Profiles = { names: [], byDefault: "" };
  private target: TargetFacts = { article: null, quote: "" };
  private review = "";
  private map: CoverageMap | null = null;
  private readonly provinces = new ProvinceTable(byId("pane-provinces"), (adcode) => this.showProvince(adcode));
  private readonly sheet = connectSheet(() => this.words, () => this.map?.pad(padding()));

  async start(): Promise<void> {
    document.body.classList.toggle("as-table", this.choice.table);
    connectControls((part) => this.change(part), (year) => this.moving(year));
    connectFailing();
    connectTabs(document.querySelector<HTMLElement>("[role=tablist]")!);
    byId("source").addEventListener("click", () => { this.sheet.open(true); byId("tab-about").click(); byId("tab-about").focus(); });
    byId("language").addEventListener("click", () => this.speak());
    window.addEventListener("beforeprint", () => this.showReport());
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.deselect(); });
    this.writeWords();
    if (!this.choice.table) this.openMap();
    await Promise.all([this.readBackground(), this.ask()]);
  }

  /** The legend and the notice, which stand on the map. */
  private showFrame(): void {
    showLegend(this.choice.minutes, this.words);
    byId("notice").hidden = this.choice.table;
    byId("notice").textContent = this.noticeText();
  }

  /** Facts that do not depend on the choice. Each may fail on its own: the answer is shown without it. */
  private async readBackground(): Promise<void> {
    const failed = (error: unknown): void => this.showProblem(error);
    await Promise.all([
      api.airports().then((v) => { this.airports = v; }, failed),
      api.profiles().then((v) => { this.profiles = v; }, failed),
      api.target().then((v) => { this.target = v; }, failed),
      api.roadTiles().then((v) => this.map?.showRoads(v), failed),
      api.reviewNumber().then((v) => { this.review = v; }, failed),
    ]);
    this.writeWords();
    this.show();
  }

  private openMap(): void {
    try {
      this.map = new CoverageMap(byId("map"), this.words, padding(), {
        select: (adcode) => this.select(adcode, false),
        deselect: () => this.deselect(),
        hover: (adcode) => { const s = this.seat(adcode); return s ? seatTip(s, this.words) : null; },
      });
    } catch (error) {
      console.info(error);
      byId("map").replaceChildren(h("p", { class: "no-map" }, this.words.get("noWebGL")));
    }
  }

  private change(part: Partial<Choice>): void {
    this.choice = { ...this.choice, ...part };
    history.replaceState(null, "", address(this.choice));
    byId<HTMLAnchorElement>("to-table").href = address(this.choice, { table: true });
    this.showFrame();
    void this.ask();
  }

  private moving(year: number): void {
    showYear(year, this.words);
    this.trend(year);
  }

  private async ask(): Promise<void> {
    byId("result").setAttribute("aria-busy", "true");
    try {
      const answer = await this.answers.ask(this.choice);
      if (!answer) return;
      this.answer = answer;
      this.names = new Map(answer.provinces.map((p) => [p.adcode, p]));
      byId("problem").hidden = true;
      this.show();
      byId("result").setAttribute("aria-busy", "false");
      if (!this.choice.table) void this.fillTrend();
    } catch (error) {
      byId("result").setAttribute("aria-busy", "false");
      if (!this.answer) byId("sentence").textContent = "";
      this.showProblem(error);
    }
  }

  private async fillTrend(): Promise<void> {
    const near = (y: number): number => Math.abs(y - this.choice.year);
    const years = Array.from({ length: currentYear() - FIRST_YEAR + 1 }, (_, i) => FIRST_YEAR + i).sort((a, b) => near(a) - near(b));
    try {
      await this.answers.prefetch(this.choice, years, () => this.trend(Number(byId<HTMLInputElement>("year").value)));
    } catch (error) {
      console.info("years beside the one asked for could not be read:", error);
    }
  }

  private trend(year: number): void {
    const metric = (y: number) => this.answers.peek({ ...this.choice, year: y })?.metric ?? null;
    drawTrend(byId("trend"), FIRST_YEAR, currentYear(), year, metric, this.words);
  }

  /** Draws everything that depends on the answer. */
  private show(): void {
    const { answer, choice, words } = this;
    if (!answer) return;
    showHeadline(answer, choice, this.target, words);
    this.trend(choice.year);
    byId("source").textContent = sourceLine(answer, words);
    if (choice.table) {
      this.showReport();
      return;
    }
    showFailing(answer, choice.minutes, this.names, choice.seat, words, (adcode) => this.select(adcode, true));
    this.provinces.show(answer, words);
    showEvidence(byId("pane-about"), answer, choice, words);
    void this.map?.show(answer, this.openAirports(), choice.minutes);
    if (choice.seat) this.select(choice.seat, false);
  }

  /** Fills the sheet that is shown as the table and printed from either view. */
  private showReport(): void {
    const { answer, choice } = this;
    if (!answer) return;
    showReport(byId("sheet-table"), { answer, choice, airports: this.byId(), provinces: this.names, notice: this.noticeText() }, this.words);
  }

  private openAirports(): api.Airport[] {
    const day = asOf(this.choice.year);
    return this.airports.filter((a) => (!a.opened || a.opened <= day) && (!a.closed || a.closed > day));
  }

  private byId(): Map<string, api.Airport> {
    return new Map(this.airports.map((a) => [a.id, a]));
  }

  private seat(adcode: string): Seat | undefined {
    return this.answer?.seats.find((s) => s.adcode === adcode);
  }

  private select(adcode: string, fly: boolean): void {
    const seat = this.seat(adcode);
    if (!seat) return;
    this.choice.seat = adcode;
    history.replaceState(null, "", address(this.choice));
    markSelected(adcode);
    if (fly && isSheet()) this.sheet.open(false);
    const linked = this.byId().get(seat.facility);
    const around = { linked, open: this.openAirports(), province: this.names.get(seat.province), limit: this.choice.minutes };
    const card = seatCard(seat, around, this.words);
    document.body.classList.add("seat-open");
    void this.map?.select(seat, linked, card, fly);
  }

  private deselect(): void {
    if (!this.choice.seat) return;
    this.choice.seat = "";
    history.replaceState(null, "", address(this.choice));
    markSelected("");
    document.body.classList.remove("seat-open");
    void this.map?.clear();
  }

  private showProvince(adcode: string): void {
    if (isSheet()) this.sheet.open(false);
    this.map?.fit((this.answer?.seats ?? []).filter((s) => s.province === adcode));
  }

  private speak(): void {
    this.choice.language = this.words.language === "zh" ? "en" : "zh";
    this.words = new Words(this.choice.language);
    history.replaceState(null, "", address(this.choice));
    void this.map?.speak(this.words);
    this.writeWords();
    this.show();
  }

  /** Writes the words that do not depend on the answer. */
  private writeWords(): void {
    const { words, choice } = this;
    document.documentElement.lang = words.pick("en", "zh-CN");
    document.title = words.get("title");
    for (const element of document.querySelectorAll<HTMLElement>("[data-text]")) {
      if (element.id !== "sentence" || element.closest("[aria-busy=true]") && !this.answer) element.textContent = words.get(element.dataset.text as Key);
      if (element.dataset.title) element.title = words.get(element.dataset.title as Key);
    }
    byId("language").lang = words.pick("zh-CN", "en");
    byId("panel").setAttribute("aria-label", words.get("panelLabel"));
    byId<HTMLAnchorElement>("to-table").href = address(choice, { table: true });
    byId("sheet-text").textContent = words.get(byId("panel").classList.contains("open") ? "sheetClose" : "sheetOpen");
    showControls(choice, this.profiles, words);
    this.showFrame();
  }

  private noticeText(): string {
    return this.review ? `${this.words.get("reviewed")} ${this.review}` : this.words.get("notice");
  }

  private showProblem(error: unknown): void {
    const text = error instanceof api.Problem ? `${this.words.get("failed")}: ${error.message}` : this.words.get("offline");
    const retry = h("button", { type: "button", class: "link" }, this.words.get("retry"));
    retry.addEventListener("click", () => { byId("problem").hidden = true; void Promise.all([this.readBackground(), this.ask()]); });
    byId("problem").replaceChildren(text, " ", retry);
    byId("problem").hidden = false;
    if (!(error instanceof api.Problem)) console.info(error);
  }
}

void new Page().start();
