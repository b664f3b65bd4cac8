// How the outside services are: read from the statistics every few seconds, and only while somebody looks.

import { h, setText } from './dom.js';
import { serviceName, stateWords } from './words.js';

const $ = (id) => document.getElementById(id);
const EVERY_MS = 3000;

/**
 * @param {Record<string, {state: string, failures: number, opened_at?: string}>} breakers
 * @returns {{name: string, state: string, words: string, more: string}[]} by name
 */
export function serviceRows(breakers, time = (at) => new Date(at).toLocaleTimeString()) {
  return Object.entries(breakers).map(([name, { state, failures, opened_at: openedAt }]) => ({
    name: serviceName(name), state, words: stateWords(state),
    more: [failures > 0 && `${failures} ${failures === 1 ? 'failure' : 'failures'} in a row`, openedAt && state !== 'closed' && `since ${time(openedAt)}`].filter(Boolean).join(', '),
  })).sort((a, b) => a.name.localeCompare(b.name));
}

export class Services {
  #timer;
  #drawn = '';

  constructor() {
    const panel = $('services');
    panel.addEventListener('toggle', ({ newState }) => newState === 'open' && this.#look(true));
    panel.addEventListener('beforetoggle', ({ newState }) => newState === 'closed' && this.#look(false)); // at once; toggle comes later
    document.addEventListener('visibilitychange', () => this.#look(!document.hidden && panel.matches(':popover-open')));
  }

  close() {
    if ($('services').matches(':popover-open')) $('services').hidePopover();
  }

  #look(on) {
    clearInterval(this.#timer);
    if (!on) return;
    $('services-title').focus();
    this.#read();
    this.#timer = setInterval(() => this.#read(), EVERY_MS);
  }

  async #read() {
    try {
      const answer = await fetch('/v1/stats');
      if (!answer.ok) throw new Error(String(answer.status));
      this.#draw((await answer.json()).breakers ?? {});
    } catch {
      setText($('services-note'), 'The server does not say right now; this is asked again in a moment.');
    }
  }

  /** Only what changed is drawn anew, so that a screen reader keeps its place. */
  #draw(breakers) {
    const rows = serviceRows(breakers);
    setText($('services-note'), rows.length ? '' : 'No outside service is set up here. The song catalogue answers by itself.');
    if (this.#drawn === JSON.stringify(rows)) return;
    this.#drawn = JSON.stringify(rows);
    $('services-list').replaceChildren(...rows.map(({ name, state, words, more }) => h('li', { 'data-testid': 'service', 'data-name': name, 'data-state': state },
      h('span', { class: 'dot', 'aria-hidden': 'true' }), h('span', { class: 'service-name' }, name),
      h('span', { class: 'service-state' }, words), more && h('span', { class: 'service-more' }, more))));
  }
}
