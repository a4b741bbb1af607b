/** What happens when a question's time is over: what is there is sent if the server agrees. */

import { sayings } from "./drafts.js";
import { fetchState, LOOK_AGAIN } from "./lookout.js";
import { turnOf } from "./partials.js";
import { TimeLimit } from "./time_limit.js";

const LAST_WORDS = 4000;

export class Overtime {
  constructor(room) {
    this.room = room;
  }

  /** Start the clocks of the state that is shown now. */
  begin() {
    const { room } = this;
    this.limit = new TimeLimit(room.root, { announce: room.announce, over: () => this.over(), jumped: () => this.ask() });
  }

  stop() {
    this.limit.stop();
  }

  get isOver() {
    return this.limit.isOver;
  }

  async over() {
    const { room } = this;
    const current = room.form.element;
    if (room.isSending || !current) return;
    if (room.voice?.isBusy) await this.lastWords();
    room.draft?.save();
    const part = await fetchState();
    if (room.isSending || current !== room.form.element) return;
    if (part && this.isClosed(part)) room.timeIsOver();
    else if (part) this.take(part);
    else this.tryAgain();
  }

  isClosed(part) {
    return turnOf(part) === turnOf(this.room.root) && !(this.limit.leftIn(part) > 1);
  }

  tryAgain() {
    this.room.form.say(sayings.offline);
    setTimeout(() => this.over(), LOOK_AGAIN);
  }

  async lastWords() {
    const { voice, form } = this.room;
    await voice.wrapUp(LAST_WORDS);
    if (voice.heardSoFar) form.write({ text: voice.heardSoFar, recording: "" });
  }

  /** The computer may have slept: let the server say how much time is left. */
  async ask() {
    const { room } = this;
    const current = room.form.element;
    const part = this.limit.isLimited ? await fetchState() : null;
    if (part && !room.isSending && current === room.form.element) this.take(part);
  }

  take(part) {
    if (turnOf(part) !== turnOf(this.room.root)) return this.room.arrivals.moveOn(part);
    if (this.room.form.isWaiting) this.room.form.say("");
    return this.limit.setFrom(part);
  }
}
