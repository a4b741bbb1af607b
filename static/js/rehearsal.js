/** Stands in for the socket where nothing is kept: collects a recording and asks only for its transcript. */

import { post } from "./wire.js";

const HEAD = 8;
const BROKEN = "That did not work. Try again in a moment.";

export class Rehearsal extends EventTarget {
  constructor(place) {
    super();
    this.url = place.dataset.rehearsal;
    this.language = place.dataset.language;
    this.isOpen = true;
  }

  send({ type, recording, mime }) {
    if (type === "audio.stop") return this.transcribe();
    Object.assign(this, { recording, mime, sound: [], chunks: 0 });
    return this.acknowledge();
  }

  sendBytes(frame) {
    this.sound.push(frame.slice(HEAD));
    this.chunks += new DataView(frame).getUint32(4);
    return this.acknowledge();
  }

  /** Reply as the socket does: later, not at once. */
  acknowledge() {
    setTimeout(() => this.tell({ type: "ack", chunks: this.chunks }));
    return true;
  }

  tell(message) {
    const detail = { recording: this.recording, ...message };
    this.dispatchEvent(new CustomEvent(message.type, { detail }));
  }

  async transcribe() {
    const audio = new File(this.sound, "sound", { type: this.mime });
    const response = await post(this.url, { language: this.language, audio }).catch(() => null);
    const reply = response?.headers.get("Content-Type")?.includes("json") ? await response.json() : { detail: BROKEN };
    this.tell(response?.ok ? { type: "transcript.final", ...reply } : { type: "error", ...reply });
  }
}
