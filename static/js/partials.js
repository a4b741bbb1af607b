/** The room's state as the server sends it, and the notices above it. */

import { csrfToken } from "./wire.js";

/** Return the number of the turn that is open in a room; the feedback has forms of the turn before. */
export const turnOf = (root) => root.querySelector("[data-room-form] [name=turn]")?.value;

/** Return a part of a page, with our own token in its forms. */
export function fragment(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html ?? "";
  for (const input of holder.content.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = csrfToken();
  return holder.content;
}

/** Return the room's next state, or null if this is none. */
export function parse(html) {
  const part = fragment(html);
  return part.querySelector("#question") ? part : null;
}

/** Return a notice with words for a question that is closed, and why it is. */
export function noticeOf(words, why) {
  const notice = document.querySelector("[data-unsent-form]").content.cloneNode(true).querySelector("[data-unsent]");
  notice.querySelector("[data-unsent-why]").textContent = why;
  notice.querySelector("[data-unsent-words]").textContent = words;
  return notice;
}

/** Return the notices that are shown now, if they are to stay above the next state. */
export function keptNotices(room, part) {
  const notices = [...room.querySelectorAll("[data-unsent]")];
  if (part.querySelector("[data-unsent]") || turnOf(part) !== turnOf(room)) return [];
  for (const notice of notices) notice.removeAttribute("role");
  return notices;
}

/** Say at the answer why it was not taken. */
export function showProblem(form, words) {
  form.querySelector("#problem")?.remove();
  if (!words) return;
  const line = document.createElement("p");
  Object.assign(line, { id: "problem", className: "error", textContent: words });
  line.setAttribute("role", "alert");
  form.elements.response_text.after(line);
}
