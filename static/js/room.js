/** The interview room: sends an answer once, shows the next question in place, and loses nothing. */

import { Clock } from "./clock.js";
import { Draft, forgetSpare, sayings } from "./drafts.js";
import { Live } from "./live.js";
import { Reader } from "./reader.js";
import { Sending } from "./sending.js";
import { localiseTimes } from "./times.js";
import { Voice } from "./voice.js";

const room = document.getElementById("room");
const announcer = document.querySelector("[data-announce]");
const csrf = document.querySelector("[data-csrf] input").value;
const live = room.dataset.socket ? new Live(room.dataset.socket) : null;
const LOOK_AGAIN = 2000;
const NOT_A_CLICK = 1000;
const LAST_WORDS = 4000;
const BEFORE_LISTENING = 1500;
let draft = null;
let voice = null;
let reader = null;
let sending = null;
let rating = null;
let clocks = [];
let looking = 0;
let isTimeOver = false;
let isHandsFree = false;
let surprisedAt = 0;

const form = () => room.querySelector("[data-room-form]");
const box = () => form()?.elements.response_text;
const turn = (root) => root.querySelector("[name=turn]")?.value;

function announce(text) {
  announcer.textContent = text;
}

function say(text) {
  const line = room.querySelector("[data-saved]");
  if (line && line.textContent !== text) line.textContent = text;
}

function setBusy(busy) {
  const current = form();
  if (!current) return;
  box().readOnly = busy;
  if (busy) current.setAttribute("aria-busy", "true");
  else current.removeAttribute("aria-busy");
}

/** Put a new state of the room in place of the old one, and take the reader there. */
function show(part, words = "") {
  leave();
  const notice = words ? noticeOf(words) : keptNotice(part);
  room.replaceChildren(...notice, ...part.childNodes);
  localiseTimes(room);
  begin();
  rate();
  const problem = room.querySelector("#problem");
  (problem ? box() : room.querySelector("#question"))?.focus();
  window.scrollTo({ top: 0 });
  if (!room.querySelector("[role=alert]")) announce(room.querySelector("#place")?.textContent.trim() ?? "");
  if (!problem) readAndListen();
}

function leave() {
  sending?.end();
  sending = null;
  clearTimeout(looking);
  isHandsFree = Boolean(voice?.isFree);
  draft?.pause();
  voice?.close();
  reader?.stop();
  clocks.forEach((clock) => clock.stop());
}

/** The notice with words that were written for a question that is closed now. */
function noticeOf(words) {
  const notice = document.querySelector("[data-unsent-form]").content.cloneNode(true);
  notice.querySelector("[data-unsent-words]").textContent = words;
  return [notice];
}

function keptNotice(part) {
  const notice = room.querySelector("[data-unsent]");
  if (!notice || part.querySelector("[data-unsent]") || turn(part) !== turn(room)) return [];
  notice.removeAttribute("role");
  return [notice];
}

