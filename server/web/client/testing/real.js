// Every claim of reads.js against the real server, counted in frames that left the device.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { uuid } from '../recall.js';
import { ask, Clock, content, conversation, next, Person } from './person.js';
import { startServer } from './server.js';

const KNOWN = '80s norwegian band, guy with a really high voice, pencil drawing video';
const VAGUE = 'a sad slow song with a piano';

let server;
before(async () => { server = await startServer(); });
after(async () => { await server?.stop?.(); });

/** A test with a person of its own, whose devices leave when it is over. */
function real(name, fn) {
  test(name, async (t) => {
    if (server.missing) {
      assert.notEqual(process.env.CI, 'true', server.missing); // a build server is not to be green for what it lacks
      return t.skip(server.missing);
    }
    const person = await Person.on(server.url);
    try {
      await fn(person);
    } finally {
      person.leave();
    }
  });
}

/** Runs fn and returns how many frames of that type left the device meanwhile, the result behind it. */
async function counting(client, type, fn) {
  const n = client.all(type).length;
  const result = await fn();
  return [client.all(type).length - n, result];
}

describe('shared', () => {
  real('50 equal reads at once are one frame, and each caller gets its own copy', async (person) => {
    const a = await person.device({ cache: false });
    const id = await conversation(a, VAGUE);
    const reads = { 'messages.list': () => a.listMessages(id), 'thread.get': () => a.getThread(id), 'thread.list': () => a.listThreads(), 'stash.list': () => a.listStash() };
    for (const [type, read] of Object.entries(reads)) {
      const [frames, replies] = await counting(a, type, () => Promise.all(Array.from({ length: 50 }, read)));
      assert.equal(frames, 1, type);
      assert.equal(new Set(replies).size, 50);
      for (const reply of replies) assert.deepEqual(reply, replies[0]);
    }
    const { coalesced, operations } = a.stats();
    assert.deepEqual(coalesced, { fetch_messages: 49, fetch_thread: 49, list_threads: 49, list_stash: 49 });
    assert.deepEqual([operations.fetch_messages.count, operations.fetch_messages.requests], [1, 50]);
  });

  real('without sharing each read is a frame', async (person) => {
    const a = await person.device({ cache: false, coalesce: false, debounceMs: 0 });
    const id = await conversation(a);
    const [frames] = await counting(a, 'messages.list', () => Promise.all(Array.from({ length: 20 }, () => a.listMessages(id))));
    assert.equal(frames, 20);
    assert.deepEqual(a.stats().coalesced, {});
  });

  real('an answer of a moment ago is shared, and not past what was delivered since', async (person) => {
    const a = await person.device({ cache: false, debounceMs: 60_000 });
    const id = await conversation(a, VAGUE);
    await a.listMessages(id);
    const [frames] = await counting(a, 'messages.list', () => a.listMessages(id));
    assert.equal(frames, 0);
    assert.equal(a.stats().debounced.fetch_messages, 1);
    await ask(a, id, KNOWN);
    const page = await a.listMessages(id);
    assert.ok(page.messages.some((m) => m.text === KNOWN));
  });
});

