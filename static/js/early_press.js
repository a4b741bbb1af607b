/** Notes a press on Speak before the script that listens is here, and hands it on. */

import { gettext } from "./words.js";

const OPENING = gettext("Opening the microphone…");
const PRESS_KEYS = new Set([" ", "Enter"]);

/** Whether a key presses a button, which it then does by us alone. */
export function isPress(event) {
  if (!PRESS_KEYS.has(event.key) || event.ctrlKey || event.metaKey) return false;
  event.preventDefault();
  return true;
}

export class EarlyPress {
  constructor(panel) {
    const talk = panel.querySelector("[data-voice-talk]");
    this.status = panel.querySelector("[data-voice-status]");
    this.idle = this.status.textContent;
    this.free = panel.querySelector("[data-voice-free]");
    this.over = new AbortController();
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.over.signal });
    on(talk, "pointerdown", ({ button }) => button === 0 && this.down());
    on(talk, "keydown", (event) => isPress(event) && !event.repeat && this.down());
    on(talk, "keyup", isPress);
    on(talk, "click", ({ detail }) => detail === 0 && this.down(false));
    for (const name of ["pointerup", "pointercancel", "keyup"]) on(window, name, () => (this.isHeld = false));
  }

  /** Note a press; another one takes it back. */
  down(isHeld = true) {
    this.isWanted = !this.isWanted;
    this.isHeld = isHeld;
    this.status.textContent = this.isWanted ? OPENING : this.idle;
  }

  fail(words) {
    if (this.isWanted) this.status.textContent = words;
    this.isWanted = false;
  }

  /** Let the voice begin if it was asked to. */
  hand(voice) {
    this.over.abort();
    if (this.isWanted && this.isHeld) voice.press();
    else if (this.isWanted || this.free.checked) voice.begin();
  }
}
