/** The form of the open question: its box, its button, and the line under it. */

import { isRoutine, isWaiting } from "./room_words.js";

export class AnswerForm {
  constructor(root) {
    this.root = root;
  }

  /** The form itself; there is none while no question is open. */
  get element() {
    return this.root.querySelector("[data-room-form]");
  }

  get box() {
    return this.element?.elements.response_text;
  }

  get line() {
    return this.root.querySelector("[data-saved]");
  }

  get isWaiting() {
    return isWaiting(this.line?.textContent);
  }

  get hasProblem() {
    return Boolean(this.root.querySelector("#problem"));
  }

  /** Write the line under the answer; what comes and goes all the time is not read aloud. */
  say(text) {
    const { line } = this;
    if (!line || line.textContent === text) return;
    line.setAttribute("aria-live", isRoutine(text) ? "off" : "polite");
    line.textContent = text;
  }

  setBusy(busy) {
    if (!this.element) return;
    this.box.readOnly = busy;
    if (busy) this.element.setAttribute("aria-busy", "true");
    else this.element.removeAttribute("aria-busy");
  }

  send() {
    this.element.requestSubmit(this.element.querySelector("[value=answer]"));
  }

  sendByKey(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.send();
  }

  /** Put what was heard after what is written already. */
  write({ text, recording }) {
    const { box } = this;
    if (recording) this.element.elements.recording.value = recording;
    if (!text) return;
    box.value = [box.value.trimEnd(), text].filter(Boolean).join(" ");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Return what was written or heard here, if it does not stand in another tab's answer, which is `given`. */
  unsent(heard, given) {
    const { box } = this;
    if (!box) return "";
    const words = [box.value, heard].filter(Boolean).join(" ");
    const isOwn = words.trim() && words !== box.defaultValue && words.trim() !== given.trim();
    return isOwn ? words : "";
  }
}