describe('messages', () => {
  real('a kept page shows what another device says, with no frame and as the server would show it', async (person) => {
    const [a, b] = [await person.device({ prefetch: false }), await person.device()];
    const id = await conversation(b, VAGUE);
    await a.subscribe(id);
    for (const page of [{}, { limit: 2 }, { after_seq: 1 }]) await a.listMessages(id, page);
    const end = next(a, 'recall.completed');
    await ask(b, id, KNOWN);
    await end;
    for (const page of [{}, { limit: 2 }, { after_seq: 1 }]) {
      const [frames, kept] = await counting(a, 'messages.list', () => a.listMessages(id, page));
      assert.equal(frames, 0);
      assert.deepEqual(content(kept), content(await a.listMessages(id, { ...page, fresh: true })));
    }
    assert.ok((await a.listMessages(id)).messages.some((m) => m.text === KNOWN));
    assert.equal(a.stats().cache.messages.hits, 4);
  });

  real('the answer to a recall is in the next read, before any event, and the kept page goes on from it', async (person) => {
    const a = await person.device({ prefetch: false });
    const id = await conversation(a, VAGUE);
    await a.listMessages(id);
    const end = next(a, 'recall.completed');
    const { message } = await a.recall(id, { kind: 'text', text: KNOWN });
    const seen = await a.listMessages(id);
    assert.ok(seen.messages.some((m) => m.id === message.id));
    await end;
    const kept = await a.listMessages(id);
    assert.deepEqual(content(kept), content(await a.listMessages(id, { fresh: true })));
  });

  real('a verdict of another device is in the kept page; ours is in the next read', async (person) => {
    const [a, b] = [await person.device({ prefetch: false }), await person.device()];
    const id = await conversation(b, KNOWN);
    await a.subscribe(id);
    const [one, two] = (await a.listMessages(id)).messages.filter((m) => m.message_type === 'candidate').map((m) => m.id);
    const told = next(a, 'message.updated', (e) => e.message.id === one);
    await b.confirm(one);
    await told;
    const verdict = async (message) => (await a.listMessages(id)).messages.find((m) => m.id === message).verdict;
    const [frames, confirmed] = await counting(a, 'messages.list', () => verdict(one));
    assert.deepEqual([frames, confirmed], [0, 'confirmed']);
    await a.reject(two ?? one);
    assert.equal(await verdict(two ?? one), 'rejected');
  });

  real('pages of a thread that is not followed are not kept: another device may write to it unheard', async (person) => {
    const [a, b] = [await person.device({ debounceMs: 0 }), await person.device()];
    const id = await conversation(b, VAGUE);
    await a.listMessages(id);
    await ask(b, id, KNOWN);
    const [frames, page] = await counting(a, 'messages.list', () => a.listMessages(id));
    assert.equal(frames, 1);
    assert.ok(page.messages.some((m) => m.text === KNOWN));
    await a.subscribe(id);
    await a.listMessages(id);
    await a.unsubscribe(id);
    assert.equal((await counting(a, 'messages.list', () => a.listMessages(id)))[0], 1);
    assert.equal(a.stats().cache.messages.hits, 0);
  });

  real('a page lives for a minute, and what a caller does to its copy is its own affair', async (person) => {
    const clock = new Clock();
    const a = await person.device({ clock, debounceMs: 0, prefetch: false });
    const id = await conversation(a, VAGUE);
    const first = await a.listMessages(id);
    const said = first.messages[0].text;
    first.messages[0].text = 'scribbled';
    first.messages.pop();
    clock.ahead = 30_000;
    const [frames, kept] = await counting(a, 'messages.list', () => a.listMessages(id));
    assert.deepEqual([frames, kept.messages[0].text, kept.messages.length], [0, said, first.messages.length + 1]);
    clock.ahead = 61_000;
    assert.equal((await counting(a, 'messages.list', () => a.listMessages(id)))[0], 1);
  });

  real('100 pages are kept, and the one that was not used for longest makes room', async (person) => {
    const a = await person.device({ debounceMs: 0, prefetch: false });
    const id = await conversation(a);
    for (let seq = 1; seq <= 100; seq++) await a.listMessages(id, { before_seq: seq });
    await a.listMessages(id, { before_seq: 1 });
    await a.listMessages(id, { before_seq: 101 });
    assert.equal(a.stats().cache.messages.size, 100);
    assert.equal((await counting(a, 'messages.list', () => a.listMessages(id, { before_seq: 1 })))[0], 0);
    assert.equal((await counting(a, 'messages.list', () => a.listMessages(id, { before_seq: 2 })))[0], 1);
  });

  real('a lost connection ends all that was kept; what was missed is in the next read', async (person) => {
    const [a, b] = [await person.device({ prefetch: false }), await person.device()];
    const id = await conversation(b, VAGUE);
    await a.subscribe(id);
    await a.listMessages(id);
    await a.listThreads();
    const away = next(a, 'state', (s) => s.state === 'reconnecting');
    const back = next(a, 'subscribed');
    a.sockets[0].close();
    await away;
    assert.deepEqual([a.stats().cache.messages.size, a.stats().cache.threads.size], [0, 0]);
    await ask(b, id, KNOWN);
    await back;
    const [frames, page] = await counting(a, 'messages.list', () => a.listMessages(id));
    assert.equal(frames, 1);
    assert.ok(page.messages.some((m) => m.text === KNOWN));
    assert.equal((await counting(a, 'thread.list', () => a.listThreads()))[0], 1);
  });

  real('switched off, each read asks', async (person) => {
    const a = await person.device({ cache: { messages: false }, debounceMs: 0 });
    const id = await conversation(a, VAGUE);
    const [frames] = await counting(a, 'messages.list', async () => { for (let i = 0; i < 3; i++) await a.listMessages(id); });
    assert.equal(frames, 3);
    assert.deepEqual(a.stats().cache.messages, { hits: 0, misses: 0, hit_rate: 0, size: 0 });
  });
});

