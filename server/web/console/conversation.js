// The middle of the page: keeps the list of entries on the screen equal to the view, and the reader's place steady.

import { build } from './cards.js';
import { h, icon, setText } from './dom.js';

const NEAR_PX = 64;
const MARGIN_PX = 16;
const END_PX = 32; // below the last entry

export class Conversation {
  #nodes = new Map(); // entry key -> {el, update, signature}
  #scheduled = false;
  #threadId = null;
  #stick = true;
  #asked = false; // something was sent since the thread was shown
  #entries = () => [];

  /**
   * @param {{act: (action: string, entry: object) => void, older: () => void, media: (mediaId: string) => Promise<Blob>}} handlers
   *   `older` is called when the reader comes near the top
   */
  constructor({ act, older, media }) {
    this.act = act;
    this.media = media;
    this.scroller = document.getElementById('main');
    this.list = document.getElementById('messages');
    this.room = document.getElementById('room');
    this.jump = document.getElementById('jump');
    this.olderLine = document.getElementById('older');
    this.jumpText = h('span');
    this.jump.append(icon('down'), this.jumpText);
    this.jump.addEventListener('click', () => { this.scroller.scrollTop = this.#end; });
    this.scroller.addEventListener('scroll', () => {
      this.#stick = this.#atBottom();
      this.jump.hidden = this.#stick || !this.list.children.length;
      if (this.scroller.scrollTop < 4 * NEAR_PX) older();
    }, { passive: true });
    // The keyboard of a phone, or a growing composer, makes the list shorter: its end stays in sight.
    new ResizeObserver(() => this.#stick && this.#settle()).observe(this.scroller);
  }

  /** Shows another thread, from its end. @param {string|null} threadId @param {() => object[]} entries */
  show(threadId, entries) {
    this.#threadId = threadId;
    this.#entries = entries;
    this.#stick = true;
    this.#asked = false;
    for (const node of this.#nodes.values()) node.gone?.();
    this.#nodes.clear();
    this.list.replaceChildren();
    this.list.classList.add('still');
    this.#paint();
    requestAnimationFrame(() => requestAnimationFrame(() => this.list.classList.remove('still')));
  }

  /** Paints at the next frame, however many events ask for it. */
  refresh() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const paint = () => {
      if (!this.#scheduled) return;
      this.#scheduled = false;
      this.#paint();
    };
    // A tab that nobody sees gets no frames, and is not always told so; it is to be right when it is looked at.
    requestAnimationFrame(paint);
    setTimeout(paint, 100);
  }

  older(words) {
    setText(this.olderLine, words ?? '');
    this.olderLine.hidden = !words;
  }

  /** Goes on with the newest, wherever the reader is. */
  follow() {
    this.#stick = this.#asked = true;
    this.refresh();
  }

  #atBottom() {
    return this.#end - this.scroller.scrollTop < NEAR_PX;
  }

  /** The scroll position that shows the last entry, whatever room is kept below it. */
  get #end() {
    return this.room.offsetTop + END_PX - this.scroller.clientHeight;
  }

  get #ownTop() {
    const own = [...this.list.children].findLast((el) => el.classList.contains('user'));
    return own ? own.offsetTop - MARGIN_PX : this.#end;
  }

  /** Keeps room below the words just sent, so that they stand at the top at once and the answer fills in below, moving nothing. */
  #keepRoom() {
    const height = this.#asked ? Math.max(0, this.#ownTop - this.#end) : 0;
    this.room.style.height = `${height}px`;
  }

  /** Follows the end, but never so far that the words that were answered leave the screen: an answer is read from its top. */
  #settle() {
    this.#keepRoom();
    if (!this.list.children.length) return; // what to try is read from its top
    this.scroller.scrollTop = this.#asked ? this.#ownTop : Math.min(this.#end, this.#ownTop);
  }

  #paint() {
    const anchor = this.#stick ? null : this.#firstVisible();
    const entries = this.#entries();
    const keys = new Set(entries.map((e) => e.key));
    for (const [key, node] of this.#nodes) {
      if (keys.has(key)) continue;
      node.el.remove();
      node.gone?.();
      this.#nodes.delete(key);
    }
    entries.forEach((entry, i) => this.#place(entry, i));
    this.#keepRoom();
    if (this.#stick) this.#settle();
    else if (anchor?.el.isConnected) this.scroller.scrollTop += anchor.el.getBoundingClientRect().top - anchor.top;
    this.jump.hidden = entries.length === 0 || this.#atBottom();
    setText(this.jumpText, entries.find((e) => e.open)?.text ?? 'Newest'); // a question may be out of sight below the cards
  }

  #place(entry, i) {
    let node = this.#nodes.get(entry.key);
    if (!node) this.#nodes.set(entry.key, (node = build(entry, this.act, this.media)));
    const signature = JSON.stringify(entry);
    if (node.signature !== signature) node.update(entry);
    node.signature = signature;
    if (this.list.children[i] !== node.el) this.list.insertBefore(node.el, this.list.children[i] ?? null);
  }

  #firstVisible() {
    const top = this.scroller.getBoundingClientRect().top;
    for (const el of this.list.children) {
      const box = el.getBoundingClientRect();
      if (box.bottom > top) return { el, top: box.top };
    }
    return null;
  }
}

const EXAMPLES = [
  'A slow piano song from the seventies where a man asks us to picture a world without borders',
  'Eighties synth pop, a high man’s voice, and the video is half pencil drawing',
  'French, a tiny woman with a huge voice who regrets nothing at all',
  'Guitar rock from the nineties about smelling like some kind of deodorant',
  'Spanish summer hit of 2017 that takes things slowly',
];

/** Fills the list of things to try. @param {(text: string) => void} choose */
export function showExamples(choose) {
  const items = EXAMPLES.map((text) => h('li', {}, h('button', { type: 'button', 'data-testid': 'example', on: { click: () => choose(text) } }, text)));
  document.getElementById('examples').replaceChildren(...items);
}
