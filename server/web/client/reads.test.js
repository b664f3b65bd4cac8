// Reads in the orders that a real server seldom brings about: what was under way when something happened.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { THREAD, event, following, settle, subscribed, world } from './testing/scripted.js';

const OTHER = '00000000-0000-4000-8000-000000000002';
const message = (seq, more = {}) => ({ id: `m${seq}`, thread_id: THREAD, seq, text: `said ${seq}`, ...more });
const stored = (seq, more = {}) => event(seq, { type: 'message', message: message(seq), ...more });
const page = (...seqs) => ({ type: 'messages', thread_id: THREAD, messages: seqs.map((seq) => message(seq)), has_more: true });
const seqs = ({ messages }) => messages.map((m) => m.seq);

/** A follower of THREAD with a page of the messages 4 and 5 kept. */
async function keeping(options) {
  const w = await following({ debounceMs: 0, prefetch: false, ...options });
  const ws = w.socket();
  const list = () => w.client.listMessages(THREAD);
  const listed = async (...has) => {
    const reply = list();
    ws.reply('messages.list', page(...has));
    return reply;
  };
  await listed(4, 5);
  return { ...w, ws, list, listed, frames: (type = 'messages.list') => w.socket().all(type).length };
}

test('a page that is kept needs no frame, and is nobody\'s but the caller\'s', async () => {
  const w = await keeping();
  const first = await w.list();
  first.messages.length = 0;
  assert.deepEqual(seqs(await w.list()), [4, 5]);
  assert.equal(w.frames(), 1);
});

test('a listener of an event finds it in what it reads, and cannot change what is kept', async () => {
  const w = await keeping();
  const reads = [];
  w.client.on('message', (e) => {
    e.message.text = 'scribbled';
    reads.push(w.client.listMessages(THREAD));
  });
  w.ws.receive(stored(6));
  assert.equal((await reads[0]).messages.at(-1).text, 'said 6');
  assert.equal(w.frames(), 1);
});

test('a page that was under way when an event came is not kept, nor shared with who asks after it', async () => {
  const w = await following({ debounceMs: 60_000, prefetch: false });
  const ws = w.socket();
  const before = w.client.listMessages(THREAD);
  ws.receive(stored(6));
  const after = w.client.listMessages(THREAD);
  const [old, young] = ws.all('messages.list');
  ws.receive({ ...page(4, 5, 6), id: young.id });
  ws.receive({ ...page(4, 5), id: old.id });
  assert.deepEqual([seqs(await before), seqs(await after)], [[4, 5], [4, 5, 6]]);
  assert.deepEqual(seqs(await w.client.listMessages(THREAD)), [4, 5, 6]);
  assert.equal(ws.all('messages.list').length, 2);
});

test('what passes by and is not stored leaves the page alone', async () => {
  const w = await keeping();
  w.ws.receive(event(6));
  w.ws.receive(event(7, { type: 'recall.answer.delta', text: 'so' }));
  await w.list();
  assert.equal(w.frames(), 1);
});

test('what passes by leaves lists of threads alone as well, what is stored does not', async () => {
  const w = await keeping();
  const list = async () => {
    const n = w.frames('thread.list');
    const reply = w.client.listThreads();
    if (w.frames('thread.list') > n) w.ws.reply('thread.list', { type: 'threads', threads: [], next_cursor: null });
    await reply;
    return w.frames('thread.list');
  };
  assert.equal(await list(), 1);
  w.ws.receive(event(6));
  assert.equal(await list(), 1);
  w.ws.receive(event(7, { type: 'recall.completed' }));
  assert.equal(await list(), 2);
  w.ws.drop(1006);
  const ws = await w.relive();
  w.client.listThreads();
  assert.equal(ws.all('thread.list').length, 1);
});

test('events of one thread do not touch the pages of another', async () => {
  const w = await keeping();
  w.ws.receive(stored(3, { thread_id: OTHER }));
  assert.deepEqual(seqs(await w.list()), [4, 5]);
  assert.equal(w.frames(), 1);
});

