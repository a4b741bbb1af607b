/** Brings one answer to the server under its key: by the socket while it is open, else by a form, until it is there. */

import { get, isPassing, isSignedOut, post } from "./wire.js";
import { gettext } from "./words.js";

const ACK_WITHIN = 4000;
const ANSWER_WITHIN = 40000;
const TRY_AGAIN = 3000;
const LONGEST_WAIT = 20000;

export const whys = {
  offline: gettext("No connection. Your answer is kept here, and goes out as soon as it is back."),
  busy: gettext("The server cannot take your answer right now. It is kept here, and goes out by itself."),
  signedOut: gettext("You are signed out. Your answer is kept here: sign in again in another tab, and it goes out by itself."),
};

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const once = (target, name, signal) => new Promise((resolve) => target.addEventListener(name, resolve, { once: true, signal }));

export class Sending {
  constructor(entry, live) {
    this.entry = entry;
    this.live = live;
    this.isAcked = false;
    this.isOver = false;
    this.over = new Promise((resolve) => (this.end = () => resolve((this.isOver = true))));
  }

  get message() {
    const { turn, key, recording, action, response_text: text } = this.entry.fields;
    const answer = { type: "answer", turn: Number(turn), key };
    return action === "skip" ? { ...answer, skip: true } : { ...answer, text, recording };
  }

  /** Return the server's reply to the form; null if the socket brought the room's next state. */
  async deliver({ saved = () => {}, waiting }) {
    for (let tries = 0; !this.isOver; tries += 1) {
      if (this.live?.isOpen && (await this.goLive(saved))) return null;
      const reply = await this.goByForm();
      if (reply.status && !isSignedOut(reply) && !isPassing(reply)) return reply;
      waiting(this.why(reply));
      await this.worthTrying(tries);
    }
    return null;
  }

  async goByForm() {
    try {
      const response = await post(this.entry.url, this.entry.fields, { within: ANSWER_WITHIN });
      const { ok, status, redirected } = response;
      if (status === 403) await get(this.entry.url, { within: ACK_WITHIN });
      return { ok, status, redirected, html: await response.text() };
    } catch {
      return {};
    }
  }

  why(reply) {
    if (!reply.status) return whys.offline;
    return isSignedOut(reply) ? whys.signedOut : whys.busy;
  }

  /** Wait until something has changed, or for a while that grows. */
  async worthTrying(tries) {
    const heard = new AbortController();
    const events = [once(window, "online", heard.signal), once(window, "focus", heard.signal)];
    if (this.live) events.push(once(this.live, "open", heard.signal));
    await Promise.race([this.over, ...events, pause(Math.min(LONGEST_WAIT, TRY_AGAIN * 1.5 ** tries))]);
    heard.abort();
  }

  /** Return whether the next state came by the socket; a refusal is told best by the form's reply. */
  async goLive(saved) {
    const { message } = this;
    const isReply = ({ type, key, recording }) => key === message.key || (type === "error" && !key && !recording);
    const reply = await this.live.ask(message, isReply, ACK_WITHIN);
    if (reply?.type !== "ack") return false;
    this.isAcked = true;
    saved();
    const isGone = [once(this.live, "close"), once(this.live, "completed"), pause(ANSWER_WITHIN)];
    return Promise.race([this.over.then(() => true), ...isGone.map((end) => end.then(() => false))]);
  }
}
