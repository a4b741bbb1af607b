/** Keeps what is typed: in this tab at once, on the server every few seconds. */

const SAVE_AFTER = 2000;
const GIVE_UP_AFTER = 8000;
const SPARE = "unsent answer";

export const sayings = {
  saved: "Draft saved.",
  elsewhere: "Not saved yet: there is a longer text in another window.",
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
    this.base = form.dataset.draftRevision;
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
    if (spare.name === this.name) {
      this.form.elements.response_text.value = spare.text;
      this.base = spare.base ?? "";
    }
    if (this.text !== this.saved) this.plan();
  }

  typed() {
    sessionStorage.setItem(SPARE, JSON.stringify({ name: this.name, text: this.text, base: this.base }));
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
    const saying = await this.sendLive(text);
    if (saying) return saying;
    try {
      const signal = AbortSignal.any([this.flight.signal, AbortSignal.timeout(GIVE_UP_AFTER)]);
      const response = await post(this.form.dataset.draftUrl, this.body(text), { signal });
      if (response.status === 204) this.keep(text, response.headers.get("Draft-Revision"));
      if (response.status === 412) return this.meet(await response.json());
      return sayingFor(response);
    } catch {
      return sayings.offline;
    }
  }

  async sendLive(text) {
    if (!this.live?.isOpen) return "";
    const draft = { type: "draft", turn: Number(this.form.elements.turn.value), text, base: this.base };
    const reply = await this.live.ask(draft, isReplyToDraft, GIVE_UP_AFTER / 2);
    if (reply?.code === "newer_draft") return this.meet(reply);
    if (reply?.type !== "ack") return "";
    this.keep(text, reply.revision);
    return sayings.saved;
  }

  /** Show the longer text that another window has saved; if one types on here, this text replaces it. */
  meet({ draft, revision }) {
    this.base = revision;
    const notice = this.form.querySelector("[data-other-draft]");
    notice.querySelector("[data-other-words]").textContent = draft;
    notice.hidden = false;
    return sayings.elsewhere;
  }

  keep(text, revision) {
    this.saved = text;
    this.base = revision;
    if (this.text === text) forgetSpare();
  }

  body(text) {
    const body = new FormData();
    for (const name of ["csrfmiddlewaretoken", "turn"]) body.set(name, this.form.elements[name].value);
    body.set("text", text);
    body.set("base", this.base);
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
