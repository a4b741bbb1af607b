/** Small comforts for every page, which work without this file, too. */

import { waiting } from "./outbox.js";
import "./pairs.js";
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

if (document.querySelector("form[data-estimate]")) import("./estimate.js");

const position = document.querySelector("input[name=position]");
if (position && document.getElementById("positions")) position.setAttribute("list", "positions");

document.querySelector("main [aria-invalid=true]:not([type=hidden])")?.focus();

const unsent = document.getElementById("room") ? [] : waiting();
if (unsent.length) import("./flush.js").then(({ flush }) => flush(unsent, document.getElementById("main")));