const ends = {
  'a gap': (w) => w.ws.receive(stored(9)),
  'a new epoch': (w) => w.ws.receive(stored(1, { epoch: 'e2' })),
  'the end of the thread': (w) => w.ws.receive(event(6, { type: 'thread.deleted' })),
  'the end of the subscription': async (w) => {
    const left = w.client.unsubscribe(THREAD);
    w.ws.reply('thread.unsubscribe', { type: 'ok' });
    await left;
  },
  'the loss of it': (w) => w.ws.receive({ type: 'error', code: 'not_found', thread_id: THREAD }),
  'a subscription': (w) => w.ws.receive(subscribed(5)),
  'a change of ours in the thread': async (w) => {
    const done = w.client.updateThread(THREAD, { pinned: true });
    w.ws.reply('thread.update', { type: 'thread', thread: { id: THREAD } });
    await done;
  },
  'a verdict of ours': async (w) => {
    const done = w.client.confirm('m5');
    w.ws.reply('candidate.confirm', { type: 'ok' });
    await done;
  },
  'a change of ours that failed and may yet be made': async (w) => {
    const done = w.client.confirm('m5');
    w.ws.reply('candidate.confirm', { type: 'error', code: 'internal' });
    await assert.rejects(done);
  },
};
for (const [name, end] of Object.entries(ends)) {
  test(`${name} ends what is kept of it`, async () => {
    const w = await keeping();
    await end(w);
    w.list();
    assert.equal(w.frames(), 2);
  });
}

test('while events are replayed pages are asked for and not kept; with the last of them they are', async () => {
  const w = await keeping();
  w.ws.receive(stored(9));
  await w.listed(4, 5, 6, 7, 8, 9);
  await w.listed(4, 5, 6, 7, 8, 9);
  w.ws.reply('thread.subscribe', subscribed(9, { recovered: true }));
  for (const seq of [6, 7, 8]) w.ws.receive(stored(seq));
  await w.listed(4, 5, 6, 7, 8, 9);
  await w.listed(4, 5, 6, 7, 8, 9);
  w.ws.receive(stored(9));
  assert.deepEqual(seqs(await w.listed(4, 5, 6, 7, 8, 9)), [4, 5, 6, 7, 8, 9]);
  assert.equal(w.frames(), 6);
  await w.list();
  assert.equal(w.frames(), 6);
});

/** What the server says of a thread. */
const thread = (more = {}) => ({ id: THREAD, title: 'one', seq: 5, epoch: 'e1', ...more });
const threads = (...all) => ({ type: 'threads', threads: all, next_cursor: null });

/** Makes a read, answers it if it asks, and returns how many times its type was asked for, and the reply. */
async function asking(ws, type, read, answer) {
  const n = ws.all(type).length;
  const reply = read();
  if (ws.all(type).length > n) ws.reply(type, answer);
  return [ws.all(type).length, await reply];
}

test('to follow another thread and to leave it ends what is kept of that one, and no list', async () => {
  const w = await keeping();
  const list = async () => (await asking(w.ws, 'thread.list', () => w.client.listThreads(), threads(thread())))[0];
  const get = async () => (await asking(w.ws, 'thread.get', () => w.client.getThread(OTHER), { type: 'thread', thread: thread({ id: OTHER }) }))[0];
  assert.deepEqual([await list(), await get()], [1, 1]);
  const joined = w.client.subscribe(OTHER);
  w.ws.reply('thread.subscribe', subscribed(3, { thread_id: OTHER }));
  await joined;
  assert.deepEqual([await list(), await get()], [1, 2]);
  const left = w.client.unsubscribe(OTHER);
  w.ws.reply('thread.unsubscribe', { type: 'ok' });
  await left;
  assert.deepEqual([await list(), await get()], [1, 3]);
  await w.list();
  assert.equal(w.frames(), 1);
});

