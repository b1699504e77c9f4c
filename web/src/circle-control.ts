// Opens, asks for and closes the circle; there is one at a time.

import * as api from "./api.ts";
import { positionAt, type Centre, type Circle, type CircleAnswer } from "./circle.ts";
import { showCircle, spoken } from "./circle-card.ts";
import { byId } from "./dom.ts";
import type { Words } from "./i18n.ts";
import type { CoverageMap } from "./map.ts";
import { padding } from "./sheet.ts";
import type { Choice } from "./state.ts";

/** What the control needs of the page. */
export interface CircleHost {
  choice(): Choice;
  words(): Words;
  map(): CoverageMap | null;
  /** The name of a centre and its point; null while its collection has not been read. */
  find(centre: Centre): { name: string; lon: number; lat: number } | null;
  /** Keeps the circle in the page's address. */
  keep(circle: Circle | null): void;
  /** Called when a circle has appeared on the map or gone from it. */
  changed(): void;
}

export class CircleControl {
  private readonly card = byId("circle");
  private readonly button = byId<HTMLButtonElement>("circle-pick");
  private answer: CircleAnswer | null = null;
  private problem: unknown = null;
  private asking: AbortController | null = null;
  private opener: HTMLElement | null = null;
  private fitted = false;

  constructor(private readonly host: CircleHost) {
    this.button.addEventListener("click", () => this.pick(!this.picking));
  }

  /** Waits for a point of the map to draw a circle around, or stops to. */
  pick(on: boolean): void {
    const map = this.host.map();
    this.button.setAttribute("aria-pressed", String(on));
    byId("pick-hint").textContent = on ? this.host.words().get("pickHint") : "";
    if (!on) map?.picker.stop();
    else map?.picker.start(({ lng, lat }) => { this.pick(false); this.open(positionAt(lng, lat)); });
  }

  /** Whether a point of the map is waited for. */
  get picking(): boolean {
    return this.button.getAttribute("aria-pressed") === "true";
  }

  /** Draws the circle around a centre, and moves there. */
  open(centre: Centre): void {
    this.opener = document.activeElement as HTMLElement | null;
    this.host.keep({ centre, direction: this.host.choice().circle?.direction ?? "to" });
    this.fitted = false;
    this.ask();
    byId("circle-title").focus();
  }

  close(): void {
    this.asking?.abort();
    this.answer = this.problem = null;
    this.host.keep(null);
    this.show();
    (this.opener?.isConnected ? this.opener : this.button).focus();
  }

  /** Asks the process for the circle of the choice, if there is one. */
  ask(): void {
    const { circle, profile } = this.host.choice();
    this.asking?.abort();
    if (!circle) return;
    const asking = this.asking = new AbortController();
    this.answer = this.problem = null;
    this.show();
    api.commuteCircle(circle, profile, asking.signal)
      .then((answer) => this.settle(asking, answer, null), (error: unknown) => this.settle(asking, null, error));
  }

  /** Takes what came of a question, unless a later one has been asked. */
  private settle(asking: AbortController, answer: CircleAnswer | null, problem: unknown): void {
    if (asking.signal.aborted) return;
    if (problem && !(problem instanceof api.Problem)) console.info(problem);
    this.answer = answer;
    this.problem = problem;
    this.show();
  }

  /** Shows the state of the circle in the card and on the map. */
  show(): void {
    const { circle } = this.host.choice();
    const words = this.host.words();
    this.card.hidden = !circle;
    document.body.classList.toggle("circle-open", circle !== null);
    if (circle) {
      const name = this.place(circle.centre)?.name ?? ("id" in circle.centre ? circle.centre.id : "");
      byId("circle-live").textContent = spoken(this.answer, name, words);
      showCircle(this.card, { circle, name, answer: this.answer, problem: this.problem }, {
        close: () => this.close(), retry: () => this.ask(),
        turn: (direction) => { this.host.keep({ ...circle, direction }); this.ask(); },
      }, words);
    }
    this.draw(circle);
  }

  /** A centre by name and point: from the page, or from the answer, which holds seats that the page does not. */
  private place(centre: Centre): { name: string; lon: number; lat: number } | null {
    const reached = "id" in centre ? this.answer?.places.find((p) => p.id === centre.id) : undefined;
    return this.host.find(centre) ?? (reached ? { name: this.host.words().name(reached), lon: reached.lon, lat: reached.lat } : null);
  }

  /** Whether a circle is on the map. */
  get drawn(): boolean {
    return this.answer !== null;
  }

  private draw(circle: Circle | null): void {
    this.host.changed();
    const map = this.host.map();
    const at = circle && this.place(circle.centre);
    document.documentElement.style.setProperty("--circle-height", `${this.card.offsetHeight}px`);
    map?.pad(padding());
    const drawn = circle && at && this.answer
      ? { answer: this.answer, lon: at.lon, lat: at.lat, id: "id" in circle.centre ? circle.centre.id : "" } : null;
    void map?.showCircle(drawn, this.host.words(), !this.fitted);
    if (drawn) this.fitted = true;
  }
}
