// The page of operations: how the server is, for who runs it. The statistics answer everybody, so it needs no sign-in;
// they are read every two seconds, and only while the page can be seen.

import { setAttribute, setText } from './dom.js';
import { clock } from './operations-format.js';
import { History } from './operations-history.js';
import { View } from './operations-view.js';

/** Where the page is. */
export const OPERATIONS = '#/operations';

const EVERY_MS = 2000;
const PATIENCE_MS = 5000; // for one answer
const $ = (id) => document.getElementById(id);

export class Operations {
  #history = new History();
  #view;
  #timer;
  #asking = null; // of the poll under way
  #read = 0; // when the values that are shown were read

  constructor() {
    document.addEventListener('visibilitychange', () => this.#poll());
  }

  /** Shows the page, or goes from it. @param {boolean} on @param {string} [back] where its way back leads; a hash */
  show(on, back) {
    if (on === this.#shown) return;
    setAttribute(document.documentElement, 'data-page', on && 'operations'); // hides the rest, whoever is signed in
    $('operations').hidden = !on;
    if (on) this.#arrive(back || '#/'); // an empty address would load the page anew
    else $($('app').hidden ? 'dev-sign-in' : 'title').focus();
    this.#poll();
  }

  get #shown() {
    return !$('operations').hidden;
  }

  #arrive(back) {
    this.#view ??= new View($('operations-body'), $('operations-server'));
    setAttribute($('operations-back'), 'href', back);
    document.title = 'Operations · Recall';
    $('operations-title').focus();
  }

  /** One poll after the other as long as somebody looks: a slow answer is waited for, and never asked twice. */
  async #poll() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = null;
    if (!this.#shown || document.hidden) return;
    const asking = this.#asking = new AbortController();
    const { stats, trouble } = await read(asking.signal);
    if (asking.signal.aborted) return;
    if (stats) this.#take(stats);
    this.#say(trouble);
    this.#timer = setTimeout(() => this.#poll(), EVERY_MS);
  }

  #take(stats) {
    this.#read = Date.now();
    this.#history.add(stats, performance.now());
    this.#view.update(stats, this.#history);
  }

  /** The state is told to screen readers when it changes; the time, which always changes, is not. */
  #say(trouble) {
    setAttribute($('operations'), 'data-state', trouble ? 'stale' : 'live');
    setText($('operations-state'), trouble || 'Live');
    setText($('operations-time'), this.#read ? `· ${trouble ? 'values of ' : ''}${clock(this.#read)}` : '');
    $('operations-body').hidden = !this.#read;
  }
}

/** @returns {Promise<{stats?: object, trouble?: string}>} the statistics, or why there are none */
async function read(signal) {
  try {
    const answer = await fetch('/v1/stats', { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) });
    return answer.ok ? { stats: await answer.json() } : { trouble: `The server answers ${answer.status}` };
  } catch {
    return { trouble: 'The server does not answer' };
  }
}
