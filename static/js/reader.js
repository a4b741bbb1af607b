/** Reads a question aloud: by the server's voice where there is one, else by the browser's. */

import { keep, kept } from "./kept.js";

const ALWAYS = "read every question aloud";

const synth = window.speechSynthesis;

export class Reader {
  constructor(tools) {
    this.tools = tools;
    this.text = tools.dataset.reader;
    this.language = tools.dataset.language;
    this.button = tools.querySelector("[data-read]");
    this.always = tools.querySelector("[data-read-always]");
    this.always.checked = kept(ALWAYS) === "on";
    this.button.addEventListener("click", () => (this.isReading ? this.stop() : this.read()));
    this.always.addEventListener("change", () => this.remember());
    this.offer();
  }

  /** The page's buttons are there only if something can be heard. */
  offer() {
    if (this.tools.dataset.voiceUrl || this.voice) this.tools.hidden = false;
    else synth?.addEventListener("voiceschanged", () => this.offer(), { once: true });
  }

  get voice() {
    const voices = synth?.getVoices() ?? [];
    return voices.find((voice) => voice.lang.toLowerCase().startsWith(this.language));
  }

  get isOn() {
    return this.always.checked && !this.tools.hidden;
  }

  remember() {
    keep(ALWAYS, this.always.checked ? "on" : "off");
    if (!this.always.checked) this.stop();
  }

  /** Read to the end, or until it is stopped. */
  async read() {
    this.stop();
    this.show(true);
    const mine = (this.reading = {});
    const isOver = () => this.reading !== mine;
    const isRead = await this.play(mine);
    if (!isRead && !isOver()) await this.speak(mine);
    if (!isOver()) this.stop();
  }

  /** Return whether the server's voice could be heard. */
  play(mine) {
    const url = this.tools.dataset.voiceUrl;
    if (!url) return false;
    const audio = new Audio(url);
    return new Promise((resolve) => {
      mine.stop = () => (audio.pause(), resolve(true));
      audio.onended = () => resolve(true);
      audio.onerror = () => resolve(false);
      audio.play().catch(() => resolve(false));
    });
  }

  speak(mine) {
    const voice = this.voice;
    if (!voice) return null;
    const words = new SpeechSynthesisUtterance(this.text);
    Object.assign(words, { voice, lang: voice.lang });
    return new Promise((resolve) => {
      mine.stop = () => (synth.cancel(), resolve());
      words.onend = words.onerror = resolve;
      synth.speak(words);
    });
  }

  stop() {
    const { reading } = this;
    this.reading = null;
    reading?.stop?.();
    this.show(false);
  }

  get isReading() {
    return Boolean(this.reading);
  }

  show(isReading) {
    this.button.setAttribute("data-state", isReading ? "reading" : "quiet");
    this.button.querySelector("[data-read-label]").textContent = isReading ? "Stop reading" : "Read aloud";
  }
}
