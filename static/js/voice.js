/** The microphone beside the answer box: hold it, click it, or hands-free; typing is always possible meanwhile. */

import { whyTyped } from "./can_record.js";
import { Countdown } from "./countdown.js";
import { isPress } from "./early_press.js";
import { Ears } from "./ears.js";
import { Meter } from "./meter.js";
import { microphone, Recorder } from "./recorder.js";
import { Upload } from "./upload.js";
import { sayings } from "./voice_words.js";

const HELD = 500;
const PARTS = ["talk", "done", "free", "level", "status", "partial"];
const NOT_STARTED = { stop: async () => {}, close() {}, add() {}, finish() {}, end() {} };

export class Voice {
  constructor(panel, { live, turn, announce, take, beforeStart = () => {} }) {
    Object.assign(this, { panel, live, turn, announce, take, beforeStart, state: "idle" });
    this.part = Object.fromEntries(PARTS.map((name) => [name, panel.querySelector(`[data-voice-${name}]`)]));
    this.recorder = this.meter = this.upload = NOT_STARTED;
    this.countdown = new Countdown(panel.querySelector("[data-voice-countdown]"), { announce, over: () => this.finish() });
    const missing = whyTyped(live);
    panel.hidden = false;
    panel.querySelector("[data-voice-controls]").hidden = Boolean(missing);
    if (missing) this.say(missing);
    else this.listen();
  }

  listen() {
    const { talk, done, free } = this.part;
    done.addEventListener("click", () => this.finish());
    free.addEventListener("change", () => free.checked && this.begin());
    talk.addEventListener("pointerdown", (event) => event.button === 0 && this.press());
    window.addEventListener("pointerup", (this.onRelease = () => this.release()));
    window.addEventListener("pointercancel", this.onRelease);
    talk.addEventListener("keydown", (event) => this.key(event, () => event.repeat || this.press()));
    talk.addEventListener("keyup", (event) => this.key(event, () => this.release()));
    talk.addEventListener("blur", () => this.release());
    talk.addEventListener("contextmenu", (event) => this.pressedAt && event.preventDefault());
    // A screen reader's press comes as a click without a pointer or a key before it.
    talk.addEventListener("click", (event) => event.detail === 0 && this.toggle());
  }

  key(event, act) {
    if (isPress(event)) act();
  }

  get isBusy() {
    return this.state !== "idle";
  }

  /** Whether there is sound that nobody has read yet; a microphone that is not open yet holds nothing up. */
  get isHearing() {
    return this.state === "recording" || this.state === "finishing";
  }

  get isFree() {
    return this.part.free.checked;
  }

  get heardSoFar() {
    return this.isHearing ? this.part.partial.textContent : "";
  }

  toggle() {
    if (this.state === "idle") this.begin();
    else this.finish();
  }

  press() {
    this.toggle();
    this.pressedAt = this.isBusy && this.state !== "finishing" ? performance.now() : 0;
  }

  /** End what a long press began; a short one lets it go on until the next. */
  release() {
    const wasHeld = this.pressedAt && performance.now() - this.pressedAt > HELD;
    this.pressedAt = 0;
    if (!wasHeld) return;
    if (this.state === "opening") this.say(sayings.ready);
    this.finish();
  }

  async begin() {
    if (this.state !== "idle") return;
    this.beforeStart();
    this.show("opening", sayings.opening);
    try {
      const stream = await microphone.open();
      if (this.state === "opening") this.record(stream);
      else for (const track of stream.getTracks()) track.stop();
    } catch (error) {
      this.show("idle", microphone.remedy(error));
    }
  }

  record(stream) {
    const ears = new Ears((news) => this.hear(news, ears));
    this.recorder = new Recorder(stream, (bytes) => this.upload.add(bytes));
    this.meter = new Meter(stream, (sample) => this.measure(sample, ears));
    const recording = crypto.randomUUID();
    this.upload = new Upload(this.live, { turn: this.turn, recording, mime: this.recorder.mime }, {
      partial: (text) => this.showPartial(text),
      final: (heard) => this.heard(heard),
      failed: (words) => this.failed(words),
      cut: () => this.say(this.state === "recording" ? sayings.cut : sayings.kept),
      back: () => this.say(this.state === "recording" ? sayings.back : sayings.writing),
    });
    stream.getTracks()[0].addEventListener("ended", () => this.finish());
    this.full = setTimeout(() => this.finish(sayings.full), Number(this.panel.dataset.maxSeconds) * 1000);
    this.result = new Promise((resolve) => (this.settle = resolve));
    this.show("recording", this.live.isOpen ? sayings.listening : sayings.cut);
  }

  measure(sample, ears) {
    this.part.level.value = sample.level;
    ears.note(sample);
  }

  hear(news, ears) {
    if (this.state !== "recording") return;
    const isPause = news === "pause" || news === "silent";
    if (news === "heard") this.countdown.stop();
    if (isPause && ears.hasSpoken && this.isFree) {
      if (news !== "pause") return;
      this.say(sayings.pause);
      this.countdown.start();
    } else if (sayings[news]) {
      this.say(sayings[news]);
    }
  }

  /** Done: the recording ends, and what was heard is on its way. */
  async finish(words) {
    if (this.state === "opening") this.show("idle", this.part.status.textContent);
    if (this.state !== "recording") return;
    this.show("finishing", words ?? (this.live.isOpen ? sayings.writing : sayings.kept));
    const { upload } = this;
    await this.stopListening();
    upload.finish();
  }

  async stopListening() {
    clearTimeout(this.full);
    this.countdown.stop();
    this.meter.close();
    this.meter = NOT_STARTED;
    this.part.level.value = 0;
    await this.recorder.stop();
  }

  heard(heard) {
    const { text, nothing_heard: isNothing, low_confidence: isUnsure } = heard;
    this.showPartial("");
    this.show("idle", isNothing ? sayings.nothing : isUnsure ? sayings.unsure : sayings.read);
    this.take(heard);
    this.settle(text);
  }

  failed(words) {
    const wasRecording = this.state === "recording";
    this.showPartial("");
    this.show("idle", words);
    if (wasRecording) this.stopListening();
    this.settle("");
  }

  /** Return once nothing is on its way any more, or once `within` is over. */
  async wrapUp(within) {
    await this.finish();
    if (this.isBusy) await Promise.race([this.result, new Promise((resolve) => setTimeout(resolve, within))]);
  }

  /** The question is gone: let everything go. */
  close() {
    window.removeEventListener("pointerup", this.onRelease);
    window.removeEventListener("pointercancel", this.onRelease);
    if (this.state === "recording") this.stopListening();
    this.upload.end();
    this.state = "closed";
  }

  showPartial(text) {
    this.part.partial.textContent = text;
    this.part.partial.hidden = !text;
  }

  show(state, words) {
    this.state = this.panel.dataset.state = state;
    this.part.talk.setAttribute("aria-pressed", String(state === "recording" || state === "opening"));
    this.part.done.hidden = this.part.level.hidden = state !== "recording";
    this.part.talk.setAttribute("aria-disabled", String(state === "finishing"));
    this.say(words);
  }

  say(words) {
    if (this.part.status.textContent !== words) this.part.status.textContent = words;
  }
}
