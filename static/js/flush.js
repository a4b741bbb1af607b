/** Sends what is left of an earlier visit, and tells what became of it above the page. */

import { armed } from "./leftovers.js";
import * as outbox from "./outbox.js";
import { Sending, whys } from "./sending.js";
import { gettext } from "./words.js";

const TRYING = gettext("An answer of yours has not reached us yet. It is kept in this browser, and being sent.");
const SENT = gettext("Your answer from before has arrived.");
const REFUSED = gettext("An answer from before could not be taken:");

/** Send kept answers one after the other; `place` gets the words. */
export async function flush(entries, place) {
  for (const entry of entries) await flushOne(entry, place);
}

async function flushOne(entry, place) {
  const note = document.createElement("div");
  note.className = "notice notice-warning";
  note.setAttribute("role", "status");
  note.textContent = TRYING;
  place.prepend(note);
  const waiting = (why) => (note.textContent = why === whys.signedOut ? gettext("An answer of yours is not sent yet. Sign in, and it goes out by itself.") : why);
  const reply = await new Sending(entry, null).deliver({ waiting });
  note.replaceWith(...(await told(entry, reply, note)));
}

/** Return what is to be shown of a reply; somebody else's answer waits until they are back. */
function told(entry, { ok, status, html }, note) {
  if (status === 404) return [];
  if (status === 409) outbox.giveUp(entry);
  else outbox.drop(entry);
  if (ok) return [saying(note, SENT)];
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const notice = holder.content.querySelector("[data-unsent]");
  return notice ? [armed(notice, entry.draftUrl)] : [saying(note, `${REFUSED} ${entry.fields.response_text}`)];
}

function saying(note, words) {
  note.textContent = words;
  return note;
}
