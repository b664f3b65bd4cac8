// Small pictures beside the figures. They say nothing that the text does not say, so screen readers pass them by.

import { h, setAttribute } from './dom.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 100;
const HEIGHT = 24;

/** A line over the last minutes, from zero up to the most there was. */
export class Trail {
  #line = document.createElementNS(SVG, 'path');
  #ground = document.createElementNS(SVG, 'path');

  constructor() {
    this.el = document.createElementNS(SVG, 'svg');
    for (const [name, value] of Object.entries({ viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', class: 'trail', 'aria-hidden': 'true', focusable: 'false' })) this.el.setAttribute(name, value);
    this.#ground.setAttribute('class', 'ground');
    this.el.append(this.#ground, this.#line);
  }

  /** @param {{at: number, value: number}[]} points */
  update(points) {
    const line = path(points);
    setAttribute(this.#line, 'd', line);
    setAttribute(this.#ground, 'd', line && `${line}V${HEIGHT}H${(points[0].at * WIDTH).toFixed(2)}Z`);
  }
}

/** @param {{at: number, value: number}[]} points @returns {string} as the d of an SVG path; empty without two points */
export function path(points) {
  if (points.length < 2) return '';
  const most = Math.max(...points.map((p) => p.value)) || 1;
  return points.map(({ at, value }, i) => `${i ? 'L' : 'M'}${(at * WIDTH).toFixed(2)} ${(HEIGHT - 1 - (value / most) * (HEIGHT - 2)).toFixed(2)}`).join('');
}

const part = (el, name, value) => el.style.setProperty(name, String(value)); // by the object model: the page's policy forbids style attributes

/** Median and 95th percentile in one bar. */
export class Spread {
  #p50 = h('i', { class: 'p50' });
  #p95 = h('i', { class: 'p95' });
  el = h('span', { class: 'spread', 'aria-hidden': 'true' }, this.#p95, this.#p50);

  update({ name, p50, p95 }) {
    setAttribute(this.el, 'data-stage', name);
    part(this.#p50, '--part', p50);
    part(this.#p95, '--part', p95);
  }
}

/** How full, with a mark where it should be. */
export class Meter {
  #fill = h('i');
  #mark = h('b');
  el = h('span', { class: 'meter', 'aria-hidden': 'true' }, this.#fill, this.#mark);

  update({ part: value, target }) {
    part(this.#fill, '--part', value);
    this.#mark.hidden = !target;
    part(this.#mark, '--at', target ?? 0);
  }
}

/** The stages of one recall: a bar of their lengths, and below it the same in words, which are the legend. */
export class Course {
  #bar = h('span', { class: 'course-bar', 'aria-hidden': 'true' });
  #words = h('span', { class: 'course-words' });
  #drawn;
  el = h('span', { class: 'course' }, this.#bar, this.#words);

  update(stages) {
    const drawn = JSON.stringify(stages);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#bar.replaceChildren(...stages.map(({ name, text, part: length }) => {
      const el = h('i', { 'data-stage': name, title: text });
      part(el, '--part', length);
      return el;
    }));
    this.#words.replaceChildren(...stages.flatMap(({ name, text }, i) => [i > 0 && h('span', { class: 'hidden' }, ', '), h('span', { 'data-stage': name }, text)]).filter(Boolean));
  }
}
