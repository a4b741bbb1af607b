/** Results to keep: copied as text, or printed; what is folded away is not in either. */

import { gettext } from "./words.js";

const results = document.querySelector("[data-results]");
const said = document.querySelector("[data-copied]");

/** Return the results in words, without what is there to be pressed. */
function asText() {
  const hidden = [...results.querySelectorAll(".no-print, .visually-hidden, summary")].filter((element) => !element.hidden);
  for (const element of hidden) element.hidden = true;
  const text = results.innerText.replace(/\n{3,}/g, "\n\n").trim();
  for (const element of hidden) element.hidden = false;
  return text;
}

async function copy() {
  try {
    await navigator.clipboard.writeText(asText());
    said.textContent = gettext("Copied.");
  } catch {
    said.textContent = gettext("This browser does not let the page copy. Mark the text and copy it yourself.");
  }
}

document.querySelector("[data-keep]").hidden = false;
document.querySelector("[data-copy]").addEventListener("click", copy);
document.querySelector("[data-print]").addEventListener("click", () => window.print());
