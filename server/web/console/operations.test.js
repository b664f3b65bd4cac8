// The page of operations without a browser: what happens now out of counts since the start, and figures in words.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { path } from './operations-chart.js';
import { bytes, count, decimal, NONE, percent, span, time } from './operations-format.js';
import { History, KEPT_MS } from './operations-history.js';
import * as model from './operations-model.js';

const stats = (queries, recalls, errors = 0, more = {}) => ({ connections: 3, db: { queries }, operations: { resolve_recall: { count: recalls, errors, p95_ms: 900 } }, uptime_s: 10, ...more });

function history(...polls) {
  const all = new History();
  for (const [at, ...values] of polls) all.add(stats(...values), at);
  return all;
}

const texts = (figures) => Object.fromEntries(figures.map(({ key, text, state }) => [key, state ? `${text} ${state}` : text]));

test('figures are short and carry their unit', () => {
  assert.deepEqual([0, 0.001, 0.042, 0.42, 4.25, 42.4, 999.4, 999.6, 1234, 12_340, 59_949, 60_000, 125_400].map(time),
    ['0 ms', '< 0.01 ms', '0.04 ms', '0.4 ms', '4.3 ms', '42 ms', '999 ms', '1.00 s', '1.23 s', '12.3 s', '59.9 s', '1 min 0 s', '2 min 5 s']);
  assert.deepEqual([0, 0.0002, 0.004, 0.0123, 0.5, 0.705, 0.9951, 0.9999, 1].map(percent), ['0 %', '< 0.1 %', '0.4 %', '1.2 %', '50 %', '71 %', '99.5 %', '> 99.9 %', '100 %']);
  assert.deepEqual([0, 1023, 1024, 18_400_000, 2 ** 31].map(bytes), ['0 B', '1,023 B', '1 KiB', '18 MiB', '2 GiB']);
  assert.deepEqual([0, 59, 60, 3661, 93_211].map(span), ['0 s', '59 s', '1 min', '1 h 1 min', '1 d 1 h']);
  assert.deepEqual([count(12_345), decimal(2), decimal(2.04)], ['12,345', '2', '2.0']);
});

test('what is not known is a dash', () => {
  for (const format of [count, decimal, time, percent, bytes, span]) assert.deepEqual([undefined, null, NaN].map(format), [NONE, NONE, NONE]);
});

test('rates are over the last minute, and not before there are two polls', () => {
  assert.equal(history([0, 100, 10]).perSecond('queries'), undefined);
  const all = history([0, 0, 0], [60_000, 600, 60], [90_000, 720, 120], [120_000, 780, 150]);
  assert.equal(all.perSecond('queries'), 3);
  assert.equal(all.rise('recalls'), 90);
  assert.equal(all.per('queries', 'recalls'), 2);
  assert.equal(history([0, 0, 5], [2000, 40, 5]).per('queries', 'recalls'), undefined, 'without a recall there is no share');
});

test('after a pause nothing is compared across it', () => {
  const all = history([0, 0, 0], [600_000, 9000, 900]);
  assert.equal(all.perSecond('queries'), undefined);
  all.add(stats(9020, 910), 602_000);
  assert.equal(all.perSecond('queries'), 10);
});

test('a server that began anew is not compared with what was before', () => {
  for (const anew of [stats(5, 0), stats(600, 60, 0, { uptime_s: 1 })]) {
    const all = history([0, 0, 0], [2000, 500, 50]);
    all.add(anew, 4000);
    assert.equal(all.perSecond('queries'), undefined);
    assert.equal(all.values('connections').length, 1);
  }
});

test('a trail grows from a minute to what is kept, and ends now', () => {
  const all = history([0, 0, 0], [30_000, 60, 0]);
  assert.deepEqual(all.values('queries'), [{ at: 0.5, value: 0 }, { at: 1, value: 60 }]);
  assert.deepEqual(all.rates('queries'), [{ at: 1, value: 2 }]);
  all.add(stats(60, 0), KEPT_MS + 1);
  assert.deepEqual(all.values('queries').map((p) => p.value), [60, 60], 'what is too old goes');
  assert.equal(path([{ at: 1, value: 3 }]), '');
  assert.equal(path([{ at: 0, value: 0 }, { at: 0.5, value: 2 }, { at: 1, value: 1 }]), 'M0.00 23.00L50.00 1.00L100.00 12.00');
  assert.equal(path([{ at: 0, value: 0 }, { at: 1, value: 0 }]), 'M0.00 23.00L100.00 23.00');
});

test('tiles judge what has a target, and only what was measured', () => {
  const now = stats(230, 100, 2, { overload: { shedding: true, reason: 'database', shed: 7, lag_ms: 1 }, db: { queries: 230, acquired: 4, max_conns: 16, saturated: false } });
  const tiles = model.tiles(now, history([0, 0, 0, 0], [10_000, 230, 100, 2]));
  assert.deepEqual(texts(tiles), { connections: '3', recalls: NONE, rate: '10', p95: '900 ms good', errors: '2 % bad', queries: '2.3 bad', overload: 'Refused bad', pool: '4 of 16 good' });
  assert.match(tiles.find((t) => t.key === 'overload').more, /database · 7 refused/);
  const past = new History(); // it began and ended between two looks
  for (const [at, shed] of [[0, 3], [10_000, 5]]) past.add({ overload: { shedding: false, shed } }, at);
  const again = model.tiles({ overload: { shedding: false, shed: 5, lag_ms: 1 } }, past).find((t) => t.key === 'overload');
  assert.deepEqual([again.text, again.state], ['Accepted', 'bad']);
  assert.match(again.more, /2 refused in the last minute · 5 refused so far/);
  assert.deepEqual(model.refusals({ overload: { shed_for: { database: 4 } } }), [{ key: 'overload database', name: 'database', whose: 'overload', count: '4' }]);
  assert.match(model.server({ version: 'v1', off: ['RECALL_BATCHING'] }), /switched off: RECALL_BATCHING/);
});

