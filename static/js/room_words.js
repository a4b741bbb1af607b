/** What the room's script says. */

import { sayings } from "./drafts.js";
import { gettext } from "./words.js";

export const phrases = {
  sending: gettext("Sending…"),
  answerSaved: gettext("Saved. The next question is on its way."),
  maySkip: gettext("Skip this question? What you said or wrote for it is not sent."),
  maySendWithout: gettext("What you said is still being written down. Send only what is in the box?"),
  readFirst: gettext("One moment. Read what was heard, then send it."),
  timeOver: gettext("The time is over. The next question is on its way."),
};

/** Why the server closed the live connection, by code. */
export const closings = {
  4401: sayings.signedOut,
  4404: sayings.gone,
  4429: gettext("The live connection was refused for now. Sending works without it."),
};

const REFUSALS = {
  404: sayings.gone,
  413: gettext("This answer is too large to be sent. Shorten it and send it again."),
};
const ROUTINE = new Set(["", sayings.saved, sayings.saving]);
const WAITING = new Set([sayings.offline, sayings.busy, sayings.signedOut, closings[4429]]);

export const refusal = (status) => REFUSALS[status] ?? gettext("The server did not take this answer. It is still here: send it again in a moment.");

/** Whether a line comes and goes all the time, so that it is not to be read aloud. */
export const isRoutine = (words) => ROUTINE.has(words);

/** Whether a line says that something waits for the connection. */
export const isWaiting = (words) => WAITING.has(words);
