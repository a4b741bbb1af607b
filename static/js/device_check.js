/** The device check: choose a microphone, see its level, and compare what was heard with what was to be said. */

import { whyNoSound } from "./can_record.js";
import { Meter } from "./meter.js";
import { microphone } from "./recorder.js";
import { Rehearsal } from "./rehearsal.js";
import { Voice } from "./voice.js";

const GOOD = 0.7;
const device = document.querySelector("[data-device]");
const place = document.querySelector("[data-rehearsal]");
const announcer = document.querySelector("[data-announce]");
const opener = device.querySelector("[data-open]");
const status = device.querySelector("[data-device-status]");
const chooser = device.querySelector("[data-microphones]");
const level = device.querySelector("[data-level]");
let stream = null;
let meter = null;

const say = (words) => {
  if (status.textContent !== words) status.textContent = words;
};

async function open() {
  meter?.close();
  for (const track of stream?.getTracks() ?? []) track.stop();
  try {
    stream = await microphone.open();
  } catch (error) {
    say(microphone.remedy(error));
    return;
  }
  meter = new Meter(stream, measure);
  say("Say something. The bar moves with your voice.");
  await list();
  const isFirst = !opener.closest("[hidden]");
  opener.parentElement.hidden = true;
  for (const name of ["[data-chooser]", "[data-level-line]"]) device.querySelector(name).hidden = false;
  if (isFirst) chooser.focus();
}

function measure(sample) {
  level.value = sample.level;
  if (sample.isSpeech) say("I can hear you.");
}

async function list() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  const inUse = stream.getTracks()[0].getSettings().deviceId;
  const options = devices
    .filter(({ kind }) => kind === "audioinput")
    .map(({ label, deviceId }, at) => new Option(label || `Microphone ${at + 1}`, deviceId, false, deviceId === inUse));
  chooser.replaceChildren(...options);
}

const wordsOf = (text) => text.toLowerCase().normalize("NFKD").match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];

/** Which part of the sentence was heard, from 0 to 1. */
function shareHeard(text) {
  const heard = new Set(wordsOf(text));
  const asked = wordsOf(document.querySelector("[data-sentence]").textContent);
  return asked.filter((word) => heard.has(word)).length / asked.length;
}

function judge({ text, nothing_heard: isNothing, low_confidence: isUnsure }) {
  const result = document.querySelector("[data-heard]");
  result.hidden = false;
  result.querySelector("[data-heard-text]").textContent = isNothing ? "Nothing." : text;
  voice.say("Say it again as often as you like.");
  const isGood = !isNothing && !isUnsure && shareHeard(text) >= GOOD;
  const verdict = result.querySelector("[data-verdict]");
  verdict.classList.toggle("notice-warning", !isGood);
  verdict.textContent = isGood
    ? "Your voice comes across well. You can speak your answers, and correct them before you send them."
    : "Too much was misheard. Go nearer to the microphone, or somewhere quieter, and say it again. You can type your answers instead; typing counts the same.";
}

if (whyNoSound()) {
  opener.hidden = true;
  say(whyNoSound());
}
opener.addEventListener("click", open);
chooser.addEventListener("change", () => {
  microphone.choose(chooser.value);
  open();
});
const voice = new Voice(place.querySelector("[data-voice]"), {
  live: new Rehearsal(place),
  turn: 1,
  take: judge,
  announce: (words) => (announcer.textContent = words),
});