const unsure = {
  'a gap': (w) => w.ws.receive(stored(9)),
  'a gap that was bridged': async (w) => {
    w.ws.receive(stored(9));
    await asking(w.ws, 'thread.list', () => w.client.listThreads(), threads(thread()));
    w.ws.reply('thread.subscribe', subscribed(9, { recovered: true }));
  },
  'a reload': async (w) => {
    w.ws.receive(stored(9));
    await asking(w.ws, 'thread.list', () => w.client.listThreads(), threads(thread()));
    w.ws.reply('thread.subscribe', subscribed(9, { epoch: 'e2' }));
  },
  'a subscription before which events may have passed': async (w) => {
    w.client.recall(OTHER, { kind: 'text', text: 'a song' });
    w.client.subscribe(OTHER);
    await asking(w.ws, 'thread.list', () => w.client.listThreads(), threads(thread()));
    w.ws.reply('thread.subscribe', subscribed(3, { thread_id: OTHER }));
  },
  'the end of the thread': (w) => w.ws.receive(event(6, { type: 'thread.deleted' })),
  'the loss of it': (w) => w.ws.receive({ type: 'error', code: 'not_found', thread_id: THREAD }),
};
for (const [name, happens] of Object.entries(unsure)) {
  test(`${name} ends the lists as well`, async () => {
    const w = await keeping();
    await asking(w.ws, 'thread.list', () => w.client.listThreads(), threads(thread()));
    await happens(w);
    await settle();
    const n = w.frames('thread.list');
    w.client.listThreads();
    assert.equal(w.frames('thread.list'), n + 1);
  });
}

const own = {
  'a verdict': (w) => [w.client.confirm('m5'), 'candidate.confirm'],
  'a cancellation': (w) => [w.client.cancel('r5'), 'recall.cancel'],
};
for (const [name, act] of Object.entries(own)) {
  test(`${name} of ours ends what is kept of its thread and of no other`, async () => {
    const w = await following({ debounceMs: 0, prefetch: false });
    const ws = w.socket();
    const joined = w.client.subscribe(OTHER);
    ws.reply('thread.subscribe', subscribed(5, { thread_id: OTHER }));
    await joined;
    const page = (...messages) => ({ type: 'messages', messages, has_more: false });
    const ours = async () => (await asking(ws, 'messages.list', () => w.client.listMessages(THREAD), page(message(5, { recall_id: 'r5' }))))[0];
    const others = async () => (await asking(ws, 'messages.list', () => w.client.listMessages(OTHER), page({ id: 'x1', seq: 1 }, { id: 'x2', seq: 2, recall_id: 'r2' })))[0];
    const list = async () => (await asking(ws, 'thread.list', () => w.client.listThreads(), threads(thread())))[0];
    assert.deepEqual([await others(), await ours(), await list()], [1, 2, 1]);
    const [done, type] = act(w);
    ws.reply(type, { type: 'ok' });
    await done;
    assert.deepEqual([await others(), await ours(), await list()], [2, 3, 2]);
  });
}

test('a verdict on what is not kept ends all: it may be in any answer', async () => {
  const w = await keeping();
  const under = w.client.listMessages(THREAD, { before_seq: 4 });
  const done = w.client.confirm('m3');
  w.ws.reply('candidate.confirm', { type: 'ok' });
  await done;
  w.ws.reply('messages.list', page(3));
  await under;
  w.client.listMessages(THREAD, { before_seq: 4 });
  assert.equal(w.frames(), 3);
});

test('a kept thread tells no number below that of an event delivered, nor does one under way then', async () => {
  const w = await keeping();
  const get = async (seq) => (await asking(w.ws, 'thread.get', () => w.client.getThread(THREAD), { type: 'thread', thread: thread({ seq }) }))[1].seq;
  assert.equal(await get(5), 5);
  w.ws.receive(event(6));
  assert.equal(await get(6), 6);
  assert.equal(await get(-1), 6);
  w.client.getThread(THREAD, { fresh: true });
  w.ws.receive(event(7));
  w.ws.reply('thread.get', { type: 'thread', thread: thread({ seq: 6 }) });
  await settle();
  assert.equal(await get(7), 7);
});

test('a number alone is no contradiction between a list and a thread, all else is', async () => {
  const w = await keeping();
  const list = async () => (await asking(w.ws, 'thread.list', () => w.client.listThreads(), threads(thread())))[0];
  const get = (more) => asking(w.ws, 'thread.get', () => w.client.getThread(THREAD, { fresh: true }), { type: 'thread', thread: thread(more) });
  await list();
  await get({ seq: 7 });
  assert.equal(await list(), 1);
  await get({ seq: 7, title: 'two' });
  assert.equal(await list(), 2);
});