test('an empty answer, and one of nulls, is shown as not known', () => {
  const nothing = Object.fromEntries(['operations', 'cache', 'coalesced', 'prefetched', 'breakers', 'stages', 'slowest', 'floods'].map((name) => [name, null]));
  for (const empty of [{}, { ...nothing, limits: { admitted: 0, refused: null, users: { active: 0, limited: 0, hammering: 0 } } }]) {
    const past = new History();
    past.add(empty, 0);
    for (const { text, state } of model.tiles(empty, past).slice(1)) assert.ok(!state && [NONE, `${NONE} of ${NONE}`].includes(text), text);
    for (const rows of ['operations', 'breakers', 'caches', 'spared', 'refusals', 'slowest']) assert.deepEqual(model[rows](empty), [], rows);
    assert.deepEqual(model.stages(empty).map((s) => s.p95), Array(6).fill(NONE));
    assert.ok(model.limits(empty).every((f) => !f.state) && model.pool(empty, past).length && model.server(empty) === '');
  }
});

test('stages stand in the order of a recall, and their bars share one scale', () => {
  const rows = model.stages({ stages: { tuning: { count: 1, p50_ms: 1, p95_ms: 50 }, searching: { count: 2, p50_ms: 50, p95_ms: 200 } } });
  assert.deepEqual(rows.map((r) => r.name), ['transcribing', 'understanding', 'recognizing', 'reading image', 'searching', 'answering', 'tuning']);
  assert.deepEqual(rows[4].bar, { name: 'searching', p50: 0.25, p95: 1 });
  assert.equal(rows[6].bar.p95, 0.25);
});

test('a cache is judged by its target once it was asked often enough', () => {
  const rows = model.caches({ cache: { threads: { hits: 70, misses: 30, hit_rate: 0.7, size: 1, bytes: 2048 }, messages: { hits: 40, misses: 60, hit_rate: 0.4 }, answers: { hits: 0, misses: 9, hit_rate: 0 } } });
  assert.deepEqual(rows.map((r) => [r.name, r.rate.text, r.rate.state, r.target]), [['answers', '0 %', undefined, NONE], ['messages', '40 %', 'bad', '50 %'], ['threads', '70 %', 'good', '70 %']]);
  assert.deepEqual(model.caches({ cache: { threads: { hits: 0, misses: 99, hit_rate: 0 } } })[0].rate, { text: '0 %', state: undefined });
  assert.deepEqual(model.caches({ cache: { threads: { hits: 0, misses: 0, hit_rate: 0 } } })[0].rate, { text: NONE, state: undefined });
});

test('only normal users count against the target of limits', () => {
  const refused = (limited, hammering) => texts(model.limits({ limits: { admitted: 9, users: { active: 110, limited, hammering } } })).limited;
  assert.equal(refused(1, 10), '1 good');
  assert.equal(refused(2, 10), '2 bad');
  assert.equal(texts(model.limits({ limits: { admitted: 9, users: { active: 3, limited: 0, hammering: 3 } } })).limited, '0', 'who hammers is not judged');
});

test('breakers say their state, why, and until when', () => {
  const [gpt, shazam] = model.breakers({ breakers: { shazam: { state: 'open', reason: 'breaker_open', failures: 5, opened_at: '2024-01-01T09:30:00Z' }, 'gpt-4o': { state: 'closed', failures: 0, opened_at: '2024-01-01T09:30:00Z' } } });
  assert.deepEqual([gpt.name, gpt.state, gpt.since, gpt.until], ['GPT-4o', { text: 'Working', dot: 'closed' }, NONE, NONE]);
  assert.equal(shazam.state.text, 'Resting after failures · breaker open');
  assert.match(shazam.since, /^\d\d:\d\d:\d\d$/);
});

test('the course of a slow recall is drawn to the scale of the slowest', () => {
  const rows = model.slowest({ slowest: [
    { recall_id: 'a', kind: 'voice', total_ms: 2000, added_ms: 5, ended: 'expired', stages: [{ stage: 'transcribing', ms: 1500 }, { stage: 'answering', ms: 500 }] },
    { recall_id: 'b', kind: 'text', total_ms: 1000, added_ms: 5, ended: 'no_match', stages: null },
  ] });
  assert.deepEqual(rows[0].course, [{ name: 'transcribing', text: 'transcribing 1.50 s', part: 0.75 }, { name: 'answering', text: 'answering 500 ms', part: 0.25 }]);
  assert.deepEqual([rows[0].ended, rows[1].ended, rows[1].course], [{ text: 'expired', state: 'bad' }, { text: 'no match', state: undefined }, []]);
});
