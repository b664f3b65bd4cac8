// The cache against a clock that the test moves, and a page of messages against a model that reads the whole thread.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from './cache.js';
import { following, withChange, withMessage } from './pages.js';

/** A cache at the time `at.now`. */
function cache(bounds) {
  const at = { now: 1000 };
  return Object.assign(at, { cache: new Cache({ ttlMs: 60_000, max: 3, ...bounds }, () => at.now) });
}

test('an entry lives for its time and not a millisecond longer, however often it is used', () => {
  const at = cache();
  at.cache.set('a', 1);
  at.now += 59_999;
  assert.equal(at.cache.get('a'), 1);
  at.now += 1;
  assert.equal(at.cache.has('a'), false);
  assert.equal(at.cache.get('a'), undefined);
  assert.equal(at.cache.size, 0);
});

test('the least recently used goes first; to get is to use, to ask and to revise is not', () => {
  const { cache: c } = cache();
  for (const key of ['a', 'b', 'c']) c.set(key, key);
  c.get('a');
  c.has('b');
  c.revise((value) => `${value}!`);
  c.set('d', 'd');
  assert.deepEqual(['a', 'b', 'c', 'd'].map((key) => c.get(key)), ['a!', undefined, 'c!', 'd']);
});

test('it holds no more than it may', () => {
  const { cache: c } = cache({ max: 100 });
  for (let i = 0; i < 1000; i++) c.set(i % 150, i);
  assert.equal(c.size, 100);
});

test('to put in anew begins a new life, to revise does not', () => {
  const at = cache();
  at.cache.set('revised', 1);
  at.cache.set('put', 1);
  at.now += 30_000;
  at.cache.revise((value) => value + 1);
  at.cache.set('put', 3);
  at.now += 30_000;
  assert.deepEqual([at.cache.get('revised'), at.cache.get('put')], [undefined, 3]);
});

test('what is revised to nothing is gone', () => {
  const { cache: c } = cache();
  c.set('a', 1);
  c.set('b', 2);
  c.revise((value) => (value === 1 ? undefined : value));
  assert.deepEqual([c.get('a'), c.get('b'), c.size], [undefined, 2, 1]);
});

test('what cannot be revised is gone as well, and costs the others nothing', () => {
  const { cache: c } = cache();
  c.set('a', null);
  c.set('b', { n: 1 });
  c.revise((value) => ({ n: value.n + 1 }));
  assert.deepEqual([c.get('a'), c.get('b')], [undefined, { n: 2 }]);
});

test('to find is to look past what does not fit or cannot be looked at, and no use of it', () => {
  const { cache: c } = cache();
  for (const [key, value] of [['a', null], ['b', { n: 1 }], ['c', { n: 2 }]]) c.set(key, value);
  assert.deepEqual(c.find((value) => value.n === 2), { n: 2 });
  assert.equal(c.find((value) => value.n === 3), undefined);
  c.find((value) => value.n === 1);
  c.set('d', {});
  c.set('e', {});
  assert.deepEqual([c.get('b'), c.get('c')], [undefined, { n: 2 }]);
});

test('bounds out of their range are named', () => {
  for (const [bounds, name] of [[{ ttlMs: 0 }, /ttlMs/], [{ ttlMs: 86_400_001 }, /ttlMs/], [{ max: 0 }, /max/], [{ max: 1.5 }, /max/], [{ max: '9' }, /max/]]) {
    assert.throws(() => cache(bounds), { name: 'TypeError', message: name });
  }
});

/** What a server says that has these messages, oldest first. */
function page(thread, { before_seq: before = Infinity, after_seq: after, limit = 50 }) {
  const all = thread.filter((m) => (after === undefined ? m.seq < before : m.seq > after));
  const messages = after === undefined ? all.slice(-limit) : all.slice(0, limit);
  return { messages, has_more: all.length > messages.length };
}

test('a kept page takes a new message exactly as the server would show it', () => {
  for (let size = 0; size <= 6; size++) {
    const thread = Array.from({ length: size }, (_, i) => ({ id: `m${i}`, seq: 3 * i + 2 }));
    const message = { id: 'new', seq: 3 * size + 2 };
    for (let limit = 1; limit <= 8; limit++) {
      const asks = [{ limit }];
      for (let seq = 1; seq <= 3 * size + 6; seq++) asks.push({ limit, before_seq: seq }, { limit, after_seq: seq });
      for (const asked of asks) {
        const got = withMessage(asked, page(thread, asked), message);
        assert.deepEqual(got, page([...thread, message], asked), JSON.stringify({ size, asked }));
        assert.deepEqual(withMessage(asked, got, message), got, 'a second time it changes nothing');
      }
    }
  }
});

test('a message from before the end of the page is not guessed into its place', () => {
  assert.equal(withMessage({}, { messages: [{ id: 'a', seq: 9 }], has_more: false }, { id: 'b', seq: 5 }), undefined);
});

test('a change replaces its message, and the page that was given out stays as it was', () => {
  const before = { messages: [{ id: 'a', seq: 1 }, { id: 'b', seq: 2 }], has_more: false };
  const after = withChange(before, { id: 'b', seq: 2, verdict: 'confirmed' });
  assert.equal(after.messages[1].verdict, 'confirmed');
  assert.equal(before.messages[1].verdict, undefined);
  assert.equal(withChange(before, { id: 'c', seq: 3 }), before);
});

test('the page behind is the older one, or the one at the cursor; behind the last there is none', () => {
  const messages = { type: 'messages.list', thread_id: 't', limit: 2 };
  const reply = { messages: [{ seq: 7 }, { seq: 9 }], has_more: true };
  assert.deepEqual(following(messages, reply), { ...messages, before_seq: 7 });
  assert.equal(following(messages, { ...reply, has_more: false }), undefined);
  assert.equal(following({ ...messages, after_seq: 3 }, reply), undefined);
  const threads = { type: 'thread.list', archived: true };
  assert.deepEqual(following(threads, { threads: [], next_cursor: 'c' }), { ...threads, cursor: 'c' });
  assert.equal(following(threads, { threads: [], next_cursor: null }), undefined);
});
