// Answers by what was asked. A new question cancels the one before it; years
// not asked for yet are fetched while the reader looks, one at a time.

import { coverage } from "./api.ts";
import type { Answer } from "./model.ts";
import type { Choice } from "./state.ts";

const KEEP = 60; // answers; one is about 200 kB

export class Answers {
  private readonly known = new Map<string, Answer>();
  private asking = new AbortController();
  private ahead = new AbortController();

  private key(c: Choice): string {
    return `${c.year}|${c.minutes}|${c.profile}`;
  }

  /** The answer when it is here already. */
  peek(choice: Choice): Answer | null {
    return this.known.get(this.key(choice)) ?? null;
  }

  /** Asks, and drops the question that was still open; null when dropped itself. */
  async ask(choice: Choice): Promise<Answer | null> {
    this.asking.abort();
    this.ahead.abort();
    const mine = (this.asking = new AbortController());
    const found = this.peek(choice);
    if (found) return found;
    return this.fetch(choice, mine.signal);
  }

  /** Fetches other years in the given order until the next question. */
  async prefetch(choice: Choice, years: number[], arrived: () => void): Promise<void> {
    this.ahead.abort();
    const mine = (this.ahead = new AbortController());
    for (const year of years) {
      if (mine.signal.aborted) return;
      if (this.peek({ ...choice, year })) continue;
      if (!(await this.fetch({ ...choice, year }, mine.signal))) return;
      arrived();
    }
  }

  private async fetch(choice: Choice, signal: AbortSignal): Promise<Answer | null> {
    try {
      const answer = await coverage(choice, signal);
      if (this.known.size >= KEEP) this.known.delete(this.known.keys().next().value!);
      this.known.set(this.key(choice), answer);
      return answer;
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  }
}
