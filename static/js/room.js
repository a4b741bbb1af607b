/** The interview room: sends an answer once, shows the next question in place, and loses nothing. */

import { AnswerForm } from "./answer_form.js";
import { Arrivals } from "./arrivals.js";
import { isStillSpeaking, mayGo } from "./before_sending.js";
import { Draft } from "./drafts.js";
import { resume, tellLeftovers } from "./earlier_visit.js";
import { Feedback } from "./feedback.js";
import { Live } from "./live.js";
import { Lookout } from "./lookout.js";
import * as outbox from "./outbox.js";
import { Overtime } from "./overtime.js";
import { keptNotices, parse, showProblem, turnOf } from "./partials.js";
import { Reader } from "./reader.js";
import { ANSWERING, OVER, SAVED, SENDING, TIME_OVER, WORKING } from "./room_states.js";
import { closings, phrases, refusal } from "./room_words.js";
import { Sending } from "./sending.js";
import { localiseTimes } from "./times.js";
import { VoiceOnDemand } from "./voice_on_demand.js";

const BEFORE_LISTENING = 1500;

export class Room {
  constructor(root, announcer) {
    Object.assign(this, { root, isHandsFree: false });
    this.announce = (text) => (announcer.textContent = text);
    this.live = root.dataset.socket ? new Live(root.dataset.socket) : null;
    this.feedback = new Feedback(root, this.announce);
    this.form = new AnswerForm(root);
    this.lookout = new Lookout(this);
    this.arrivals = new Arrivals(this);
    this.overtime = new Overtime(this);
    this.voices = new VoiceOnDemand();
    this.listen();
    this.begin();
    resume(this);
    this.readAndListen();
  }

  listen() {
    document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? this.draft?.leave() : this.overtime.ask()));
    for (const name of ["online", "focus"]) window.addEventListener(name, () => this.back());
    window.addEventListener("beforeunload", (event) => this.hasLoose && event.preventDefault());
    for (const name of ["state", "question", "completed"]) this.live?.addEventListener(name, ({ detail }) => this.arrivals.take(detail));
    this.live?.addEventListener("evaluation", ({ detail }) => this.feedback.take(detail));
    this.live?.addEventListener("refused", ({ detail: code }) => this.isSending || this.form.say(closings[code]));
    this.live?.addEventListener("open", () => this.back());
  }

  /** The one place where the room moves from one state to another; `sending` brings the answer while there is one. */
  enter(state, sending = null) {
    Object.assign(this, { state, sending });
    this.root.dataset.roomState = state;
    this.form.setBusy(this.isSending);
  }

  get isSending() {
    return this.state === SENDING || this.state === SAVED;
  }

  get isSaved() {
    return this.state === SAVED;
  }

  /** Whether the page has sound or words that closing it would lose. */
  get hasLoose() {
    return this.voice?.isHearing || (this.draft && !this.draft.isKept && !this.draft.isSaved);
  }

  get turn() {
    return turnOf(this.root);
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  /** Begin with what is shown now. */
  begin() {
    const form = this.form.element;
    this.enter(form ? ANSWERING : this.find("[data-room-working]") ? WORKING : OVER);
    this.draft = form && new Draft(form, (text) => this.form.say(text), this.live);
    form?.addEventListener("submit", (event) => this.send(event));
    form?.addEventListener("keydown", (event) => this.form.sendByKey(event));
    form?.querySelector(".keys")?.removeAttribute("hidden");
    if (this.find("[data-unsent]")) tellLeftovers(this);
    const tools = this.find("[data-reader]");
    this.reader = tools && new Reader(tools);
    this.openVoice();
    this.overtime.begin();
    if (this.state === WORKING) this.lookout.later();
  }

  openVoice() {
    const panel = this.find("[data-voice]");
    this.voice = null;
    if (!panel) return;
    panel.querySelector("[data-voice-free]").checked = this.isHandsFree;
    const take = (heard) => this.form.write(heard);
    const options = { live: this.live, turn: Number(this.turn), announce: this.announce, take, beforeStart: () => this.reader?.stop() };
    this.voices.open(panel, options, (voice) => (this.voice = voice));
  }

  leave() {
    this.sending?.end();
    this.lookout.stop();
    this.isHandsFree = Boolean(this.voice?.isFree);
    this.draft?.pause();
    this.voice?.close();
    this.reader?.stop();
    this.overtime.stop();
  }

  /** Show a new state of the room, and take the reader there. */
  show(part) {
    this.leave();
    this.root.replaceChildren(...keptNotices(this.root, part), ...part.childNodes);
    localiseTimes(this.root);
    this.begin();
    this.feedback.show();
    const { hasProblem } = this.form;
    (hasProblem ? this.form.box : this.find("#question"))?.focus();
    window.scrollTo({ top: 0 });
    if (!this.find("[role=alert]")) this.announce(this.find("#place")?.textContent.trim() ?? "");
    if (!hasProblem) this.readAndListen();
  }

  async readAndListen() {
    const mine = this.voice;
    if (this.reader?.isOn) await this.reader.read();
    else await new Promise((resolve) => setTimeout(resolve, BEFORE_LISTENING));
    if (mine && mine === this.voice && mine.isFree && !this.form.box.value.trim()) mine.begin();
  }

  send(event) {
    if (event.submitter?.name === "time_factor") return;
    event.preventDefault();
    const action = event.submitter?.value === "skip" ? "skip" : "answer";
    if (this.isSending || !mayGo(this, action)) return;
    if (action === "answer" && !this.overtime.isOver && isStillSpeaking(this)) return;
    this.deliver(outbox.put(this.form.element, action));
  }

  /** Bring an answer to the server; it is kept here until then. */
  async deliver(entry) {
    const mine = new Sending(entry, this.live);
    this.enter(SENDING, mine);
    this.draft.pause();
    showProblem(this.form.element, "");
    this.form.say(phrases.sending);
    const waiting = (why) => mine === this.sending && this.form.say(why);
    const reply = await mine.deliver({ saved: () => this.saved(entry, mine), waiting });
    if (reply && mine === this.sending) this.take(reply, entry);
  }

  saved(entry, mine) {
    outbox.drop(entry);
    if (mine !== this.sending) return;
    this.enter(SAVED, mine);
    this.draft.forget();
    this.form.say(phrases.answerSaved);
  }

  /** Take the server's reply to an answer: the room's next state, or a reason why it was not taken. */
  take({ ok, status, html }, entry) {
    const part = parse(html);
    if (ok || status === 409) this.draft.forget();
    if (status === 409) outbox.giveUp(entry);
    else if (status !== 404) outbox.drop(entry);
    return part ? this.show(part) : this.failed(refusal(status));
  }

  failed(words) {
    this.enter(ANSWERING);
    this.form.say("");
    showProblem(this.form.element, words);
    this.draft.resume();
    this.draft.typed();
  }

  /** Send what is there; if nothing is, say so, and ask for what comes next. */
  timeIsOver() {
    if (this.form.box.value.trim() && !this.form.hasProblem) {
      this.form.send();
    } else {
      this.enter(TIME_OVER);
      this.form.say(phrases.timeOver);
      this.lookout.look();
    }
  }

  /** The connection, or the person, is back: try again, and take "No connection" away. */
  back() {
    if (this.draft && !this.draft.paused) this.draft.save();
    if (this.form.isWaiting && this.draft?.isSaved && !this.isSending) this.form.say("");
  }
}

new Room(document.getElementById("room"), document.querySelector("[data-announce]"));
