/** Brings the microphone's script as soon as somebody moves, presses or types here; who only reads needs none of it. */

import { whyTyped } from "./can_record.js";
import { EarlyPress } from "./early_press.js";
import { gettext } from "./words.js";

const SIGNS = ["pointermove", "pointerdown", "keydown", "focusin"];
const TRY_AGAIN = 2000;
const OUT_OF_REACH = gettext("The microphone cannot be used without a connection. Press Speak again once it is back; typing goes on meanwhile.");

export class VoiceOnDemand {
  constructor() {
    this.Voice = null;
    this.waiting = null;
    this.signs = new AbortController();
    for (const sign of SIGNS) window.addEventListener(sign, () => this.load(), { signal: this.signs.signal });
  }

  load() {
    this.loading ??= import("./voice.js").then(
      ({ Voice }) => this.loaded(Voice),
      () => this.failed(),
    );
  }

  loaded(Voice) {
    this.Voice = Voice;
    this.signs.abort();
    this.give();
  }

  /** Try again with the next sign, but not with every move of a mouse. */
  failed() {
    setTimeout(() => (this.loading = null), TRY_AGAIN);
    this.waiting?.early.fail(OUT_OF_REACH);
  }

  /** Show the panel of a question; `ready` gets its voice: at once, or when the script is here. */
  open(panel, options, ready) {
    const why = whyTyped(options.live);
    panel.hidden = false;
    panel.querySelector("[data-voice-controls]").hidden = Boolean(why);
    this.waiting = null;
    if (why) panel.querySelector("[data-voice-status]").textContent = why;
    else if (this.Voice) ready(new this.Voice(panel, options));
    else this.waiting = { panel, options, ready, early: new EarlyPress(panel) };
  }

  give() {
    const { panel, options, ready, early } = this.waiting ?? {};
    this.waiting = null;
    if (!panel?.isConnected) return;
    const voice = new this.Voice(panel, options);
    ready(voice);
    early.hand(voice);
  }
}
