/** The interview room: sends an answer once, shows the next question in place, and loses nothing. */

import { Draft, sayings } from "./drafts.js";
import { Feedback } from "./feedback.js";
import { Live } from "./live.js";
import * as outbox from "./outbox.js";
import { keptNotices, parse, showProblem, turnOf } from "./partials.js";
import { Reader } from "./reader.js";
import { closings, isRoutine, isWaiting, phrases, refusal } from "./room_words.js";
import { Sending } from "./sending.js";
import { Spares } from "./spares.js";
import { TimeLimit } from "./time_limit.js";
import { localiseTimes } from "./times.js";
import { Voice } from "./voice.js";
import { get } from "./wire.js";

const room = document.getElementById("room");
const announcer = document.querySelector("[data-announce]");
const live = room.dataset.socket ? new Live(room.dataset.socket) : null;
const feedback = new Feedback(room, announce);
const LOOK_AGAIN = 2000;
const LOOK_WITHIN = 12000;
const NOT_A_CLICK = 1000;
const LAST_WORDS = 4000;
const BEFORE_LISTENING = 1500;
let draft = null;
let voice = null;
let reader = null;
let sending = null;
let limit = null;
let looking = 0;
let isHandsFree = false;
let surprisedAt = -NOT_A_CLICK;

const form = () => room.querySelector("[data-room-form]");
const box = () => form()?.elements.response_text;

function announce(text) {
  announcer.textContent = text;
}

/** Write the line under the answer; what comes and goes all the time is not read aloud. */
function say(text) {
  const line = room.querySelector("[data-saved]");
  if (!line || line.textContent === text) return;
  line.setAttribute("aria-live", isRoutine(text) ? "off" : "polite");
  line.textContent = text;
}

function setBusy(busy) {
  const current = form();
  if (!current) return;
  box().readOnly = busy;
  if (busy) current.setAttribute("aria-busy", "true");
  else current.removeAttribute("aria-busy");
}

/** Show a new state of the room, and take the reader there. */
function show(part) {
  leave();
  room.replaceChildren(...keptNotices(room, part), ...part.childNodes);
  localiseTimes(room);
  begin();
  feedback.show();
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
  limit?.stop();
}

function send(event) {
  if (event.submitter?.name === "time_factor") return;
  event.preventDefault();
  const action = event.submitter?.value === "skip" ? "skip" : "answer";
  if (sending || !mayGo(action)) return;
  if (action === "answer" && !limit.isOver && isStillSpeaking()) return;
  deliver(outbox.put(form(), action));
}

/** Bring an answer to the server; it is kept here until then. */
async function deliver(entry) {
  const mine = (sending = new Sending(entry, live));
  setBusy(true);
  draft.pause();
  showProblem(form(), "");
  say(phrases.sending);
  const reply = await mine.deliver({ saved: () => saved(entry, mine), waiting: (why) => mine === sending && say(why) });
  if (reply && mine === sending) take(reply, entry);
}

function saved(entry, mine) {
  outbox.drop(entry);
  if (mine !== sending) return;
  draft.forget();
  say(phrases.answerSaved);
}

/** A press meant for the question before does nothing; one that would lose words asks first. */
function mayGo(action) {
  if (performance.now() - surprisedAt < NOT_A_CLICK) return false;
  const isLoss = action === "skip" && (box().value.trim() || voice?.isHearing);
  return !isLoss || window.confirm(phrases.maySkip);
}

/** What is being said is written down first, unless the person does not want to wait. */
function isStillSpeaking() {
  if (voice?.state === "opening") voice.finish();
  if (!voice?.isHearing || (voice.state === "finishing" && !live.isOpen)) return false;
  if (voice.state === "finishing") return !window.confirm(phrases.maySendWithout);
  voice.finish();
  announce(phrases.readFirst);
  return true;
}

/** Take the server's reply to an answer: the room's next state, or a reason why it was not taken. */
function take({ ok, status, html }, entry) {
  const part = parse(html);
  if (ok || status === 409) draft.forget();
  if (status === 409) outbox.giveUp(entry);
  else if (status !== 404) outbox.drop(entry);
  return part ? show(part) : failed(refusal(status));
}

function failed(words) {
  sending = null;
  setBusy(false);
  say("");
  showProblem(form(), words);
  draft.resume();
  draft.typed();
}

/** Return the room's state by the server, or null if it cannot be reached. */
async function fetchState() {
  try {
    const response = await get(window.location.href, { within: LOOK_WITHIN });
    return response.ok && !response.redirected ? parse(await response.text()) : null;
  } catch {
    return null;
  }
}

/** Ask for the room's state until there is something else to do in it. */
async function look() {
  const now = (looking = setTimeout(look, LOOK_AGAIN + LOOK_WITHIN));
  const part = await fetchState();
  if (sending || looking !== now) return;
  clearTimeout(looking);
  const isSame = !part || part.querySelector("[data-room-working]") || (turnOf(part) && turnOf(part) === turnOf(room));
  if (isSame) looking = setTimeout(look, LOOK_AGAIN);
  else moveOn(part);
}

