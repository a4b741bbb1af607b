/** Words of questions that were closed before they reached the server: told until they are put away. */

import { forget } from "./kept.js";
import { noticeOf } from "./partials.js";
import { Spares } from "./spares.js";
import { post } from "./wire.js";

/** Show above the room what the server does not have of earlier questions, and why it takes it no more. */
export async function showLeftovers(room, turn) {
  const url = room.dataset.draftUrl;
  for (const notice of room.querySelectorAll("[data-unsent]")) armed(notice, url);
  for (const spare of new Spares(url, turn).ofOthers) {
    if (wordsShown(room).includes(spare.text)) continue;
    const reply = await post(url, { turn: spare.turn, text: spare.text }).catch(() => null);
    if (reply?.status !== 409) continue;
    const { detail, answer = "" } = await reply.json();
    if (answer.includes(spare.text)) forget(spare.name);
    else room.prepend(armed(noticeOf(spare.text, detail), url));
  }
}

const wordsShown = (root) => [...root.querySelectorAll("[data-unsent-words]")].map(({ textContent }) => textContent);

/** Give a notice of unsent words its button, which forgets them. */
export function armed(notice, url) {
  const button = notice.querySelector("[data-put-away]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const [words] = wordsShown(notice);
    for (const { text, name } of new Spares(url, "").ofOthers) if (text === words) forget(name);
    notice.remove();
  });
  return notice;
}
