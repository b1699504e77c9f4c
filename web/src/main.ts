// The page: reads the choice from the address, asks the server, and shows
// the answer on the map and in the panel.

import "./app.css";
import * as api from "./api.ts";
import { Answers } from "./answers.ts";
import { Background } from "./background.ts";
import { CircleControl } from "./circle-control.ts";
import { positionName, type Centre } from "./circle.ts";
import { connectControls, showControls, showYear } from "./controls.ts";
import { airportCard, airportTip, seatCard, seatTip } from "./details.ts";
import { byId, h } from "./dom.ts";
import { showEvidence, sourceLine } from "./evidence.ts";
import { showHeadline } from "./headline.ts";
import { writeFrame } from "./frame.ts";
import { Words } from "./i18n.ts";
import { showCircleLegend, showLegend } from "./legend.ts";
import { connectFailing, markSelected, ProvinceTable, showFailing, type ProvinceNames } from "./lists.ts";
import { CoverageMap, type Pointed } from "./map.ts";
import type { Answer, Seat } from "./model.ts";
import { drawStyle } from "./preview.ts";
import { showReport } from "./report.ts";
import { connectSheet, isSheet, padding } from "./sheet.ts";
import { address, currentYear, FIRST_YEAR, readChoice, type Choice } from "./state.ts";
import { connectTabs } from "./tabs.ts";
import { drawTrend } from "./trend.ts";

class Page {
  private choice: Choice = readChoice(location.search, navigator.languages);
  private words = new Words(this.choice.language);
  private readonly answers = new Answers();
  private answer: Answer | null = null;
  private names: ProvinceNames = new Map();
  private readonly background = new Background();
  private map: CoverageMap | null = null;
  private readonly provinces = new ProvinceTable(byId("pane-provinces"), (adcode) => this.showProvince(adcode));
  private readonly sheet = connectSheet(() => this.words, () => this.map?.pad(padding()));

  private readonly circle = new CircleControl({
    choice: () => this.choice, words: () => this.words, map: () => this.map,
    find: (centre) => this.centre(centre),
    keep: (circle) => { if (circle) this.deselect(); this.keep({ circle }); },
    changed: () => this.showFrame(),
  });