test('an answer that cannot be kept fails its read, and the next one asks', async () => {
  const w = await following({ prefetch: false });
  const read = () => w.client.listThreads();
  await assert.rejects(asking(w.socket(), 'thread.list', read, { type: 'threads', threads: {}, next_cursor: null }), TypeError);
  const [frames, reply] = await asking(w.socket(), 'thread.list', read, threads(thread()));
  assert.deepEqual([frames, reply.threads.length], [2, 1]);
});

test('a page that is none costs no event and no verdict, and goes with the next of them', async () => {
  const w = await following({ debounceMs: 0 });
  const nothing = { type: 'messages', thread_id: THREAD, messages: null, has_more: false };
  const list = async () => (await asking(w.socket(), 'messages.list', () => w.client.listMessages(THREAD), nothing))[0];
  await list();
  w.socket().receive(stored(6));
  assert.deepEqual([w.of('event').map((e) => e.seq), await list()], [[6], 2]);
  const done = w.client.confirm('m6');
  w.socket().reply('candidate.confirm', { type: 'ok' });
  await done;
  assert.equal(await list(), 3);
});

test('of two equal reads under way the answer to the later one is kept, whichever lands last', async () => {
  const w = await following({ debounceMs: 0, prefetch: false, coalesce: false });
  const ws = w.socket();
  const reads = [w.client.listThreads(), w.client.listThreads()];
  const [older, later] = ws.all('thread.list');
  ws.receive({ ...threads(thread({ title: 'new' })), id: later.id });
  ws.receive({ ...threads(thread({ title: 'old' })), id: older.id });
  await Promise.all(reads);
  assert.equal((await w.client.listThreads()).threads[0].title, 'new');
  assert.equal(ws.all('thread.list').length, 2);
});

test('reload: nothing of before is read by the one who reloads', async () => {
  const w = await keeping();
  w.client.on('reload', () => w.list());
  w.ws.receive(stored(9));
  w.ws.reply('thread.subscribe', subscribed(9, { epoch: 'e2' }));
  assert.equal(w.frames(), 2);
});

test('fresh goes past what is kept and what is under way, and an older answer does not come after it', async () => {
  const w = await world({ debounceMs: 60_000, prefetch: false });
  const ws = await w.live();
  const titled = (title) => threads(thread({ title }));
  const old = w.client.listThreads();
  const fresh = w.client.listThreads({ fresh: true });
  const joined = w.client.listThreads();
  const [first, second] = ws.all('thread.list');
  assert.equal(second.fresh, undefined);
  ws.receive({ ...titled('new'), id: second.id });
  await fresh;
  ws.receive({ ...titled('old'), id: first.id });
  const titles = (await Promise.all([old, fresh, joined, w.client.listThreads()])).map((l) => l.threads[0].title);
  assert.deepEqual(titles, ['old', 'new', 'new', 'new']);
  assert.equal(ws.all('thread.list').length, 2);
});

test('a read that failed is not shared with who tries again', async () => {
  const w = world();
  const ws = await w.live();
  const reads = [w.client.getThread(THREAD), w.client.getThread(THREAD)];
  ws.reply('thread.get', { type: 'error', code: 'unavailable', retryable: true });
  for (const read of reads) await assert.rejects(read, { code: 'unavailable' });
  w.client.getThread(THREAD);
  assert.equal(ws.all('thread.get').length, 2);
  assert.equal(w.client.stats().operations.fetch_thread.errors, 1);
});

test('each switch by itself: under way without coalescing only the debounce shares, and after it nothing', async () => {
  const w = world({ coalesce: false, cache: false });
  const ws = await w.live();
  for (let i = 0; i < 3; i++) w.client.listThreads();
  assert.equal(ws.all('thread.list').length, 1);
  await w.clock.advance(300);
  w.client.listThreads();
  assert.equal(ws.all('thread.list').length, 2);
  assert.deepEqual([w.client.stats().debounced, w.client.stats().coalesced], [{ list_threads: 2 }, {}]);

  const other = world({ debounceMs: 0, cache: false });
  const socket = await other.live();
  for (let i = 0; i < 3; i++) other.client.listThreads();
  await other.clock.advance(10_000);
  other.client.listThreads();
  assert.equal(socket.all('thread.list').length, 1);
  socket.reply('thread.list', { type: 'threads', threads: [], next_cursor: null });
  await settle();
  other.client.listThreads();
  assert.equal(socket.all('thread.list').length, 2);
});