/** Take a state that the socket brought. */
function arrive(message) {
  const part = parse(message.html);
  if (part && message.aside && sending?.isAcked) return show(part);
  if (!part || Number(turnOf(part)) < Number(turnOf(room))) return;
  const isWorking = part.querySelector("[data-room-working]");
  if (turnOf(part) === turnOf(room) && (form() || isWorking || room.querySelector("[data-room-over]"))) {
    if (form()) feedback.takeFrom(part);
  } else if (!sending) {
    moveOn(part, message.turns);
  } else if (sending.isAcked && !isWorking) {
    show(part);
  }
}

/** Show a state that nobody asked for, and tell which words it leaves behind. */
function moveOn(part, turns = []) {
  const given = turns.find((one) => String(one.turn) === turnOf(room))?.answer ?? "";
  const words = unsent(given);
  if (form()) surprisedAt = performance.now();
  if (words) draft.spares.keep(words, null);
  else draft?.forget();
  show(part);
  if (words) tellLeftovers();
}

/** Tell which words of earlier questions are not on the server. */
async function tellLeftovers() {
  const { showLeftovers } = await import("./leftovers.js");
  showLeftovers(room, turnOf(room));
}

/** What was written or said here, and does not stand in another tab's answer. */
function unsent(given) {
  if (!form()) return "";
  const words = [box().value, voice?.heardSoFar].filter(Boolean).join(" ");
  const isOwn = words.trim() && words !== box().defaultValue && words.trim() !== given.trim();
  return isOwn ? words : "";
}

/** Send what is there if the server agrees that the time is over. */
async function timeIsOver() {
  const current = form();
  if (sending || !current) return;
  if (voice?.isBusy) await lastWords();
  draft.save();
  const part = await fetchState();
  if (sending || current !== form()) return;
  if (!part) say(sayings.offline);
  else if (turnOf(part) !== turnOf(room) || limit.leftIn(part) > 1) return takeTime(part);
  else return endOfTime(current);
  setTimeout(timeIsOver, LOOK_AGAIN);
}

function endOfTime(current) {
  if (box().value.trim() && !room.querySelector("#problem")) return sendAnswer(current);
  say(phrases.timeOver);
  return look();
}

/** The computer may have slept: let the server say how much time is left. */
async function askTime() {
  const current = form();
  const part = limit?.isLimited ? await fetchState() : null;
  if (part && !sending && current === form()) takeTime(part);
}

function takeTime(part) {
  if (turnOf(part) !== turnOf(room)) return moveOn(part);
  if (isWaiting(room.querySelector("[data-saved]")?.textContent)) say("");
  return limit.setFrom(part);
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

/** Put what was heard after what is written already. */
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
  draft = current && new Draft(current, say, live);
  current?.addEventListener("submit", send);
  current?.addEventListener("keydown", sendByKey);
  current?.querySelector(".keys")?.removeAttribute("hidden");
  if (room.querySelector("[data-unsent]")) tellLeftovers();
  const tools = room.querySelector("[data-reader]");
  reader = tools && new Reader(tools);
  const panel = room.querySelector("[data-voice]");
  if (panel) panel.querySelector("[data-voice-free]").checked = isHandsFree;
  voice = panel && new Voice(panel, { live, turn: Number(turnOf(room)), announce, take: write, beforeStart: () => reader?.stop() });
  limit = new TimeLimit(room, { announce, over: timeIsOver, jumped: askTime });
  if (room.querySelector("[data-room-working]")) looking = setTimeout(look, LOOK_AGAIN);
}

/** Go on with what an earlier visit has left behind. */
function resume() {
  const entries = outbox.waiting(room.dataset.room);
  const mine = entries.find(({ fields }) => fields.turn === turnOf(room));
  const others = entries.filter((entry) => entry !== mine);
  if (mine) {
    box().value = mine.fields.response_text;
    deliver(mine);
  }
  if (others.length) import("./flush.js").then(({ flush }) => flush(others, room));
  if (new Spares(room.dataset.draftUrl, turnOf(room)).ofOthers.length) tellLeftovers();
}

/** The connection, or the person, is back: try again, and take "No connection" away. */
function back() {
  const line = room.querySelector("[data-saved]");
  if (draft && !draft.paused) draft.save();
  if (line && isWaiting(line.textContent) && draft?.isSaved && !sending) say("");
}

document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? draft?.leave() : askTime()));
for (const name of ["online", "focus"]) window.addEventListener(name, back);
window.addEventListener("beforeunload", (event) => {
  if (voice?.isHearing || (draft && !draft.isKept && !draft.isSaved)) event.preventDefault();
});
for (const name of ["state", "question", "completed"]) live?.addEventListener(name, ({ detail }) => arrive(detail));
live?.addEventListener("evaluation", ({ detail }) => feedback.take(detail));
live?.addEventListener("refused", ({ detail: code }) => sending || say(closings[code]));
live?.addEventListener("open", back);
begin();
resume();
readAndListen();
