/** Measures how loud the microphone is, ten times a second. */

const EVERY = 100;
const QUIETEST = 0.008;
const ABOVE_NOISE = 2.5;
const CLIPPED = 0.985;
const DECIBELS = 60;

export class Meter {
  constructor(stream, note) {
    this.context = new AudioContext();
    this.analyser = this.context.createAnalyser();
    this.context.createMediaStreamSource(stream).connect(this.analyser);
    this.samples = new Float32Array(this.analyser.fftSize);
    this.noise = QUIETEST;
    this.note = note;
    this.context.resume().catch(() => {});
    this.ticker = setInterval(() => this.measure(), EVERY);
  }

  measure() {
    if (this.context.state !== "running") return;
    this.analyser.getFloatTimeDomainData(this.samples);
    const peak = this.samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    const loudness = Math.sqrt(this.samples.reduce((sum, sample) => sum + sample * sample, 0) / this.samples.length);
    const isSpeech = loudness > Math.max(QUIETEST, this.noise * ABOVE_NOISE);
    if (!isSpeech || loudness < this.noise) this.noise += (loudness - this.noise) / 10;
    this.note({ level: levelOf(loudness), isSpeech, isLoud: peak > CLIPPED });
  }

  close() {
    clearInterval(this.ticker);
    this.context.close();
  }
}

/** From silence (0) to as loud as it gets (1), as ears count. */
function levelOf(loudness) {
  return Math.min(1, Math.max(0, 1 + (20 * Math.log10(loudness || 1e-6)) / DECIBELS));
}
