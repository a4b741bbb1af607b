/** Opens the microphone and cuts what it hears into chunks of one second. */

import { keep, kept } from "./kept.js";

const SECOND = 1000;
const BITS_PER_SECOND = 32000;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const CHOSEN = "microphone";

const words = {
  NotAllowedError: "The microphone is blocked. Allow it beside the address of this page, then press Speak again. You can type meanwhile.",
  NotFoundError: "No microphone was found. Plug one in and press Speak again, or type your answer.",
  NotReadableError: "Another program is using the microphone. Close it and press Speak again, or type your answer.",
};
const OTHERWISE = "The microphone could not be opened. Try again, or type your answer.";

export const microphone = {
  get chosen() {
    return kept(CHOSEN) ?? "";
  },

  choose(id) {
    keep(CHOSEN, id);
  },

  open() {
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    if (this.chosen) audio.deviceId = { ideal: this.chosen };
    return navigator.mediaDevices.getUserMedia({ audio });
  },

  /** What a person can do about an error of the microphone. */
  remedy(error) {
    return words[error.name] ?? OTHERWISE;
  },
};

export class Recorder {
  constructor(stream, take) {
    const kind = KINDS.find((mimeType) => MediaRecorder.isTypeSupported(mimeType));
    this.stream = stream;
    this.media = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: BITS_PER_SECOND });
    this.last = Promise.resolve();
    this.media.ondataavailable = ({ data }) => {
      this.last = this.last.then(async () => data.size && take(await data.arrayBuffer()));
    };
    this.media.start(SECOND);
  }

  get mime() {
    return this.media.mimeType;
  }

  /** Stop, let the microphone go, and wait until the last chunk was taken. */
  async stop() {
    if (this.media.state !== "inactive") {
      const stopped = new Promise((resolve) => this.media.addEventListener("stop", resolve, { once: true }));
      this.media.stop();
      await stopped;
    }
    for (const track of this.stream.getTracks()) track.stop();
    await this.last;
  }
}