describe('threads', () => {
  real('kept for five minutes; fresh asks at once, and sees what another device has made', async (person) => {
    const clock = new Clock();
    const [a, b] = [await person.device({ clock, debounceMs: 0, prefetch: false }), await person.device()];
    const id = await conversation(a);
    const reads = { 'thread.list': () => a.listThreads(), 'thread.get': () => a.getThread(id) };
    for (const read of Object.values(reads)) await read();
    const other = await conversation(b);
    clock.ahead = 299_000;
    for (const [type, read] of Object.entries(reads)) assert.equal((await counting(a, type, read))[0], 0, type);
    const ids = (list) => list.threads.map((t) => t.id).sort();
    assert.deepEqual(ids(await a.listThreads({ fresh: true })), [id, other].sort());
    assert.deepEqual(ids(await a.listThreads()), [id, other].sort());
    clock.ahead += 301_000;
    for (const [type, read] of Object.entries(reads)) assert.equal((await counting(a, type, read))[0], 1, type);
  });

  real('what we change is in the next read', async (person) => {
    const a = await person.device();
    const listed = async (page) => (await a.listThreads(page)).threads.map((t) => t.title);
    const id = uuid();
    assert.deepEqual(await listed(), []);
    await a.createThread({ thread_id: id, title: 'one' });
    assert.deepEqual(await listed(), ['one']);
    assert.equal((await a.getThread(id)).title, 'one');
    await a.updateThread(id, { title: 'two' });
    assert.deepEqual([await listed(), (await a.getThread(id)).title], [['two'], 'two']);
    await a.updateThread(id, { archived: true });
    assert.deepEqual([await listed(), await listed({ archived: true })], [[], ['two']]);
    await a.deleteThread(id);
    assert.deepEqual(await listed({ archived: true }), []);
    await assert.rejects(a.getThread(id), { code: 'not_found' });
    assert.equal(a.stats().operations.fetch_thread.errors, 1);
  });

  real('what another device does to a followed thread is in the next read', async (person) => {
    const [a, b] = [await person.device(), await person.device()];
    const [older, newer] = [await conversation(b), await conversation(b)];
    await a.subscribe(older);
    const order = async () => (await a.listThreads()).threads.map((t) => t.id);
    assert.deepEqual(await order(), [newer, older]);
    const end = next(a, 'recall.completed');
    await ask(b, older, KNOWN);
    await end;
    assert.deepEqual(await order(), [older, newer]);
    assert.deepEqual(await a.getThread(older), await a.getThread(older, { fresh: true }));
    const gone = next(a, 'thread.deleted');
    await b.deleteThread(older);
    await gone;
    assert.deepEqual(await order(), [newer]);
  });

  real('two answers never contradict each other: an older one goes', async (person) => {
    const [a, b] = [await person.device({ debounceMs: 0 }), await person.device()];
    const id = await conversation(b);
    await a.getThread(id);
    await b.updateThread(id, { title: 'renamed' });
    assert.equal((await a.listThreads()).threads[0].title, 'renamed');
    assert.equal((await a.getThread(id)).title, 'renamed');
  });

  real('switched off, each read asks', async (person) => {
    const a = await person.device({ cache: { threads: false }, debounceMs: 0 });
    const [frames] = await counting(a, 'thread.list', async () => { for (let i = 0; i < 3; i++) await a.listThreads(); });
    assert.equal(frames, 3);
  });
});