  async start(): Promise<void> {
    document.body.classList.toggle("as-table", this.choice.table);
    connectControls((part) => this.change(part), (year) => this.moving(year));
    connectFailing();
    connectTabs(document.querySelector<HTMLElement>("[role=tablist]")!);
    byId("source").addEventListener("click", () => { this.sheet.open(true); byId("tab-about").click(); byId("tab-about").focus(); });
    byId("language").addEventListener("click", () => this.speak());
    window.addEventListener("beforeprint", () => this.showReport());
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.leave(); });
    byId("circle-pick").addEventListener("click", () => this.sheet.open(false));
    this.writeWords();
    if (!this.choice.table) this.openMap();
    if (!this.choice.table) this.circle.ask();
    await Promise.all([this.readBackground(), this.ask()]);
  }

  /** Closes what was opened last. */
  private leave(): void {
    if (this.circle.picking) this.circle.pick(false);
    else if (this.choice.seat || this.choice.airport) this.deselect();
    else if (this.choice.circle) this.circle.close();
  }

  /** The legend and the notice, which stand on the map. */
  private showFrame(): void {
    if (this.circle.drawn) showCircleLegend(this.words);
    else showLegend(this.choice.minutes, this.words);
    byId("notice").hidden = this.choice.table;
    byId("notice").textContent = this.noticeText();
  }

  private async readBackground(): Promise<void> {
    await this.background.read((tiles) => void this.map?.showRoads(tiles), (error) => this.showProblem(error));
    this.writeWords();
    this.show();
  }

  private openMap(): void {
    try {
      this.map = new CoverageMap(byId("map"), this.words, padding(), {
        select: (found) => this.open(found, false),
        deselect: () => this.deselect(),
        hover: (found) => this.tip(found),
      });
    } catch (error) {
      console.info(error);
      byId<HTMLButtonElement>("circle-pick").disabled = true;
      byId("map").replaceChildren(h("p", { class: "no-map" }, this.words.get("noWebGL")));
    }
  }

  private change(part: Partial<Choice>): void {
    this.keep(part);
    this.showFrame();
    if (part.profile !== undefined) this.circle.ask();
    void this.ask();
  }

  /** Takes over a part of the choice, and puts all of it into the address. */
  private keep(part: Partial<Choice>): void {
    this.choice = { ...this.choice, ...part };
    history.replaceState(null, "", address(this.choice));
    byId<HTMLAnchorElement>("to-table").href = address(this.choice, { table: true });
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
    showHeadline(answer, choice, this.background.target, words);
    this.trend(choice.year);
    byId("source").textContent = sourceLine(answer, words);
    if (choice.table) {
      this.showReport();
      return;
    }
    showFailing(answer, choice.minutes, this.names, choice.seat, words, (id) => this.open({ kind: "seat", id }, true));
    this.provinces.show(answer, words);
    showEvidence(byId("pane-about"), answer, choice, words);
    void this.map?.show(answer, this.background.openAirports(this.choice.year), choice.minutes);
    if (choice.seat) this.open({ kind: "seat", id: choice.seat }, false);
    if (choice.airport) this.open({ kind: "airport", id: choice.airport }, false);
    if (choice.circle) this.circle.show();
  }

  /** Fills the sheet that is shown as the table and printed from either view. */
  private showReport(): void {
    const { answer, choice } = this;
    if (!answer) return;
    showReport(byId("sheet-table"), { answer, choice, airports: this.background.airports, provinces: this.names, notice: this.noticeText() }, this.words);
  }

  private seat(adcode: string): Seat | undefined {
    return this.answer?.seats.find((s) => s.adcode === adcode);
  }

  /** Opens the details of a seat or an airport. */
  private open({ kind, id }: Pointed, fly: boolean): void {
    const seat = kind === "seat" ? this.seat(id) : undefined;
    const airport = kind === "airport" ? this.background.airports.get(id) : undefined;
    if (!seat && !airport) return;
    this.keep({ seat: seat ? id : "", airport: airport ? id : "" });
    markSelected(this.choice.seat);
    document.body.classList.add("seat-open");
    if (fly && isSheet()) this.sheet.open(false);
    const circle = (centre: Centre): void => this.circle.open(centre);
    if (airport) return void this.map?.openCard(airport, airportCard(airport, circle, this.words));
    const linked = this.background.airports.get(seat!.facility);
    const around = { linked, open: this.background.openAirports(this.choice.year), province: this.names.get(seat!.province), limit: this.choice.minutes };
    void this.map?.select(seat!, linked, seatCard(seat!, around, circle, this.words), fly);
  }

  private tip({ kind, id }: Pointed): HTMLElement | null {
    const seat = kind === "seat" ? this.seat(id) : undefined;
    const airport = kind === "airport" ? this.background.airports.get(id) : undefined;
    return seat ? seatTip(seat, this.words) : airport ? airportTip(airport, this.words) : null;
  }

  private deselect(): void {
    if (!this.choice.seat && !this.choice.airport) return;
    this.keep({ seat: "", airport: "" });
    markSelected("");
    document.body.classList.remove("seat-open");
    void this.map?.clear();
  }

  /** The centre of a circle by name and point. */
  private centre(centre: Centre): { name: string; lon: number; lat: number } | null {
    if (!("id" in centre)) return { name: positionName(centre.lon, centre.lat, this.words), ...centre };
    const { collection, id } = centre;
    const found = collection === "airports" ? this.background.airports.get(id) : this.answer?.seats.find((s) => s.id === id);
    return found ? { name: this.words.name(found), lon: found.lon, lat: found.lat } : null;
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
    writeFrame(words, this.answer !== null);
    byId<HTMLAnchorElement>("to-table").href = address(choice, { table: true });
    showControls(choice, this.background.profiles, words);
    this.showFrame();
  }

  private noticeText(): string {
    const { review } = this.background;
    return review ? `${this.words.get("reviewed")} ${review}` : this.words.get("notice");
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

// The same bundle draws the pages of single styles, which have no panel.
const alone = document.getElementById("style-map");
if (alone) drawStyle(alone);
else void new Page().start();
