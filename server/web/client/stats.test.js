import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Statistics } from './stats.js';

const sizes = { threads: 0, messages: 0 };

test('times are exact, by nearest rank', () => {
  const s = new Statistics();
  for (let ms = 200; ms >= 1; ms--) s.answered('fetch_messages', ms, ms > 190);
  s.requested('fetch_messages');
  assert.deepEqual(s.snapshot(sizes).operations.fetch_messages, {
    count: 200, errors: 10, requests: 1, avg_ms: 100.5, min_ms: 1, max_ms: 200, p50_ms: 100, p95_ms: 190, p99_ms: 198,
  });
});

test('times are over the last 1000, counts over all', () => {
  const s = new Statistics();
  for (let i = 0; i < 5; i++) s.answered('recall', 9999, true);
  for (let i = 1; i <= 1000; i++) s.answered('recall', i, false);
  const o = s.snapshot(sizes).operations.recall;
  assert.deepEqual([o.count, o.errors, o.min_ms, o.max_ms, o.p50_ms, o.p99_ms], [1005, 5, 1, 1000, 500, 990]);
});

test('what was only asked for has no times', () => {
  const s = new Statistics();
  s.requested('list_threads');
  const o = s.snapshot(sizes).operations.list_threads;
  assert.deepEqual(o, { count: 0, errors: 0, requests: 1, avg_ms: 0, min_ms: 0, max_ms: 0, p50_ms: 0, p95_ms: 0, p99_ms: 0 });
});

test('caches and tallies; a snapshot is a copy', () => {
  const s = new Statistics();
  assert.equal(s.snapshot(sizes).cache.threads.hit_rate, 0);
  for (const hit of [true, true, true, false]) s.looked('messages', hit);
  for (const what of ['coalesced', 'debounced', 'prefetched']) s.tally(what, 'fetch_messages');
  const shot = s.snapshot({ threads: 3, messages: 7 });
  assert.deepEqual(shot.cache, {
    threads: { hits: 0, misses: 0, hit_rate: 0, size: 3 }, messages: { hits: 3, misses: 1, hit_rate: 0.75, size: 7 },
  });
  shot.coalesced.fetch_messages = 99;
  assert.deepEqual(s.snapshot(sizes).coalesced, { fetch_messages: 1 });
  assert.deepEqual(s.snapshot(sizes).prefetched, { fetch_messages: 1 });
});
