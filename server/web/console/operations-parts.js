// Tables and figures that are brought up to date where they stand: an element stays as long as what it is about, so
// that a screen reader keeps its place and nothing flickers.

import { h, setAttribute, setText } from './dom.js';
import { Trail } from './operations-chart.js';

/** The children of an element by key: old ones stay, new ones are made, the rest goes; in the order of the items. */
class Keyed {
  #kept = new Map();

  constructor(parent, make) {
    Object.assign(this, { parent, make });
  }

  update(items) {
    const before = this.#kept;
    this.#kept = new Map(items.map((item) => [item.key, before.get(item.key) ?? this.make(item)]));
    for (const [key, part] of before) if (!this.#kept.has(key)) part.el.remove();
    [...this.#kept.values()].forEach(({ el }, i) => this.parent.children[i] !== el && this.parent.insertBefore(el, this.parent.children[i] ?? null));
    for (const item of items) this.#kept.get(item.key).update(item);
  }
}

/** Figures: a name, a value, and more about it. */
export class Figures {
  el = h('dl');
  #all = new Keyed(this.el, (item) => new Figure(item));

  /** @param {string} kind a class of the style sheet */
  constructor(kind) {
    this.el.className = kind;
  }

  /** @param {{key: string, label: string, text: string, more?: string, state?: string, trail?: object[]}[]} items */
  update(items) {
    this.#all.update(items);
  }
}

const JUDGED = { good: 'within its target', bad: 'outside its target' };

class Figure {
  #text = h('span', { class: 'figure-text', 'data-testid': 'figure-text' });
  #judged = h('span', { class: 'hidden' });
  #more = h('dd', { class: 'figure-more' });

  constructor({ key, label, trail }) {
    this.trail = trail && new Trail();
    const value = h('dd', { class: 'figure-value' }, h('span', { class: 'dot', 'aria-hidden': 'true' }), this.#text, this.#judged);
    this.el = h('div', { class: 'figure', 'data-testid': 'figure', 'data-key': key }, h('dt', {}, label), value, this.#more, trail && h('dd', {}, this.trail.el));
  }

  update({ text, more, state, trail }) {
    setText(this.#text, text);
    setText(this.#judged, state ? `, ${JUDGED[state]}` : '');
    setText(this.#more, more || '');
    setAttribute(this.el, 'data-state', state);
    this.trail?.update(trail);
  }
}

/**
 * A table in a frame that scrolls sideways where the screen is too narrow, by keyboard as well. It names its roles,
 * because a style sheet that lays rows out in another way would take them from it.
 */
export class Table {
  /**
   * @param {string} caption what the table is
   * @param {{key: string, label: string, number?: boolean, picture?: new () => {el: HTMLElement, update: (value: object) => void}}[]} columns
   *   the first one names the row
   * @param {string} empty what is said while there are no rows
   */
  constructor(caption, columns, empty) {
    const body = h('tbody', { role: 'rowgroup' });
    this.table = h('table', { role: 'table' }, h('caption', { class: 'hidden' }, caption), h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, columns.map(heading))), body);
    this.none = h('p', { class: 'quiet' }, empty);
    this.frame = h('div', { class: 'ops-scroll', role: 'group', 'aria-label': caption }, this.table);
    this.el = h('div', {}, this.frame, this.none);
    this.rows = new Keyed(body, (item) => new Row(columns, item));
    new ResizeObserver(() => this.#reachable()).observe(this.frame);
  }

  update(items) {
    this.frame.hidden = items.length === 0;
    this.none.hidden = items.length > 0;
    this.rows.update(items);
    this.#reachable();
  }

  /** A frame that scrolls must be reachable by Tab, and one that does not must not be in the way. */
  #reachable() {
    setAttribute(this.frame, 'tabindex', this.frame.scrollWidth > this.frame.clientWidth && '0');
  }
}

const heading = ({ key, label, number }) => h('th', { scope: 'col', role: 'columnheader', class: number && 'number', 'data-column': key }, label);

class Row {
  constructor(columns, { key }) {
    this.cells = columns.map((column, i) => new Cell(column, i === 0));
    this.el = h('tr', { role: 'row', 'data-testid': 'row', 'data-key': key }, this.cells.map((cell) => cell.el));
  }

  update(item) {
    for (const cell of this.cells) cell.update(item[cell.key]);
  }
}

class Cell {
  constructor({ key, label, number, picture: Picture }, names) {
    this.key = key;
    this.el = h(names ? 'th' : 'td', { scope: names && 'row', role: names ? 'rowheader' : 'cell', class: number && 'number', 'data-column': key, 'data-label': label });
    this.picture = Picture && new Picture();
    if (this.picture) this.el.append(this.picture.el);
  }

  /** @param {string|{text: string, state?: string, dot?: string}} value or what the column's picture takes */
  update(value) {
    if (this.picture) return this.picture.update(value);
    const { text, state, dot } = typeof value === 'string' ? { text: value } : value;
    setAttribute(this.el, 'data-state', state);
    if (dot) return this.#dotted(dot, text);
    setText(this.el, text);
  }

  #dotted(dot, text) {
    this.words ??= this.el.appendChild(h('span', { class: 'dotted' }, h('span', { class: 'dot', 'aria-hidden': 'true' }), h('span')));
    setAttribute(this.words, 'data-state', dot);
    setText(this.words.lastChild, text);
  }
}
