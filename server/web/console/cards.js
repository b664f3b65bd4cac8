// One builder for each kind of entry in a conversation. A builder makes an element once and returns what updates it, so
// that a growing answer or a revised candidate changes in place and neither focus nor scroll position is lost.

import { h, icon, link, setAttribute, setText } from './dom.js';
import { pending, user } from './said.js';
import { intentWords, inWords, noteWords, serviceName, stageWords } from './words.js';

/** The live line of a recall; when it ends it becomes a quiet line of the same height. */
function stage(act) {
  const words = h('span', { class: 'stage-text', 'data-testid': 'stage-text' });
  const intent = h('span', { class: 'intent', title: 'What this was taken for', 'data-testid': 'intent' });
  const cancel = h('button', { type: 'button', class: 'small', 'data-testid': 'cancel', on: { click: () => act('cancel', el.entry) } }, icon('stop'), 'Stop');
  const bars = h('span', { class: 'bars', 'aria-hidden': 'true' }, ...Array.from({ length: 5 }, () => h('i')));
  const el = h('li', { class: 'entry stage', 'data-testid': 'stage' }, bars, words, intent, cancel);
  return {
    el,
    update(e) {
      setText(words, stageWords(e));
      setText(intent, intentWords(e.intent));
      setAttribute(el, 'data-stage', e.end ? null : e.stage ?? 'waiting');
      setAttribute(el, 'data-state', e.end ? 'ended' : 'running');
      cancel.hidden = Boolean(e.end);
      cancel.disabled = Boolean(e.cancelling);
    },
  };
}

function answer() {
  const text = h('p', { class: 'text', dir: 'auto' });
  const waiting = h('p', { class: 'skeleton', 'aria-hidden': 'true' }, h('i'), h('i'));
  const sources = h('p', { class: 'sources' });
  const el = h('li', { class: 'entry answer', 'data-testid': 'answer' }, waiting, text, sources);
  return {
    el,
    update(e) {
      const blank = e.streaming && !e.text;
      if (e.streaming) setAttribute(el, 'data-reserved', 'true');
      waiting.hidden = !blank;
      setText(text, e.text ?? '');
      text.hidden = blank;
      setAttribute(el, 'data-streaming', e.streaming ? 'true' : null);
      setAttribute(el, 'aria-busy', e.streaming ? 'true' : null);
      sources.replaceChildren(...links(e.sources), ...related(e.related));
    },
  };
}

const links = (list) => (Array.isArray(list) ? list : []).map((s) => link(s?.url ?? s, s?.title)).filter(Boolean);

function related(songs) {
  const names = (songs ?? []).map((s) => (typeof s === 'string' ? s : [s.title, s.artist].filter(Boolean).join(' by '))).filter(Boolean);
  return names.length ? [h('span', {}, `See also ${names.join(', ')}`)] : [];
}

function candidate(act) {
  const title = h('h2', { class: 'song', dir: 'auto', 'data-testid': 'candidate-title' });
  const artist = h('p', { class: 'artist', dir: 'auto', 'data-testid': 'candidate-artist' });
  const rank = h('span', { class: 'rank', 'aria-hidden': 'true' });
  const disc = h('div', { class: 'disc', 'aria-hidden': 'true' }, rank);
  const meter = confidenceMeter();
  const finders = h('ul', { class: 'badges', 'aria-label': 'Found by', 'data-testid': 'candidate-finders' });
  const reason = h('p', { class: 'reason', dir: 'auto', 'data-testid': 'candidate-reason' });
  const more = h('p', { class: 'quiet', dir: 'auto' });
  const sources = h('p', { class: 'sources', 'data-testid': 'candidate-sources' });
  const judge = (name, symbol, words) =>
    h('button', { type: 'button', class: 'small', 'data-testid': name, on: { click: () => act(name, el.entry) } }, icon(symbol), words);
  const yes = judge('confirm', 'check', 'That’s it');
  const no = judge('reject', 'cross', 'Not this one');
  const verdict = h('p', { class: 'verdict', 'data-testid': 'verdict' });
  const actions = h('div', { class: 'actions' }, yes, no, verdict, sources);
  meter.el.append(finders);
  const el = h('li', { class: 'entry', 'data-testid': 'candidate' },
    h('article', { class: 'card' }, disc, h('div', { class: 'card-body' }, title, artist, meter.el, reason, more, actions)));
  return {
    el,
    update(e) {
      const c = e.candidate;
      setText(title, c.title);
      setText(artist, [c.artist, c.album, c.year].filter(Boolean).join(' · '));
      setText(rank, String(e.place));
      disc.style.setProperty('--hue', hue(c.key || c.title));
      meter.update(c.confidence);
      setText(reason, c.reason ?? '');
      setText(more, [c.background, c.lyric_snippet && `“${c.lyric_snippet}”`].filter(Boolean).join(' '));
      sources.replaceChildren(...links(c.source_urls));
      finders.replaceChildren(...(c.sources ?? []).map((name) => h('li', { 'data-source': name }, serviceName(name))));
      setAttribute(el, 'data-key', c.key);
      setAttribute(el, 'data-rank', e.place);
      setAttribute(el, 'data-verdict', e.verdict);
      // A verdict belongs to a stored message; until then the buttons hold their place.
      for (const button of [yes, no]) Object.assign(button, { disabled: !e.id || Boolean(e.judging) });
      setAttribute(yes, 'aria-pressed', String(e.verdict === 'confirmed'));
      setAttribute(no, 'aria-pressed', String(e.verdict === 'rejected'));
      setAttribute(yes, 'aria-label', `That’s it: ${c.title}`);
      setAttribute(no, 'aria-label', `Not this one: ${c.title}`);
      setText(verdict, { confirmed: 'You found it', rejected: 'Ruled out' }[e.verdict] ?? '');
    },
  };
}

