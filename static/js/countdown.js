/** The seconds before a hands-free answer ends; speaking or Cancel stops them, nothing else ends an answer. */

const SECONDS = 5;

export class Countdown {
  constructor(line, { announce, over }) {
    this.line = line;
    this.face = line.querySelector("[data-seconds]");
    this.announce = announce;
    this.over = over;
    line.querySelector("[data-cancel]").addEventListener("click", () => this.stop());
  }

  start() {
    this.stop();
    this.left = SECONDS;
    this.line.hidden = false;
    this.show();
    this.announce(`Finishing in ${SECONDS} seconds. Keep talking, or press Cancel.`);
    this.ticker = setInterval(() => this.tick(), 1000);
  }

  tick() {
    this.left -= 1;
    this.show();
    if (this.left > 0) return;
    this.stop();
    this.over();
  }

  show() {
    this.face.textContent = this.left;
  }

  stop() {
    clearInterval(this.ticker);
    this.line.hidden = true;
  }
}
