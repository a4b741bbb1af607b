/** Makes news of a stream of measurements: heard, silent, loud, and the pause after speaking. */

const SILENT_AFTER = 5000;
const PAUSE_AFTER = 4000;
const HEARD_AFTER = 3;
const LOUD_AFTER = 3;

export class Ears {
  constructor(tell) {
    this.tell = tell;
    this.lastSpeech = performance.now();
    this.speech = 0;
    this.loud = 0;
    this.hasSpoken = false;
    this.news = "";
  }

  note({ isSpeech, isLoud }) {
    this.speech = isSpeech ? this.speech + 1 : 0;
    this.loud = isLoud ? this.loud + 1 : 0;
    if (this.speech >= HEARD_AFTER) {
      this.lastSpeech = performance.now();
      this.hasSpoken = true;
    }
    this.say(this.judge());
  }

  judge() {
    const silence = performance.now() - this.lastSpeech;
    if (this.loud >= LOUD_AFTER) return "loud";
    if (this.hasSpoken && silence > PAUSE_AFTER) return silence > SILENT_AFTER ? "silent" : "pause";
    if (silence > SILENT_AFTER) return "silent";
    if (this.speech >= HEARD_AFTER) return "heard";
    return this.news;
  }

  say(news) {
    if (news === this.news) return;
    this.news = news;
    this.tell(news);
  }
}
