/** Keeps what is typed: in this tab at once, on the server every few seconds. */

const SAVE_AFTER = 2000;
const GIVE_UP_AFTER = 8000;
const SPARE = "unsent answer";

export const sayings = {
  saved: "Draft saved.",
  tooLong: "This is too long to be saved. Shorten it a little.",
  closed: "This question is closed. What you typed stays here; copy it, then reload the page.",
  signedOut: "You are signed out. Sign in again in another tab, then reload this page: your text is kept.",
  offline: "No connection. Your text is kept here, and saved as soon as it is back.",
};

export function post(url, body, options) {
  return fetch(url, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, ...options });
}

export class Draft {
  constructor(form, say, live) {
    this.form = form;
    this.live = live;
    this.say = say;
    this.timer = 0;
    this.flight = null;
    this.paused = false;
    this.saved = form.querySelector("#problem") ? null : this.text;
    this.bringBack();
    form.elements.response_text.addEventListener("input", () => this.typed());
  }

  get text() {
    return this.form.elements.response_text.value;
  }

  get name() {
    return `${this.form.dataset.draftUrl}#${this.form.elements.turn.value}`;
  }

  /** Show again what this tab kept and the server never got. */
  bringBack() {
    const spare = JSON.parse(sessionStorage.getItem(SPARE) || "{}");
    if (spare.name === this.name) this.form.elements.response_text.value = spare.text;
    if (this.text !== this.saved) this.plan();
  }

  typed() {
    sessionStorage.setItem(SPARE, JSON.stringify({ name: this.name, text: this.text }));
    this.plan();
  }

  plan() {
    if (!this.timer && !this.paused) this.timer = setTimeout(() => this.save(), SAVE_AFTER);
  }

  async save() {
    this.timer = 0;
    if (this.paused || this.flight || this.text === this.saved) return;
    if (!navigator.onLine) {
      this.say(sayings.offline);
      return;
    }
    const text = this.text;
    this.flight = new AbortController();
    const saying = await this.send(text);
    this.flight = null;
    if (this.paused) return;
    this.say(saying);
    const goesOn = saying === sayings.saved || saying === sayings.offline;
    if (goesOn && this.text !== this.saved) this.plan();
  }

  /** Save by the socket while it is open, and by a request where that does not work. */
  async send(text) {
    if (await this.sendLive(text)) return sayings.saved;
    try {
      const signal = AbortSignal.any([this.flight.signal, AbortSignal.timeout(GIVE_UP_AFTER)]);
      const response = await post(this.form.dataset.draftUrl, this.body(text), { signal });
      if (response.status === 204) this.keep(text);
      return sayingFor(response);
    } catch {
      return sayings.offline;
    }
  }

  async sendLive(text) {
    if (!this.live?.isOpen) return false;
    const draft = { type: "draft", turn: Number(this.form.elements.turn.value), text };
    const reply = await this.live.ask(draft, isReplyToDraft, GIVE_UP_AFTER / 2);
    if (reply?.type === "ack") this.keep(text);
    return reply?.type === "ack";
  }

  keep(text) {
    this.saved = text;
    if (this.text === text) forgetSpare();
  }

  body(text) {
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "turn"]) body.set(name, this.form.elements[name].value);
    body.set("text", text);
    return body;
  }

  /** Send what is not saved yet while the page goes away. */
  leave() {
    if (this.paused || this.text === this.saved) return;
    post(this.form.dataset.draftUrl, this.body(this.text), { keepalive: true }).catch(() => {});
  }

  /** Save nothing while the answer itself is on its way, and after. */
  pause() {
    this.paused = true;
    this.flight?.abort();
    clearTimeout(this.timer);
    this.timer = 0;
  }

  resume() {
    this.paused = false;
    this.plan();
  }
}

function isReplyToDraft({ type, of, key, recording }) {
  return type === "ack" ? of === "draft" : !key && !recording;
}

/** Forget the tab's copy once the server has the answer. */
export function forgetSpare() {
  sessionStorage.removeItem(SPARE);
}

function sayingFor(response) {
  if (response.redirected || response.status === 403) return sayings.signedOut;
  if (response.status === 204) return sayings.saved;
  if (response.status === 400) return sayings.tooLong;
  return response.status === 409 ? sayings.closed : sayings.offline;
}
