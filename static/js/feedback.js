/** The feedback on the answer before, where it comes while the next question is shown already. */

import { fragment, turnOf } from "./partials.js";
import { gettext } from "./words.js";

export class Feedback {
  constructor(room, announce) {
    Object.assign(this, { room, announce, rating: null });
  }

  /** Take the feedback from a new state of the same question. */
  takeFrom(part) {
    const aside = part.querySelector(".feedback[data-feedback=done]");
    if (aside) this.take({ turn: Number(turnOf(this.room)) - 1, feedback_html: aside.outerHTML });
  }

  take(rating) {
    this.rating = rating;
    this.show();
  }

  get isDue() {
    const turn = turnOf(this.room);
    return Boolean(this.rating?.feedback_html) && (!turn || Number(turn) === this.rating.turn + 1);
  }

  /** Show it without moving the focus or what is being read. */
  show() {
    const aside = this.room.querySelector(".feedback");
    if (!this.isDue || this.room.querySelector("[aria-busy]") || aside?.dataset.feedback === "done") return;
    const part = fragment(this.rating.feedback_html);
    const mark = this.room.querySelector("#question");
    const before = mark.getBoundingClientRect().top;
    if (aside) aside.replaceWith(part);
    else this.room.prepend(part);
    window.scrollBy({ top: mark.getBoundingClientRect().top - before, behavior: "instant" });
    this.announce(gettext("The feedback on your last answer is there."));
  }
}
