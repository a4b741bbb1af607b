/** Asks for the room's state until there is something else to do in it. */

import { parse, turnOf } from "./partials.js";
import { get } from "./wire.js";

export const LOOK_AGAIN = 2000;
const LOOK_WITHIN = 12000;

/** Return the room's state by the server, or null if it cannot be reached. */
export async function fetchState() {
  try {
    const response = await get(window.location.href, { within: LOOK_WITHIN });
    return response.ok && !response.redirected ? parse(await response.text()) : null;
  } catch {
    return null;
  }
}

export class Lookout {
  constructor(room) {
    this.room = room;
    this.timer = 0;
  }

  later() {
    this.timer = setTimeout(() => this.look(), LOOK_AGAIN);
  }

  stop() {
    clearTimeout(this.timer);
  }

  async look() {
    const mine = (this.timer = setTimeout(() => this.look(), LOOK_AGAIN + LOOK_WITHIN));
    const part = await fetchState();
    if (this.room.isSending || this.timer !== mine) return;
    clearTimeout(mine);
    if (this.isSame(part)) this.later();
    else this.room.arrivals.moveOn(part);
  }

  isSame(part) {
    if (!part || part.querySelector("[data-room-working]")) return true;
    return Boolean(turnOf(part)) && turnOf(part) === turnOf(this.room.root);
  }
}
