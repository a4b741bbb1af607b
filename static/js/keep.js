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

async function copy(text, told) {
  try {
    await navigator.clipboard.writeText(text);
    told.textContent = gettext("Copied.");
  } catch {
    told.textContent = gettext("This browser does not let the page copy. Mark the text and copy it yourself.");
  }
}

document.querySelector("[data-keep]").hidden = false;
document.querySelector("[data-copy]").addEventListener("click", () => copy(asText(), said));
document.querySelector("[data-print]").addEventListener("click", () => window.print());

for (const button of document.querySelectorAll("[data-copy-link]")) {
  const row = button.closest("li");
  button.hidden = false;
  button.addEventListener("click", () => copy(row.querySelector("[data-share-link]").textContent, row.querySelector("[data-link-copied]")));
}
