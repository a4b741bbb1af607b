/** What an earlier visit has left in this browser: an answer that never went out, and words of closed questions. */

import * as outbox from "./outbox.js";
import { Spares } from "./spares.js";

/** Go on with it. */
export function resume(room) {
  const entries = outbox.waiting(room.root.dataset.room);
  const mine = entries.find(({ fields }) => fields.turn === room.turn);
  const others = entries.filter((entry) => entry !== mine);
  if (mine) {
    room.form.box.value = mine.fields.response_text;
    room.deliver(mine);
  }
  if (others.length) import("./flush.js").then(({ flush }) => flush(others, room.root));
  if (new Spares(room.root.dataset.draftUrl, room.turn).ofOthers.length) tellLeftovers(room);
}

/** Tell which words of earlier questions are not on the server. */
export async function tellLeftovers({ root, turn }) {
  const { showLeftovers } = await import("./leftovers.js");
  showLeftovers(root, turn);
}
