/** The interview room: sends an answer once, shows the next question in place, and loses nothing. */

import { Clock } from "./clock.js";
import { Draft, forgetSpare, post, sayings } from "./drafts.js";
import { localiseTimes } from "./times.js";

const room = document.getElementById("room");
const announcer = document.querySelector("[data-announce]");
const LOOK_AGAIN = 2000;
const SEND_WITHIN = 40000;
let draft = null;
let clocks = [];
let isTimeOver = false;

const form = () => room.querySelector("[data-room-form]");
const isBusy = () => form()?.getAttribute("aria-busy") === "true";
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
  current.elements.response_text.readOnly = busy;
  if (busy) current.setAttribute("aria-busy", "true");
  else current.removeAttribute("aria-busy");
}

/** Put a new state of the room in place of the old one, and take the reader there. */
function show(part) {
  draft?.pause();
  clocks.forEach((clock) => clock.stop());
  room.replaceChildren(...part.childNodes);
  localiseTimes(room);
  begin();
  const problem = room.querySelector("#problem");
  (problem ? room.querySelector("textarea") : room.querySelector("#question"))?.focus();
  window.scrollTo({ top: 0 });
  if (!room.querySelector("[role=alert]")) announce(room.querySelector("#place")?.textContent.trim() ?? "");
}

function parse(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.querySelector("#question") ? holder.content : null;
}

async function send(event) {
  event.preventDefault();
  const current = form();
  if (isBusy() || !mayGo(event.submitter, current)) return;
  const body = new FormData(current, event.submitter);
  setBusy(true);
  draft.pause();
  say("Sending…");
  try {
    await take(await post(current.getAttribute("action"), body, { signal: AbortSignal.timeout(SEND_WITHIN) }));
  } catch {
    failed("No connection. Nothing is lost: send it again when it is back.");
  }
}

function mayGo(button, current) {
  const isLoss = button?.value === "skip" && current.elements.response_text.value.trim();
  return !isLoss || window.confirm("Skip this question? What you wrote for it is not sent.");
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
  setBusy(false);
  say(words);
  announce(words);
  draft.resume();
  if (isTimeOver) setTimeout(finish, LOOK_AGAIN);
}

/** Ask for the room's state until there is something else to do in it. */
async function look() {
  const response = await fetch(window.location.href, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  const part = response?.ok && !response.redirected ? parse(await response.text()) : null;
  if (isBusy()) return;
  const isSame = !part || part.querySelector("[data-room-working]") || (turn(part) && turn(part) === turn(room));
  if (isSame) setTimeout(look, LOOK_AGAIN);
  else show(part);
}

/** Send what is there at the end of the time; where there is nothing, wait for the next question. */
function timeIsOver() {
  if (isTimeOver || isBusy()) return;
  isTimeOver = true;
  finish();
}

function finish() {
  const current = form();
  if (!isTimeOver || !current) return;
  const isSendable = current.elements.response_text.value.trim() && !room.querySelector("#problem");
  if (isSendable) {
    sendAnswer(current);
  } else {
    say("The time is over. The next question is on its way.");
    look();
  }
}

function sendAnswer(current) {
  current.requestSubmit(current.querySelector("[value=answer]"));
}

function sendByKey(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  sendAnswer(form());
}

function begin() {
  const current = form();
  isTimeOver = false;
  draft = current && new Draft(current, say);
  current?.addEventListener("submit", send);
  current?.addEventListener("keydown", sendByKey);
  current?.querySelector(".keys")?.removeAttribute("hidden");
  const lines = [...room.querySelectorAll("[data-seconds-left]")];
  clocks = lines.map((line) => new Clock(line, { announce, over: timeIsOver }));
  if (room.querySelector("[data-room-working]")) setTimeout(look, LOOK_AGAIN);
}

document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && draft?.leave());
window.addEventListener("online", () => draft?.save());
begin();
