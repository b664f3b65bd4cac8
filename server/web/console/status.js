// What the page says about the connection and about limits. Both count seconds, so one ticking clock serves them.

import { announce, h, setAttribute, setText } from './dom.js';

const $ = (id) => document.getElementById(id);
const seconds = (at) => Math.max(0, Math.ceil((at - Date.now()) / 1000));

const LIMITS = { recall_minute: 'this minute', recall_hour: 'this hour', recall_concurrent: 'at once' };

/** @returns {string} the connection in a few words */
export function connectionWords({ state, code, retryAt }) {
  switch (state) {
    case 'live': return 'Live';
    case 'connecting': return code === undefined ? 'Connecting' : 'Reconnecting';
    case 'offline': return 'Offline';
    case 'reconnecting': return `${code === 1012 ? 'Restarting, back' : 'Reconnecting'} in ${seconds(retryAt)} s`;
    case 'closed': return 'Disconnected';
    default: return 'Not connected';
  }
}

export class Status {
  #connection = { state: 'idle' };
  #policies = [];
  #notice = null; // {words, until?}
  #timer = setInterval(() => this.#draw(), 500);

  /** @param {() => void} retry */
  constructor(retry) {
    $('retry-now').onclick = retry;
  }

  stop() {
    clearInterval(this.#timer);
    this.notice(null);
  }

  connection(state) {
    const before = this.#connection.state;
    this.#connection = state;
    this.#draw();
    // Only the turns are told aloud; counting down is not.
    if (before === state.state || state.state === 'connecting' || (before !== 'live' && state.state !== 'live')) return;
    if (before !== 'idle') announce(state.state === 'live' ? 'Connected again' : connectionWords(state));
  }

  limits({ policies }) {
    const now = Date.now();
    this.#policies = policies.map((p) => ({ ...p, resetAt: now + p.reset_ms }));
    this.#draw();
  }

  /** A recall has ended, and the server says limits only when one begins. */
  freed() {
    const p = this.#policies.find(({ policy }) => policy === 'recall_concurrent');
    if (p) p.remaining = Math.min(p.limit, p.remaining + 1);
    this.#draw();
  }

  /** A line above the composer. @param {string|((s: number) => string)|null} words with `forMs`, told the seconds left */
  notice(words, forMs) {
    this.#notice = words && { words, until: forMs && Date.now() + forMs };
    this.#draw();
  }

  #draw() {
    this.#drawConnection();
    this.#drawLimits();
    this.#drawNotice();
  }

  #drawConnection() {
    const { state, reason } = this.#connection;
    setAttribute($('connection'), 'data-state', state);
    setAttribute($('connection'), 'title', state === 'live' ? null : reason);
    setText($('connection-text'), connectionWords(this.#connection));
    $('retry-now').hidden = !['reconnecting', 'offline', 'closed'].includes(state);
  }

  #drawLimits() {
    // How many may run at once matters only when no more may.
    const shown = this.#policies.filter((p) => LIMITS[p.policy] && (p.policy !== 'recall_concurrent' || p.remaining <= 0));
    const words = shown.map((p) => {
      const left = p.remaining <= 0 && p.policy !== 'recall_concurrent' && p.resetAt <= Date.now() ? 1 : p.remaining;
      const wait = left <= 0 && p.reset_ms > 0 ? `, again in ${seconds(p.resetAt)} s` : '';
      return [p.policy, `${left} of ${p.limit} ${LIMITS[p.policy]}${wait}`, left <= 0 ? 'none' : left * 4 <= p.limit ? 'few' : 'many'];
    });
    const list = $('limits');
    if (list.dataset.drawn === JSON.stringify(words)) return;
    list.dataset.drawn = JSON.stringify(words);
    list.replaceChildren(...words.map(([policy, text, left]) => h('li', { 'data-policy': policy, 'data-left': left }, text)));
  }

  #drawNotice() {
    const n = this.#notice;
    if (n?.until && n.until <= Date.now()) this.#notice = null;
    const words = this.#notice && (typeof n.words === 'function' ? n.words(seconds(n.until)) : n.words);
    setText($('notice'), words ?? '');
    $('notice').hidden = !words;
  }
}

/** Says an error of the server kindly. @param {import('../client/recall.js').RecallError} err */
export function kindly(err) {
  switch (err.code) {
    case 'rate_limited': return {
      recall_minute: 'That was a lot of searches in one minute.', recall_hour: 'That was a lot of searches in one hour.',
      recall_concurrent: 'Several searches are still running.', frames: 'The page spoke too fast for the server.',
    }[err.policy] ?? 'That was a little too fast.';
    case 'busy': return 'This search has a few questions waiting already. Let one finish first.';
    case 'not_found': return 'This is not there any more.';
    case 'unavailable': return 'The server cannot do this right now. Nothing is lost; try again in a moment.';
    case 'internal': return 'Something went wrong on the server’s side. Try again in a moment.';
    case 'too_large': return 'That is larger than the server takes (25 MB).';
    case 'unsupported_media': return 'The server can make nothing of this file; it may be damaged or of another kind.';
    case 'connection_lost': return 'The connection was lost before the server answered.';
    case 'closed': return 'You are not connected.';
    default: return err.message || 'That did not work.';
  }
}
