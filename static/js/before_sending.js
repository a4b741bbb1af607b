/** What may stand between a press on a button and an answer that goes out. */

import { phrases } from "./room_words.js";

const NOT_A_CLICK = 1000;

/** A press meant for the question before does nothing; one that would lose words asks first. */
export function mayGo({ arrivals, form, voice }, action) {
  if (performance.now() - arrivals.surprisedAt < NOT_A_CLICK) return false;
  const isLoss = action === "skip" && (form.box.value.trim() || voice?.isHearing);
  return !isLoss || window.confirm(phrases.maySkip);
}

/** What is being said is written down first, unless the person does not want to wait. */
export function isStillSpeaking({ live, voice, announce }) {
  if (voice?.state === "opening") voice.finish();
  if (!voice?.isHearing || (voice.state === "finishing" && !live.isOpen)) return false;
  if (voice.state === "finishing") return !window.confirm(phrases.maySendWithout);
  voice.finish();
  announce(phrases.readFirst);
  return true;
}
