/** States of the room that nobody here asked for: taken in, without losing words of the question before. */

import { tellLeftovers } from "./earlier_visit.js";
import { parse, turnOf } from "./partials.js";

export class Arrivals {
  constructor(room) {
    Object.assign(this, { room, surprisedAt: -Infinity });
  }

  /** Take a state that the socket brought. */
  take(message) {
    const { room } = this;
    const part = parse(message.html);
    if (part && message.aside && room.isSaved) return room.show(part);
    if (!part || Number(turnOf(part)) < Number(room.turn)) return null;
    return turnOf(part) === room.turn && this.isShown(part) ? this.refresh(part) : this.next(part, message.turns);
  }

  isShown(part) {
    const { room } = this;
    return room.form.element || part.querySelector("[data-room-working]") || room.find("[data-room-over]");
  }

  refresh(part) {
    if (this.room.form.element) this.room.feedback.takeFrom(part);
  }

  next(part, turns) {
    if (!this.room.isSending) this.moveOn(part, turns);
    else if (this.room.isSaved && !part.querySelector("[data-room-working]")) this.room.show(part);
  }

  /** Show a state that nobody asked for, and tell which words it leaves behind. */
  moveOn(part, turns = []) {
    const { room } = this;
    const given = turns.find((one) => String(one.turn) === room.turn)?.answer ?? "";
    const words = room.form.unsent(room.voice?.heardSoFar, given);
    if (room.form.element) this.surprisedAt = performance.now();
    if (words) room.draft.spares.keep(words, null);
    else room.draft?.forget();
    room.show(part);
    if (words) tellLeftovers(room);
  }
}