describe('ahead', () => {
  /** Waits until the device has read as many pages ahead, by the frames and then the answers. */
  const ahead = async (client, operation, n) => {
    while ((client.stats().prefetched[operation] ?? 0) < n || client.outbox.length) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  real('the older page is there before it is asked for, one ahead and not two', async (person) => {
    const a = await person.device();
    const id = await conversation(a, VAGUE, KNOWN);
    let page = await a.listMessages(id, { limit: 1 });
    for (let n = 1; n <= 3; n++) {
      await ahead(a, 'fetch_messages', n);
      assert.equal(a.all('messages.list').length, n + 1);
      const asked = { limit: 1, before_seq: page.messages[0].seq };
      const [frames, older] = await counting(a, 'messages.list', () => a.listMessages(id, asked));
      assert.equal(frames, 0);
      assert.ok(older.messages[0].seq < page.messages[0].seq);
      page = older;
    }
    const { operations, prefetched } = a.stats();
    assert.equal(operations.fetch_messages.requests, 4);
    assert.ok(prefetched.fetch_messages >= 3);
  });

  real('the next page of threads as well', async (person) => {
    const a = await person.device();
    const ids = [await conversation(a), await conversation(a), await conversation(a)];
    const first = await a.listThreads({ limit: 1 });
    await ahead(a, 'list_threads', 1);
    const [frames, second] = await counting(a, 'thread.list', () => a.listThreads({ limit: 1, cursor: first.next_cursor }));
    assert.equal(frames, 0);
    assert.deepEqual([first.threads[0].id, second.threads[0].id], [ids[2], ids[1]]);
  });

  real('a page that came before its thread was followed has its next one read when it is', async (person) => {
    const [a, b] = [await person.device(), await person.device()];
    const id = await conversation(b, VAGUE);
    const page = await a.listMessages(id, { limit: 1 });
    assert.deepEqual(a.stats().prefetched, {});
    await a.subscribe(id);
    await ahead(a, 'fetch_messages', 1);
    assert.equal((await counting(a, 'messages.list', () => a.listMessages(id, { limit: 1, before_seq: page.messages[0].seq })))[0], 0);
  });
});

describe('sight', () => {
  real('every answered command is measured once', async (person) => {
    const a = await person.device();
    const id = await conversation(a, VAGUE);
    await a.listMessages(id);
    await a.listMessages(id);
    await assert.rejects(a.getThread(uuid()), { code: 'not_found' });
    const { operations, cache } = a.stats();
    const brief = Object.fromEntries(Object.entries(operations).map(([name, o]) => [name, [o.requests, o.count, o.errors]]));
    assert.deepEqual(brief, { 'thread.create': [1, 1, 0], recall: [1, 1, 0], fetch_messages: [2, 1, 0], fetch_thread: [1, 1, 1] });
    for (const o of Object.values(operations)) assert.ok(o.min_ms <= o.p50_ms && o.p50_ms <= o.p95_ms && o.p99_ms <= o.max_ms);
    assert.deepEqual(cache.messages, { hits: 1, misses: 1, hit_rate: 0.5, size: 1 });
  });
});