function parse(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html ?? "";
  for (const input of holder.content.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = csrf;
  return holder.content.querySelector("#question") ? holder.content : null;
}

async function send(event) {
  event.preventDefault();
  const current = form();
  const isSkip = event.submitter?.value === "skip";
  if (sending || !mayGo(isSkip)) return;
  if (!isSkip && !isTimeOver && isStillSpeaking()) return;
  const mine = (sending = new Sending(current, event.submitter, live));
  setBusy(true);
  draft.pause();
  say("Sending…");
  try {
    const reply = await mine.deliver({ saved: () => mine === sending && saved(), waiting });
    if (reply && mine === sending) await take(reply);
  } catch {
    if (mine === sending) failed("No connection. Nothing is lost: send it again when it is back.");
  }
}

function saved() {
  forgetSpare();
  say("Saved. The next question is on its way.");
}

function waiting() {
  say("No connection. Your answer is kept here, and goes out as soon as it is back.");
}

/** A press that was meant for the question before, or that would lose words, does nothing or asks first. */
function mayGo(isSkip) {
  if (Date.now() - surprisedAt < NOT_A_CLICK) return false;
  const isLoss = isSkip && (box().value.trim() || voice?.isBusy);
  return !isLoss || window.confirm("Skip this question? What you said or wrote for it is not sent.");
}

function isStillSpeaking() {
  if (!voice?.isBusy || (voice.state === "finishing" && !live.isOpen)) return false;
  voice.finish();
  announce("One moment. Read what was heard, then send it.");
  return true;
}

/** Take the server's reply to an answer: the room's next state, or a reason why it was not taken. */
async function take(response) {
  if (response.redirected || response.status === 403) return failed(sayings.signedOut);
  const part = parse(await response.text());
  if (!part) return failed("That did not work. Nothing is lost: send it again in a moment.");
  if (response.ok || response.status === 409) forgetSpare();
  return show(part);
}

function failed(words) {
  sending = null;
  setBusy(false);
  say(words);
  announce(words);
  draft.resume();
  if (isTimeOver) setTimeout(finish, LOOK_AGAIN);
}

/** Ask for the room's state until there is something else to do in it. */
async function look() {
  const now = (looking = setTimeout(look, LOOK_AGAIN + 10000));
  const response = await fetch(window.location.href, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  const part = response?.ok && !response.redirected ? parse(await response.text()) : null;
  if (sending || looking !== now) return;
  clearTimeout(looking);
  const isSame = !part || part.querySelector("[data-room-working]") || (turn(part) && turn(part) === turn(room));
  if (isSame) looking = setTimeout(look, LOOK_AGAIN);
  else show(part);
}

/** Take a state that the socket brought; words that were written for a closed question stay in sight. */
function arrive(message) {
  const part = parse(message.html);
  if (!part || isBehind(part)) return;
  const isWorking = part.querySelector("[data-room-working]");
  if (turn(part) === turn(room) && (form() || isWorking || room.querySelector("[data-room-over]"))) {
    takeRating(part);
    return;
  }
  if (sending) {
    if (sending.isAcked && !isWorking) show(part);
    return;
  }
  const words = unsent(message);
  if (form()) surprisedAt = Date.now();
  if (form()) forgetSpare();
  show(part, words);
}

/** Turns only go up: what was sent before the question shown is old. */
function isBehind(part) {
  return Number(turn(part)) < Number(turn(room));
}

/** Take the feedback, where it came while the same question is shown. */
function takeRating(part) {
  const aside = part.querySelector(".feedback[data-feedback=done]");
  if (!aside || !form()) return;
  rating = { turn: Number(turn(room)) - 1, feedback_html: aside.outerHTML };
  rate();
}

/** What was written or said here for the question shown, and was neither sent nor stands in another tab's answer. */
function unsent({ turns = [] }) {
  if (!form()) return "";
  const words = [box().value, voice?.heardSoFar].filter(Boolean).join(" ");
  const given = turns.find((one) => String(one.turn) === turn(room))?.answer ?? "";
  const isOwn = words.trim() && words !== box().defaultValue && words.trim() !== given.trim();
  return isOwn ? words : "";
}

/** Show the rating of the answer before, without moving the focus or what is being read. */
function rate() {
  const aside = room.querySelector(".feedback");
  const isNext = !form() || Number(turn(room)) === rating?.turn + 1;
  if (!rating?.feedback_html || !isNext || sending || aside?.dataset.feedback === "done") return;
  const holder = document.createElement("template");
  holder.innerHTML = rating.feedback_html;
  const mark = room.querySelector("#question");
  const before = mark.getBoundingClientRect().top;
  if (aside) aside.replaceWith(holder.content);
  else room.prepend(holder.content);
  window.scrollBy({ top: mark.getBoundingClientRect().top - before, behavior: "instant" });
  announce("The feedback on your last answer is there.");
}

/** Send what is there at the end of the time; where there is nothing, wait for the next question. */
function timeIsOver() {
  if (isTimeOver || sending) return;
  isTimeOver = true;
  finish();
}

async function finish() {
  const current = form();
  if (!isTimeOver || !current) return;
  if (voice?.isBusy) await lastWords();
  if (current !== form()) return;
  const isSendable = box().value.trim() && !room.querySelector("#problem");
  if (isSendable) {
    sendAnswer(current);
  } else {
    say("The time is over. The next question is on its way.");
    look();
  }
}

async function lastWords() {
  await voice.wrapUp(LAST_WORDS);
  if (voice.heardSoFar) write({ text: voice.heardSoFar, recording: "" });
}

function sendAnswer(current) {
  current.requestSubmit(current.querySelector("[value=answer]"));
}

function sendByKey(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  sendAnswer(form());
}

/** Put what was heard after what is written already, to be confirmed or corrected. */
function write({ text, recording }) {
  if (recording) form().elements.recording.value = recording;
  if (!text) return;
  box().value = [box().value.trimEnd(), text].filter(Boolean).join(" ");
  box().dispatchEvent(new Event("input", { bubbles: true }));
}

async function readAndListen() {
  const mine = voice;
  if (reader?.isOn) await reader.read();
  else await new Promise((resolve) => setTimeout(resolve, BEFORE_LISTENING));
  if (mine && mine === voice && mine.isFree && !box().value.trim()) mine.begin();
}

function begin() {
  const current = form();
  isTimeOver = false;
  draft = current && new Draft(current, say, live);
  current?.addEventListener("submit", send);
  current?.addEventListener("keydown", sendByKey);
  current?.querySelector(".keys")?.removeAttribute("hidden");
  const tools = room.querySelector("[data-reader]");
  reader = tools && new Reader(tools);
  const panel = room.querySelector("[data-voice]");
  if (panel) panel.querySelector("[data-voice-free]").checked = isHandsFree;
  voice = panel && new Voice(panel, { live, turn: Number(turn(room)), announce, take: write, beforeStart: () => reader?.stop() });
  const lines = [...room.querySelectorAll("[data-seconds-left]")];
  clocks = lines.map((line) => new Clock(line, { announce, over: timeIsOver }));
  if (room.querySelector("[data-room-working]")) looking = setTimeout(look, LOOK_AGAIN);
}

document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && draft?.leave());
window.addEventListener("online", () => draft?.save());
window.addEventListener("beforeunload", (event) => voice?.isBusy && event.preventDefault());
for (const name of ["state", "question", "completed"]) live?.addEventListener(name, ({ detail }) => arrive(detail));
live?.addEventListener("evaluation", ({ detail }) => {
  rating = detail;
  rate();
});
begin();
readAndListen();
