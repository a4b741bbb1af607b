/** Small comforts for every page, which work without this file, too. */

import { waiting } from "./outbox.js";
import { localiseTimes } from "./times.js";

localiseTimes(document);

const zone = document.querySelector("input[name=time_zone][type=hidden]");
if (zone && !zone.value) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.getAttribute("aria-busy") === "true") event.preventDefault();
    form.setAttribute("aria-busy", "true");
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
});

/** Round as the server does: a half goes to the even number. */
const rounded = (minutes) => (minutes % 1 === 0.5 ? 2 * Math.round(minutes / 2) : Math.round(minutes));

for (const form of document.querySelectorAll("form[data-estimate]")) {
  const text = form.querySelector("[data-estimate-text]");
  const show = () => {
    const questions = Number(form.elements.num_questions.value);
    const followUps = Number(form.elements.follow_ups_per_question.value);
    if (questions < 1 || questions > 20 || followUps < 0 || followUps > 3) return;
    text.textContent = `This takes about ${rounded(questions * (3 + followUps / 2))} minutes.`;
  };
  form.addEventListener("input", show);
  show();
}

const position = document.querySelector("input[name=position]");
if (position && document.getElementById("positions")) position.setAttribute("list", "positions");

document.querySelector("main [aria-invalid=true]:not([type=hidden])")?.focus();

const unsent = document.getElementById("room") ? [] : waiting();
if (unsent.length) import("./flush.js").then(({ flush }) => flush(unsent, document.getElementById("main")));
