/** Brings one answer to the server under its key: by the socket while it is open, else as the form would. */

import { post } from "./drafts.js";

const ACK_WITHIN = 4000;
const ANSWER_WITHIN = 40000;
const TRY_AGAIN = 3000;

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const once = (target, name) => new Promise((resolve) => target.addEventListener(name, resolve, { once: true }));

export class Sending {
  constructor(form, button, live) {
    this.live = live;
    this.url = form.getAttribute("action");
    this.body = new FormData(form, button);
    this.isAcked = false;
    this.wasLive = false;
    this.over = new Promise((resolve) => (this.end = resolve));
  }

  get message() {
    const { turn, key, recording = "", action, response_text: text } = Object.fromEntries(this.body);
    return { type: "answer", turn: Number(turn), key, text, skip: action === "skip", recording };
  }

  /** Return the server's reply to the form; nothing where the socket brought the room's next state. */
  async deliver({ saved, waiting }) {
    while (true) {
      if (this.live?.isOpen && (await this.goLive(saved))) return null;
      try {
        return await post(this.url, this.body, { signal: AbortSignal.timeout(ANSWER_WITHIN) });
      } catch (error) {
        if (!this.wasLive) throw error;
        waiting();
        await Promise.race([once(this.live, "open"), pause(TRY_AGAIN)]);
      }
    }
  }

  /** Return whether the next state came by the socket; a refusal is told best by the form's reply. */
  async goLive(saved) {
    this.wasLive = true;
    const { message } = this;
    const reply = await this.live.ask(message, ({ key }) => key === message.key, ACK_WITHIN);
    if (reply?.type !== "ack") return false;
    this.isAcked = true;
    saved();
    const isOver = this.over.then(() => true);
    const isGone = [once(this.live, "close"), once(this.live, "completed"), pause(ANSWER_WITHIN)];
    return Promise.race([isOver, ...isGone.map((end) => end.then(() => false))]);
  }
}
