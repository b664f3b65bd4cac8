// How loud it is, as bars that wander from right to left. Who wants no motion gets one look a second.

import { h } from './dom.js';

const BARS = 24;
const STEP_MS = 80;
const STILL_STEP_MS = 1000;
const QUIET = 0.004; // root mean square of a room in which nobody speaks

export class Level {
  #context;
  #timer;
  #loud = false;

  /** @param {HTMLElement} place @param {MediaStream} stream */
  constructor(place, stream) {
    this.bars = Array.from({ length: BARS }, () => h('i'));
    place.replaceChildren(...this.bars);
    this.#context = new AudioContext();
    this.#context.resume(); // some browsers begin with it asleep
    this.analyser = this.#context.createAnalyser();
    this.analyser.fftSize = 2048;
    this.samples = new Float32Array(this.analyser.fftSize);
    this.#context.createMediaStreamSource(stream).connect(this.analyser);
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#timer = setInterval(() => this.#step(still), still ? STILL_STEP_MS : STEP_MS);
  }

  /** Whether anything was heard yet. */
  get loud() {
    return this.#loud;
  }

  /** Ends it; once more does nothing. */
  stop() {
    clearInterval(this.#timer);
    if (this.#context.state !== 'closed') this.#context.close();
  }

  #step(still) {
    this.analyser.getFloatTimeDomainData(this.samples);
    const rms = Math.sqrt(this.samples.reduce((sum, s) => sum + s * s, 0) / this.samples.length);
    this.#loud ||= rms > QUIET;
    // An ear hears in ratios: from -50 dB to -10 dB.
    const part = Math.min(1, Math.max(0, (20 * Math.log10(rms + 1e-6) + 50) / 40));
    if (still) return this.bars.forEach((bar, i) => bar.style.setProperty('--part', i / BARS < part ? 0.6 : 0));
    const first = this.bars.shift();
    first.style.setProperty('--part', part);
    first.parentElement.append(first);
    this.bars.push(first);
  }
}
