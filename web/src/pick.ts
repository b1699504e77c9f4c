// Choosing a point of the map: by a click, or from the keyboard by moving the
// map below a cross and pressing Enter.

import type { Map as GLMap } from "maplibre-gl";
import { h } from "./dom.ts";

export interface Position { lng: number; lat: number }

export class PointPicker {
  private readonly cross = h("span", { class: "pick-cross", "aria-hidden": "true" });
  private done: ((at: Position) => void) | null = null;

  constructor(private readonly gl: GLMap) {
    gl.getContainer().append(this.cross);
    gl.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter" && this.take(gl.getCenter())) event.preventDefault();
    });
    gl.on("move", () => this.place());
  }

  /** Waits for a point; done is called with it once. */
  start(done: (at: Position) => void): void {
    this.done = done;
    document.body.classList.add("picking");
    this.place();
    this.gl.getCanvas().focus();
  }

  /** Waits no longer. */
  stop(): void {
    this.done = null;
    document.body.classList.remove("picking");
  }

  /** Takes a point when one is waited for; false otherwise. */
  take({ lng, lat }: Position): boolean {
    const done = this.done;
    this.stop();
    done?.({ lng, lat });
    return done !== null;
  }

  /** Puts the cross on the middle of the map's free part, which Enter takes. */
  private place(): void {
    if (!this.done) return;
    const { x, y } = this.gl.project(this.gl.getCenter());
    this.cross.style.transform = `translate(${x}px, ${y}px)`;
  }
}
