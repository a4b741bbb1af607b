/** The room's socket: connects again by itself, and tells what comes in by events named after its type. */

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;
const PING_AFTER = 25000;
const DEAD_AFTER = 10000;
const LOOK_EVERY = 5000;
const FINAL_CODES = new Set([4401, 4404]);
const REFUSALS = new Set([...FINAL_CODES, 4429]);

export class Live extends EventTarget {
  constructor(path) {
    super();
    this.url = new URL(path, window.location.href);
    this.url.protocol = this.url.protocol === "https:" ? "wss:" : "ws:";
    this.tries = 0;
    this.isReady = false;
    setInterval(() => this.watch(), LOOK_EVERY);
    for (const name of ["online", "focus"]) window.addEventListener(name, () => this.connect());
    window.addEventListener("offline", () => this.drop());
    this.connect();
  }

  get isOpen() {
    return this.isReady && navigator.onLine;
  }

  connect() {
    clearTimeout(this.timer);
    if (this.socket || !navigator.onLine) return;
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.owedSince = 0;
    this.lastSent = performance.now();
    socket.onmessage = ({ data }) => this.take(JSON.parse(data));
    socket.onclose = ({ code }) => this.closed(code);
  }

  /** The first message, the state, tells that the server is with us. */
  take(message) {
    this.owedSince = 0;
    if (!this.isReady) {
      this.isReady = true;
      this.tries = 0;
      this.tell("open");
    }
    this.tell(message.type, message);
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  closed(code) {
    this.socket = null;
    this.isReady = false;
    this.tell("close");
    if (REFUSALS.has(code)) this.tell("refused", code);
    if (FINAL_CODES.has(code)) return;
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.tries);
    this.tries += 1;
    this.timer = setTimeout(() => this.connect(), wait * (0.5 + Math.random() / 2));
  }

  /** Give a connection up without waiting for the other side's farewell. */
  drop() {
    const socket = this.socket;
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
    this.closed(0);
  }

  watch() {
    const now = performance.now();
    if (this.owedSince && now - this.owedSince > DEAD_AFTER) this.drop();
    else if (now - this.lastSent > PING_AFTER) this.send({ type: "ping" });
  }

  send(message) {
    return this.sendBytes(JSON.stringify(message));
  }

  sendBytes(data) {
    if (!this.isOpen) return false;
    this.socket.send(data);
    this.lastSent = performance.now();
    this.owedSince ||= this.lastSent;
    return true;
  }

  /** Send a message; return the first reply that `isReply` accepts, or null where none came in time. */
  ask(message, isReply, within) {
    return new Promise((resolve) => {
      const over = new AbortController();
      const done = (reply) => (over.abort(), resolve(reply));
      const take = ({ detail }) => isReply(detail) && done(detail);
      for (const name of ["ack", "error"]) this.addEventListener(name, take, { signal: over.signal });
      this.addEventListener("close", () => done(null), { signal: over.signal });
      setTimeout(() => done(null), within);
      if (!this.send(message)) done(null);
    });
  }
}