/** A follower that has got the newest page, behind which there is more. */
async function reading(options) {
  const w = await following({ debounceMs: 0, ...options });
  w.client.listMessages(THREAD, { limit: 2 });
  w.socket().reply('messages.list', page(4, 5));
  await settle();
  return { ...w, ws: w.socket(), frames: () => w.socket().all('messages.list') };
}

test('the next page is read when nothing has waited for 50 ms, and only that one', async () => {
  const w = await reading();
  await w.clock.advance(49);
  assert.equal(w.frames().length, 1);
  await w.clock.advance(1);
  assert.deepEqual(w.frames().slice(1).map((f) => [f.before_seq, f.limit]), [[4, 2]]);
  w.ws.reply('messages.list', page(2, 3));
  await w.clock.advance(1000);
  assert.equal(w.frames().length, 2);
  assert.deepEqual(seqs(await w.client.listMessages(THREAD, { limit: 2, before_seq: 4 })), [2, 3]);
  await w.clock.advance(50);
  assert.deepEqual(w.frames().slice(2).map((f) => f.before_seq), [2]);
  assert.deepEqual(w.client.stats().prefetched, { fetch_messages: 2 });
});

/** A change of ours, answered. */
async function changed(client, ws) {
  const done = client.addStash(THREAD);
  ws.reply('stash.add', { type: 'ok' });
  await done;
}

test('what was read ahead and then dropped is not read ahead again', async () => {
  const w = await reading();
  await w.clock.advance(50);
  w.ws.reply('messages.list', page(2, 3));
  await settle();
  await changed(w.client, w.ws);
  await w.clock.advance(1000);
  assert.equal(w.frames().length, 2);
});

test('a page of a thread that is not followed has its next one read when it is', async () => {
  const w = world({ debounceMs: 0 });
  const ws = await w.live();
  w.client.listMessages(THREAD, { limit: 2 });
  ws.reply('messages.list', page(4, 5));
  await settle();
  await w.clock.advance(1000);
  assert.equal(ws.all('messages.list').length, 1);
  w.client.subscribe(THREAD);
  ws.reply('thread.subscribe', subscribed(5));
  await w.clock.advance(50);
  assert.equal(ws.last('messages.list').before_seq, 4);
});

test('it waits as long as a command does', async () => {
  const w = await reading();
  w.client.addStash(THREAD).catch(() => {});
  await w.clock.advance(10_000);
  assert.equal(w.frames().length, 1);
  w.ws.reply('stash.add', { type: 'error', code: 'unavailable' });
  await w.clock.advance(50);
  assert.equal(w.frames().length, 2);
});

test('nothing is read ahead after the connection is lost, without a cache, or when it is switched off', async () => {
  const lost = await reading();
  lost.ws.drop(1006);
  const ws = await lost.relive();
  ws.receive(subscribed(5, { recovered: true }));
  await changed(lost.client, ws);
  await lost.clock.advance(1000);
  assert.equal(ws.all('messages.list').length, 0);
  for (const options of [{ prefetch: false }, { cache: { messages: false } }]) {
    const w = await reading(options);
    await w.clock.advance(1000);
    assert.equal(w.frames().length, 1);
  }
});

test('who asks for the page that is just being read ahead waits for that', async () => {
  const w = await reading();
  await w.clock.advance(50);
  const older = w.client.listMessages(THREAD, { limit: 2, before_seq: 4 });
  assert.equal(w.frames().length, 2);
  w.ws.reply('messages.list', page(2, 3));
  assert.deepEqual(seqs(await older), [2, 3]);
});

test('an option out of its bounds is named', () => {
  for (const [options, name] of [
    [{ debounceMs: -1 }, /debounceMs/], [{ debounceMs: 60_001 }, /debounceMs/], [{ cache: { threads: { max: 10_001 } } }, /max/],
    [{ cache: { messages: { ttlMs: 'long' } } }, /ttlMs/],
  ]) assert.throws(() => world(options), { name: 'TypeError', message: name });
});
