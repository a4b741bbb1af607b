/** The clocks of a question and of the whole interview; only the server knows when a time is really over. */

import { Clock } from "./clock.js";

const linesOf = (root) => [...root.querySelectorAll("[data-seconds-left]")];
const secondsOf = (root) => linesOf(root).map((line) => Number(line.dataset.secondsLeft));

export class TimeLimit {
  constructor(room, on) {
    const quiet = { ...on, jumped: () => {} };
    this.clocks = linesOf(room).map((line, at) => new Clock(line, at ? quiet : on));
  }

  get isLimited() {
    return this.clocks.length > 0;
  }

  get isOver() {
    return this.clocks.some((clock) => clock.left === 0);
  }

  /** Return the seconds that are left by a new state of the room. */
  leftIn(part) {
    return Math.min(...secondsOf(part));
  }

  setFrom(part) {
    for (const [at, seconds] of secondsOf(part).entries()) this.clocks[at]?.start(seconds);
  }

  stop() {
    for (const clock of this.clocks) clock.stop();
  }
}
