/** Keeps what is typed: in this browser at once, on the server every few seconds. */

import { Spares } from "./spares.js";
import { isPassing, isSignedOut, post, postAndLeave } from "./wire.js";
import { gettext } from "./words.js";

const SAVE_AFTER = 2000;
const GIVE_UP_AFTER = 8000;

export const sayings = {
  saved: gettext("Draft saved."),
  saving: gettext("Saving…"),
  elsewhere: gettext("Not saved yet: there is a longer text in another window."),
  tooLong: gettext("This is too long to be saved. Shorten it a little."),
  closed: gettext("This question is closed. What you typed stays here; copy it, then reload the page."),
  signedOut: gettext("You are signed out. Sign in again in another tab: your text is kept here, and saved then."),
  gone: gettext("This interview is not there any more. Copy what you typed if you need it."),
  busy: gettext("The server cannot save this right now. Your text is kept here, and saved as soon as it can."),
  offline: gettext("No connection. Your text is kept here, and saved as soon as it is back."),
};
const PASSING = new Set(["", sayings.saved, sayings.busy, sayings.offline]);

export class Draft {
  constructor(form, say, live) {
    this.form = form;
    this.live = live;
    this.say = say;
    this.timer = 0;
    this.flight = null;
    this.paused = false;
    this.isKept = true;
    this.base = form.dataset.draftRevision;
    this.spares = new Spares(form.dataset.draftUrl, form.elements.turn.value);
    this.saved = form.hasAttribute("data-unsaved") ? null : this.text;
    this.bringBack();
    form.elements.response_text.addEventListener("input", () => this.typed());
  }

  get text() {
    return this.form.elements.response_text.value;
  }

  get isSaved() {
    return this.text === this.saved;
  }

  /** Show again what this browser kept and the server never got. */
  bringBack() {
    const text = this.spares.merged(this.text, this.base);
    if (text !== this.text) this.form.elements.response_text.value = text;
    if (!this.isSaved) this.typed();
  }

  typed() {
    this.isKept = this.spares.keep(this.text, this.base);
    this.say(this.isSaved ? savedWords(this.text) : sayings.saving);
    this.plan();
  }

  plan() {
    if (!this.timer && !this.paused) this.timer = setTimeout(() => this.save(), SAVE_AFTER);
  }

  async save() {
    this.timer = 0;
    if (this.paused || this.flight || this.isSaved) return;
    this.flight = new AbortController();
    const saying = await this.send(this.text);
    this.flight = null;
    if (this.paused) return;
    const isBehind = PASSING.has(saying) && !this.isSaved;
    this.say(isBehind && saying === sayings.saved ? sayings.saving : saying);
    if (isBehind) this.plan();
  }

  /** Save by the socket while it is open, else by a request. */
  async send(text) {
    const saying = await this.sendLive(text);
    if (saying !== null) return saying;
    try {
      const response = await post(this.form.dataset.draftUrl, this.fields(text), { within: GIVE_UP_AFTER, over: this.flight });
      if (response.status === 204) return this.keep(text, response.headers.get("Draft-Revision"));
      return response.status === 412 ? this.meet(await response.json()) : sayingFor(response);
    } catch {
      return sayings.offline;
    }
  }

  async sendLive(text) {
    if (!this.live?.isOpen) return null;
    const { turn, ...draft } = this.fields(text);
    const reply = await this.live.ask({ type: "draft", turn: Number(turn), ...draft }, isReplyToDraft, GIVE_UP_AFTER / 2);
    if (reply?.code === "newer_draft") return this.meet(reply);
    return reply?.type === "ack" ? this.keep(text, reply.revision) : null;
  }

  fields(text) {
    return { turn: this.form.elements.turn.value, text, base: this.base };
  }

  /** Show the longer text that another window has saved; if one types on here, this text replaces it. */
  meet({ draft, revision }) {
    this.base = revision;
    const notice = this.form.querySelector("[data-other-draft]");
    notice.querySelector("[data-other-words]").textContent = draft;
    notice.hidden = false;
    return sayings.elsewhere;
  }

  /** Note that the server has this text. */
  keep(text, revision) {
    Object.assign(this, { saved: text, base: revision });
    this.spares.forget(text);
    if (!this.isSaved) this.isKept = this.spares.keep(this.text, revision);
    return savedWords(text);
  }

  /** Send what is not saved yet while the page goes away. */
  leave() {
    if (!this.isSaved) postAndLeave(this.form.dataset.draftUrl, this.fields(this.text));
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

  /** The server has the answer: nothing of this question needs to be kept. */
  forget() {
    this.saved = this.text;
    this.spares.forget(this.text);
  }
}

const savedWords = (text) => (text ? sayings.saved : "");

function isReplyToDraft({ type, of, key, recording }) {
  return type === "ack" ? of === "draft" : !key && !recording;
}

function sayingFor(response) {
  if (isSignedOut(response)) return sayings.signedOut;
  if (response.status === 404) return sayings.gone;
  if (response.status === 409) return sayings.closed;
  return isPassing(response) ? sayings.busy : sayings.tooLong;
}
