/** Tells the time that is left, and when it is over. */

export class Clock {
  constructor(line, { announce, over }) {
    this.end = Date.now() + Number(line.dataset.secondsLeft) * 1000;
    this.face = line.querySelector("[data-timer]");
    this.announce = announce;
    this.over = over;
    this.isLast = this.left <= 60;
    this.ticker = setInterval(() => this.tick(), 1000);
    this.tick();
  }

  get left() {
    return Math.max(0, Math.ceil((this.end - Date.now()) / 1000));
  }

  tick() {
    const left = this.left;
    if (this.face) this.show(left);
    if (left) return;
    this.stop();
    setTimeout(this.over);
  }

  show(left) {
    this.face.textContent = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left` : "The time is over.";
    if (left > 60 || left === 0 || this.isLast) return;
    this.isLast = true;
    this.announce("One minute is left for this question.");
  }

  stop() {
    clearInterval(this.ticker);
  }
}
