// Facts that do not depend on the choice.

import * as api from "./api.ts";
import type { TargetFacts } from "./headline.ts";
import { asOf } from "./state.ts";

export class Background {
  airports = new Map<string, api.Airport>(); // by id
  profiles: api.Profiles = { names: [], byDefault: "" };
  target: TargetFacts = { article: null, quote: "" };
  review = "";

  /** Reads all of them. Each may fail on its own, which is told: the answer is shown without it. */
  async read(roads: (tiles: api.RoadTiles) => void, failed: (error: unknown) => void): Promise<void> {
    await Promise.all([
      api.airports().then((v) => { this.airports = new Map(v.map((a) => [a.id, a])); }, failed),
      api.profiles().then((v) => { this.profiles = v; }, failed),
      api.target().then((v) => { this.target = v; }, failed),
      api.roadTiles().then(roads, failed),
      api.reviewNumber().then((v) => { this.review = v; }, failed),
    ]);
  }

  /** The airports that were open at the day that stands for a year. */
  openAirports(year: number): api.Airport[] {
    const day = asOf(year);
    return [...this.airports.values()].filter((a) => (!a.opened || a.opened <= day) && (!a.closed || a.closed > day));
  }
}