function confidenceMeter() {
  const fill = h('span', { class: 'fill' });
  const bar = h('span', { class: 'bar', role: 'meter', 'aria-label': 'Confidence', 'aria-valuemin': 0, 'aria-valuemax': 100 }, fill);
  const words = h('span', { class: 'words', 'data-testid': 'candidate-confidence' });
  const el = h('p', { class: 'confidence' }, bar, words);
  return {
    el,
    update(confidence) {
      el.hidden = typeof confidence !== 'number';
      if (el.hidden) return;
      const percent = Math.round(confidence * 100);
      fill.style.setProperty('--part', confidence);
      setAttribute(bar, 'aria-valuenow', percent);
      setAttribute(bar, 'aria-valuetext', `${percent} %, ${inWords(confidence)}`);
      setText(words, `${percent} % · ${inWords(confidence)}`);
    },
  };
}

/** Each song keeps its own colour. */
function hue(key) {
  let sum = 7;
  for (const c of String(key)) sum = (sum * 31 + c.codePointAt(0)) % 3600;
  return sum / 10;
}

function followUp(act) {
  const text = h('p', { class: 'question', dir: 'auto', 'data-testid': 'follow-up-text' });
  const reply = h('button', { type: 'button', class: 'small', 'data-testid': 'follow-up-answer', on: { click: () => act('answer', el.entry) } }, icon('reply'), 'Answer');
  const el = h('li', { class: 'entry follow-up', 'data-testid': 'follow-up' }, h('p', { class: 'eyebrow' }, 'One question'), text, reply);
  return {
    el,
    update(e) {
      setText(text, e.text);
      setAttribute(el, 'data-open', e.open ? 'true' : 'false');
      reply.hidden = !e.open;
    },
  };
}

function note(act) {
  const text = h('p', { class: 'text' });
  const again = h('button', { type: 'button', class: 'small', 'data-testid': 'ask-again', on: { click: () => act('again', el.entry) } }, 'Ask again');
  const el = h('li', { class: 'entry note', 'data-testid': 'note' }, text, again);
  return {
    el,
    update(e) {
      setText(text, e.text || noteWords(e.end));
      setAttribute(el, 'data-end', e.end?.type);
      again.hidden = !e.end || e.end.type === 'recall.completed' || e.end.retryable === false;
    },
  };
}

/** When nobody here knows: words to put to others. */
function crowd(act) {
  const text = h('p', { class: 'question', dir: 'auto', 'data-testid': 'crowd-text' });
  const copy = h('button', { type: 'button', class: 'small', 'data-testid': 'crowd-copy', on: { click: () => act('copy', el.entry) } }, icon('copy'), 'Copy the question');
  const el = h('li', { class: 'entry crowd', 'data-testid': 'crowd' }, h('p', { class: 'eyebrow' }, 'Ask others'),
    h('p', { class: 'quiet' }, 'Somebody you know may have it on the tip of their tongue.'), text, copy);
  return { el, update: (e) => setText(text, e.text) };
}

const KINDS = { user, pending, stage, answer, candidate, follow_up: followUp, note, crowd };

/**
 * @param {object} entry of ThreadView.entries
 * @param {(action: string, entry: object) => void} act what to do when a button in it is used
 * @param {(mediaId: string) => Promise<Blob>} media gives what was uploaded
 * @returns {{el: HTMLElement, update: (entry: object) => void, gone?: () => void}} `gone` frees what it holds
 */
export function build(entry, act, media) {
  const made = KINDS[entry.kind](act, media);
  return {
    el: made.el,
    gone: made.gone,
    update(e) {
      made.el.entry = e;
      setAttribute(made.el, 'data-kind', e.kind);
      setAttribute(made.el, 'data-seq', e.id ? e.seq : null);
      setAttribute(made.el, 'data-type', e.type ?? e.kind);
      setAttribute(made.el, 'data-message-id', e.id);
      if (!made.el.dataset.testid) made.el.dataset.testid = 'message';
      made.update(e);
    },
  };
}
