// What stands where on the page of operations.

import { h, setText } from './dom.js';
import { Course, Meter, Spread } from './operations-chart.js';
import * as model from './operations-model.js';
import { Figures, Table } from './operations-parts.js';

const name = (label) => ({ key: 'name', label });
const numbers = (columns) => Object.entries(columns).map(([key, label]) => ({ key, label, number: true }));
const percentiles = { p50: 'p50', p95: 'p95' };

/** A part of the page under a heading of its own, with a word on how to read it. */
function section(id, title, note, ...parts) {
  return h('section', { class: 'ops-card', 'data-testid': `ops-${id}`, 'data-part': id, 'aria-labelledby': `ops-${id}` },
    h('h2', { id: `ops-${id}` }, title), note && h('p', { class: 'quiet' }, note), parts.map((part) => part.el));
}

export class View {
  #tiles = new Figures('tiles');
  #operations = new Table('Operations', [name('Operation'), ...numbers({ count: 'Runs', requests: 'Asked', errors: 'Errors', avg: 'Mean', ...percentiles, p99: 'p99' })], 'Nothing has run yet.');
  #stages = new Table('Stages of recalls', [name('Stage'), { key: 'bar', label: 'p50 within p95', picture: Spread }, ...numbers({ ...percentiles, count: 'Runs' })], '');
  #breakers = new Table('Breakers of the outside services', [name('Service'), { key: 'state', label: 'State' }, ...numbers({ failures: 'Failures', since: 'Since', until: 'Not before', running: 'Running', waiting: 'Waiting' })],
    'No outside service is set up here. The song catalogue answers by itself.');
  #caches = new Table('Caches', [name('Cache'), { key: 'meter', label: 'Hits', picture: Meter }, ...numbers({ rate: 'Rate', target: 'Target', hits: 'Hits', misses: 'Misses', size: 'Entries', bytes: 'Size' })], 'There are no caches.');
  #spared = new Table('Work spared', [name('Operation'), ...numbers({ joined: 'Shared a run', ahead: 'Loaded ahead' })], 'Nothing was shared or loaded ahead yet.');
  #limits = new Figures('figures');
  #refusals = new Table('Refused or slowed down', [name('What'), { key: 'whose', label: 'By' }, ...numbers({ count: 'Times' })], 'Nobody was refused or slowed down yet.');
  #pool = new Figures('figures');
  #slowest = new Table('Slowest recalls', [{ key: 'kind', label: 'Kind' }, ...numbers({ started: 'Started', total: 'Total', added: 'Our own' }), { key: 'ended', label: 'End' }, { key: 'course', label: 'Stages', picture: Course }],
    'No recall has ended yet.');

  /** @param {HTMLElement} body @param {HTMLElement} server where it is said which server this is */
  constructor(body, server) {
    this.server = server;
    body.replaceChildren(
      h('section', { class: 'ops-now', 'aria-label': 'Now', 'data-testid': 'ops-now' }, this.#tiles.el),
      section('operations', 'Operations', 'Runs are what was done; what was asked beyond them came from a cache or from another’s run. Times are of the last 1000 runs.', this.#operations),
      section('stages', 'Stages of recalls', 'The dark part of a bar is the median, the whole of it the 95th percentile.', this.#stages),
      section('pool', 'Database', 'The connections to it, and what is written together.', this.#pool),
      section('breakers', 'Breakers', 'The outside services, and whether they are asked.', this.#breakers),
      section('caches', 'Caches', 'How many of the lookups found what they sought. The mark is the target.', this.#caches),
      section('limits', 'Limits', 'Who was let in. The users are those of the last five minutes.', this.#limits),
      section('refusals', 'Refused or slowed down', 'Since the start, by what there was too much of.', this.#refusals),
      section('spared', 'Work spared', 'Asked at the same time as another, or loaded before anybody asked.', this.#spared),
      section('slowest', 'Slowest recalls', 'Of the last 1000. Our own time is the total without the outside services.', this.#slowest));
  }

  /** @param {object} stats as from /v1/stats @param {import('./operations-history.js').History} history */
  update(stats, history) {
    setText(this.server, model.server(stats));
    this.#tiles.update(model.tiles(stats, history));
    this.#operations.update(model.operations(stats));
    this.#stages.update(model.stages(stats));
    this.#breakers.update(model.breakers(stats));
    this.#caches.update(model.caches(stats));
    this.#spared.update(model.spared(stats));
    this.#limits.update(model.limits(stats));
    this.#refusals.update(model.refusals(stats));
    this.#pool.update(model.pool(stats, history));
    this.#slowest.update(model.slowest(stats));
  }
}
