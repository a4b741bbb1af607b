/** Tells the time that is left, and when it is over; counts by a clock that nobody sets. */

import { gettext } from "./words.js";

const DRIFT = 3000;

/** How far the time of day is ahead: it jumps if somebody sets it, or in sleep. */
const offset = () => Date.now() - performance.now();

export class Clock {
  constructor(line, { announce, over, jumped }) {
    this.face = line.querySelector("[data-timer]");
    Object.assign(this, { announce, over, jumped, offset: offset() });
    this.start(Number(line.dataset.secondsLeft));
    this.isLast = this.left <= 60;
  }

  /** Count down from what the server says is left. */
  start(seconds) {
    this.stop();
    this.end = performance.now() + seconds * 1000;
    this.ticker = setInterval(() => this.tick(), 1000);
    this.tick();
  }

  get left() {
    return Math.max(0, Math.ceil((this.end - performance.now()) / 1000));
  }

  tick() {
    const now = offset();
    const hasJumped = Math.abs(now - this.offset) > DRIFT;
    this.offset = now;
    if (hasJumped) this.jumped();
    const left = this.left;
    if (this.face) this.show(left);
    if (left) return;
    this.stop();
    setTimeout(this.over);
  }

  show(left) {
    this.face.textContent = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left` : "The time is over.";
    if (left > 60 || left === 0 || this.isLast) return;
    this.isLast = true;
    this.announce(gettext("One minute is left for this question."));
  }

  stop() {
    clearInterval(this.ticker);
  }
}
