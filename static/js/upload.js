/** Brings one recording to the server chunk by chunk, and goes on after a cut where the server stands. */

const MOST_BYTES = 200_000;
const HEAD = 8;
const GAP = 400;
const ASK_AGAIN = 2000;
const PATIENCE = 60000;
const ABOUT_SOUND = new Set(["too_large", "quota", "no_speech", "unreadable"]);

export class Upload {
  constructor(live, start, on) {
    Object.assign(this, { live, start, on, chunks: [], acked: 0, total: null });
    this.over = new AbortController();
    const mine = (act) => ({ detail }) => detail.recording === start.recording && act(detail);
    this.listen("open", () => this.begin());
    this.listen("close", () => this.cut());
    this.listen("ack", mine((ack) => this.acknowledged(ack.chunks)));
    this.listen("error", ({ detail }) => this.isMine(detail) && this.refused(detail));
    this.listen("transcript.partial", mine(({ text }) => on.partial(text)));
    this.listen("transcript.final", mine((heard) => this.end(() => on.final(heard))));
    this.isCut = !live.isOpen;
    this.begin();
  }

  listen(name, act) {
    this.live.addEventListener(name, act, { signal: this.over.signal });
  }

  /** An error that names neither an answer nor a recording is about sound where only sound can cause it. */
  isMine({ recording, key, code }) {
    if (recording || key) return recording === this.start.recording;
    return ABOUT_SOUND.has(code) || (this.isBeginning && (code === "conflict" || code === "too_late"));
  }

  /** Say that chunks of this recording follow; the reply tells from which one on. */
  begin() {
    this.isReady = this.hasAsked = false;
    this.isBeginning = true;
    clearTimeout(this.timer);
    this.live.send({ type: "audio.start", ...this.start });
  }

  cut() {
    this.isReady = false;
    this.isCut = true;
    clearTimeout(this.timer);
    this.on.cut();
  }

  add(bytes) {
    this.chunks.push(bytes);
    this.flush();
  }

  /** Every chunk is there; ask for the transcript as soon as the server has them all. */
  finish() {
    this.total = this.chunks.length;
    this.flush();
  }

  acknowledged(chunks) {
    this.acked = chunks;
    if (this.isCut) this.on.back();
    this.isCut = this.isBeginning = false;
    this.isReady = false;
    const isFarBehind = this.chunks.length - chunks > 2;
    this.later(isFarBehind ? GAP : 0, () => {
      this.isReady = true;
      this.flush();
    });
  }

  refused(error) {
    if (error.retryable) this.later(ASK_AGAIN, () => this.begin());
    else this.end(() => this.on.failed(error.detail));
  }

  later(wait, act) {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, wait);
  }

  /** Send what the server lacks, one frame at a time. */
  flush() {
    if (!this.isReady || this.hasAsked) return;
    const waiting = this.frame();
    if (waiting.length) {
      this.isReady = false;
      this.live.sendBytes(pack(this.acked, waiting));
    } else if (this.total !== null) {
      this.hasAsked = true;
      this.live.send({ type: "audio.stop", recording: this.start.recording, chunks: this.total });
      this.later(PATIENCE, () => this.begin());
    }
  }

  frame() {
    let size = 0;
    const rest = this.chunks.slice(this.acked);
    const end = rest.findIndex((chunk) => (size += chunk.byteLength) > MOST_BYTES);
    return end < 0 ? rest : rest.slice(0, Math.max(1, end));
  }

  end(tell = () => {}) {
    this.over.abort();
    clearTimeout(this.timer);
    tell();
  }
}

function pack(first, chunks) {
  const bytes = new Uint8Array(HEAD + chunks.reduce((size, chunk) => size + chunk.byteLength, 0));
  const head = new DataView(bytes.buffer);
  head.setUint32(0, first);
  head.setUint32(4, chunks.length);
  let at = HEAD;
  for (const chunk of chunks) {
    bytes.set(new Uint8Array(chunk), at);
    at += chunk.byteLength;
  }
  return bytes.buffer;
}
