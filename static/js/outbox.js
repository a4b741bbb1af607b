/** Answers that the server has not acknowledged yet, each with its key. */

import { forget, keep, keptUnder } from "./kept.js";
import { Spares } from "./spares.js";

const PREFIX = "answer to send:";
const FIELDS = ["turn", "key", "recording", "response_text"];
const OLDEST = 30 * 24 * 3600 * 1000;

/** Keep what a form is about to send. */
export function put(form, action) {
  const fields = Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value]));
  const { draftUrl } = form.dataset;
  const entry = { url: form.getAttribute("action"), draftUrl, fields: { ...fields, action }, at: new Date().toISOString() };
  keep(nameOf(entry), JSON.stringify(entry));
  spareOf(entry).forget(fields.response_text);
  return entry;
}

export function drop(entry) {
  forget(nameOf(entry));
}

/** The answer was refused: keep its words until they are put away. */
export function giveUp(entry) {
  drop(entry);
  const { response_text: words, action } = entry.fields;
  if (action === "answer" && words.trim()) spareOf(entry).keep(words, null);
}

const spareOf = ({ draftUrl, fields }) => new Spares(draftUrl, fields.turn);

/** Return what waits to be sent, for one room or for all of them. */
export function waiting(url) {
  const entries = keptUnder(PREFIX).map(([, entry]) => entry);
  entries.filter(isOld).forEach(drop);
  const mine = entries.filter((entry) => !isOld(entry) && (!url || entry.url === url));
  return mine.sort((one, other) => one.fields.turn - other.fields.turn);
}

const nameOf = ({ url, fields }) => `${PREFIX}${url}#${fields.turn}#${fields.key}`;

const isOld = ({ at }) => new Date() - new Date(at) > OLDEST;
