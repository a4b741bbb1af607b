/** The question that does not count: the room's own buttons, and nothing is sent but what is to be heard. */

import { Reader } from "./reader.js";
import { Rehearsal } from "./rehearsal.js";
import { Voice } from "./voice.js";

const place = document.querySelector("[data-rehearsal]");
const tools = place.querySelector("[data-reader]");
const panel = place.querySelector("[data-voice]");
const announcer = document.querySelector("[data-announce]");
const box = document.getElementById("answer");
const reader = tools && new Reader(tools);

function write({ text }) {
  box.value = [box.value.trimEnd(), text].filter(Boolean).join(" ");
}

const voice =
  panel &&
  new Voice(panel, {
    live: new Rehearsal(place),
    turn: 1,
    take: write,
    announce: (words) => (announcer.textContent = words),
    beforeStart: () => reader.stop(),
  });

place.querySelector("[data-practice-form]")?.addEventListener("submit", (event) => {
  if (voice?.state === "opening") voice.finish();
  if (!voice?.isHearing || event.submitter?.value === "skip") return;
  event.preventDefault();
  voice.finish();
});
if (reader?.isOn) reader.read();
