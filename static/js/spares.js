/** What was typed for a question and the server has not acknowledged: one copy for each tab, in this browser. */

import { forget, keep, keptUnder } from "./kept.js";

const PREFIX = "typed:";
const tab = Math.random().toString(36).slice(2);

export class Spares {
  constructor(url, turn) {
    this.beginning = `${PREFIX}${url}#`;
    this.turn = turn;
  }

  get mine() {
    return `${this.beginning}${this.turn}#${tab}`;
  }

  /** Keep a text that changed the server's draft of the revision `base`; return whether it outlives the page. */
  keep(text, base) {
    return keep(this.mine, JSON.stringify({ turn: this.turn, text, base }));
  }

  get all() {
    return keptUnder(this.beginning).map(([name, spare]) => ({ name, ...spare }));
  }

  /** Return the server's words with what was typed since; two versions stand one below the other. */
  merged(text, revision) {
    const own = this.all.filter(({ turn }) => turn === this.turn);
    const isNext = (words, { base }) => words === text && base === revision;
    return own.reduce((words, spare) => (isNext(words, spare) ? spare.text : together(words, spare.text)), text);
  }

  /** Forget this tab's copy, and every copy whose words the server has in `text`. */
  forget(text) {
    forget(this.mine);
    for (const spare of this.all) if (spare.turn === this.turn && text.includes(spare.text)) forget(spare.name);
  }

  /** Return the copies of questions that are not shown any more. */
  get ofOthers() {
    return this.all.filter(({ turn }) => turn !== this.turn);
  }
}

function together(words, text) {
  if (text.includes(words)) return text;
  return words.includes(text) ? words : `${words}\n\n${text}`;
}
