// The client against a scripted WebSocket and a clock that moves when the test says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecallError, afterClose, backoffMs, uuid } from './recall.js';
import { EXPIRES_IN_MS, THREAD, event, fakeJWT, following, settle, subscribed, world } from './testing/scripted.js';

test('hello carries the token and asks for the subprotocol', async () => {
  const w = world();
  const ws = await w.live();
  assert.deepEqual(ws.protocols, ['recall.v1']);
  assert.equal(ws.sent[0].type, 'hello');
  assert.equal(ws.sent[0].token, 'token-1');
  assert.equal(ws.sent[0].resume, undefined);
  assert.equal(w.client.state.state, 'live');
});

test('each command has its own promise, whatever the order of the answers', async () => {
  const w = world();
  const ws = await w.live();
  const first = w.client.getThread(THREAD);
  const second = w.client.listStash();
  ws.reply('stash.list', { type: 'stash', items: [], next_cursor: null });
  ws.reply('thread.get', { type: 'thread', thread: { id: THREAD } });
  assert.equal((await first).id, THREAD);
  assert.deepEqual((await second).items, []);
});

test('an error rejects its own command with all that the server said', async () => {
  const w = world();
  const ws = await w.live();
  const recall = w.client.recall(THREAD, { kind: 'text', text: 'x' });
  await settle();
  ws.reply('recall', { type: 'error', code: 'rate_limited', message: 'slow down', retryable: true, retry_after_ms: 1500, policy: 'recall_minute' });
  await assert.rejects(recall, (err) => {
    assert.ok(err instanceof RecallError);
    assert.deepEqual([err.code, err.retryable, err.retryAfterMs, err.policy], ['rate_limited', true, 1500, 'recall_minute']);
    return true;
  });
});

test('commands given before the connection wait for it', async () => {
  const w = world();
  const list = w.client.listThreads();
  const ws = await w.live();
  ws.reply('thread.list', { type: 'threads', threads: [], next_cursor: null });
  assert.deepEqual((await list).threads, []);
});

test('a command larger than a frame is refused here, not by losing the connection', async () => {
  const w = world();
  await w.live();
  await assert.rejects(w.client.recall(THREAD, { kind: 'text', text: 'é'.repeat(40_000) }), { code: 'bad_request' });
});

test('the close-code table', () => {
  const table = [[1006, 'retry'], [1009, 'retry'], [1012, 'retry'], [1013, 'retry'], [4000, 'retry'], [4001, 'refresh'], [4008, 'retry'],
    [4012, 'retry'], [4499, 'retry'], [4500, 'stop'], [4501, 'stop'], [4504, 'stop'], [4999, 'stop']];
  for (const [code, want] of table) assert.equal(afterClose(code), want, String(code));
  assert.equal(afterClose(1012, { reconnect: false }), 'stop');
});

test('backoff doubles up to its cap, jitters over the whole span and keeps the server\'s floor', () => {
  assert.equal(backoffMs(0, () => 0.999999) <= 500, true);
  assert.equal(backoffMs(3, () => 0.5), 2000);
  assert.equal(backoffMs(50, () => 1), 30_000);
  assert.equal(backoffMs(3, () => 0), 0);
  assert.equal(backoffMs(0, () => 0, 7000), 7000);
});

test('goodbye.retry_after_ms is waited out before the next try', async () => {
  const w = world();
  const ws = await w.live();
  ws.receive({ type: 'goodbye', code: 1012, reason: 'restart', reconnect: true, retry_after_ms: 4000 });
  ws.drop(1012);
  assert.deepEqual([w.client.state.state, w.client.state.reason], ['reconnecting', 'restart']);
  await w.clock.advance(3999);
  assert.equal(w.sockets.length, 1);
  await w.clock.advance(1000);
  assert.equal(w.sockets.length, 2);
});

test('a connection that dies young does not reset the backoff', async () => {
  const w = world();
  await w.live();
  const waits = [];
  for (let i = 0; i < 4; i++) {
    w.socket().drop(1006);
    waits.push(w.client.state.retryAt - w.clock.now());
    await w.relive(waits.at(-1));
  }
  assert.deepEqual(waits, [250, 500, 1000, 2000]);
  await w.clock.advance(6000);
  w.socket().drop(1006);
  assert.equal(w.client.state.retryAt - w.clock.now(), 250);
});

test('4500 and above end it: state closed, commands rejected, no further socket', async () => {
  const w = world();
  const ws = await w.live();
  const list = w.client.listThreads();
  ws.drop(4504, 'too many connections');
  await assert.rejects(list, { code: 'closed' });
  assert.deepEqual([w.client.state.state, w.client.state.code], ['closed', 4504]);
  await w.clock.advance(120_000);
  assert.equal(w.sockets.length, 1);
});

test('4001 asks for a newer token before the next hello; without getToken it ends', async () => {
  const asked = [];
  const w = world({ token: undefined, getToken: ({ refresh }) => (asked.push(refresh), `token-${asked.length}`) });
  await w.live();
  w.socket().drop(4001);
  const ws = await w.relive();
  assert.deepEqual(asked, [false, true]);
  assert.equal(ws.sent[0].token, 'token-2');

  const fixed = world();
  await fixed.live();
  fixed.socket().drop(4001);
  assert.equal(fixed.client.state.state, 'closed');
});

test('hello refused: expired asks for a token, forged gives up', async () => {
  const w = world({ getToken: ({ refresh }) => (refresh ? 'newer' : 'older') });
  w.client.connect();
  await settle();
  w.socket().onopen();
  w.socket().receive({ type: 'error', id: 'hello', code: 'token_expired' });
  await w.clock.advance(500);
  w.socket().onopen();
  assert.equal(w.socket().sent[0].token, 'newer');
  w.socket().receive({ type: 'error', id: 'hello', code: 'unauthorized' });
  assert.equal(w.client.state.state, 'closed');
});

test('auth.refresh goes out before the token ends, and plans the next by the new token', async () => {
  let n = 0;
  const w = world({ getToken: () => fakeJWT((1_000_000 + ++n * 200_000) / 1000) });
  const ws = await w.live();
  const pass = async (ms) => { // with a server that is heard from, or the silence would end the connection
    for (; ms > 0; ms -= 16_000) {
      ws.receive({ type: 'pong' });
      await w.clock.advance(Math.min(ms, 16_000));
    }
  };
  await pass(EXPIRES_IN_MS * 0.8);
  assert.equal(ws.all('auth.refresh').length, 1);
  ws.reply('auth.refresh', { type: 'ok' });
  await settle();
  await pass((200_000 - EXPIRES_IN_MS * 0.8) * 0.8);
  assert.equal(ws.all('auth.refresh').length, 2);
});

test('lost commands: repeatable ones are sent again with the same body, others are rejected', async () => {
  const w = world();
  await w.live();
  const recall = w.client.recall(THREAD, { kind: 'text', text: 'x' });
  const media = w.client.request('media.open', { kind: 'voice' });
  await settle();
  const before = w.socket().last('recall');
  w.socket().drop(1006);
  await assert.rejects(media, { code: 'connection_lost', retryable: true });
  const ws = await w.relive();
  assert.deepEqual(ws.last('recall'), before);
  ws.reply('recall', { type: 'recall.accepted', recall_id: 'r1' });
  assert.equal((await recall).recall_id, 'r1');
});

test('deleting again what the lost command already deleted is a success', async () => {
  const w = world();
  await w.live();
  const gone = w.client.deleteThread(THREAD);
  w.socket().drop(1006);
  const ws = await w.relive();
  ws.reply('thread.delete', { type: 'error', code: 'not_found' });
  await gone;
});

test('a recall waits for the creation of its thread, and fails with it', async () => {
  const w = world();
  const ws = await w.live();
  const thread = w.client.createThread({ thread_id: THREAD });
  const recall = w.client.recall(THREAD, { kind: 'text', text: 'x' });
  await settle();
  assert.equal(ws.last('recall'), undefined);
  ws.reply('thread.create', { type: 'thread', thread: { id: THREAD, seq: 0, epoch: 'e1' } });
  await thread;
  await settle();
  ws.reply('recall', { type: 'recall.accepted', recall_id: 'r1' });
  await recall;

  const other = uuid();
  const refused = w.client.createThread({ thread_id: other });
  const lost = w.client.recall(other, { kind: 'text', text: 'x' });
  ws.reply('thread.create', { type: 'error', code: 'unavailable', retryable: true });
  await assert.rejects(refused, { code: 'unavailable' });
  await assert.rejects(lost, { code: 'unavailable' });
});

test('events are delivered once and in order; duplicates are dropped', async () => {
  const w = await following();
  for (const seq of [6, 7, 7, 6, 8]) w.socket().receive(event(seq));
  assert.deepEqual(w.of('event').map((e) => e.seq), [6, 7, 8]);
});

test('a merged delta counts for all the numbers it covers', async () => {
  const w = await following();
  w.socket().receive(event(9, { type: 'recall.answer.delta', first_seq: 6, text: 'abcd' }));
  w.socket().receive(event(10));
  assert.deepEqual(w.of('event').map((e) => e.seq), [9, 10]);
  assert.equal(w.socket().all('thread.subscribe').length, 1);
});

test('a gap is bridged by subscribing again from where we stand', async () => {
  const w = await following();
  const ws = w.socket();
  ws.receive(event(6));
  ws.receive(event(9));
  ws.receive(event(10));
  assert.deepEqual([ws.all('thread.subscribe').length, ws.last('thread.subscribe').after_seq], [2, 6]);
  ws.reply('thread.subscribe', subscribed(10, { recovered: true }));
  for (const seq of [7, 8, 9, 10]) ws.receive(event(seq));
  assert.deepEqual(w.of('event').map((e) => e.seq), [6, 7, 8, 9, 10]);
  assert.deepEqual(w.of('reload'), []);
});

test('a gap that stays after bridging means reload, not an endless round', async () => {
  const w = await following();
  const ws = w.socket();
  ws.receive(event(8));
  ws.reply('thread.subscribe', subscribed(8, { recovered: true }));
  ws.receive(event(8));
  assert.equal(ws.all('thread.subscribe').length, 2);
  assert.deepEqual(w.of('reload').map((e) => e.seq), [8]);
});

test('after a drop hello resumes every thread; the gap then comes once', async () => {
  const w = await following();
  w.socket().receive(event(6));
  w.socket().drop(1006);
  const ws = await w.relive();
  assert.deepEqual(ws.sent[0].resume, [{ thread_id: THREAD, epoch: 'e1', after_seq: 6 }]);
  ws.receive(subscribed(8, { recovered: true }));
  for (const seq of [7, 8]) ws.receive(event(seq));
  assert.deepEqual(w.of('event').map((e) => e.seq), [6, 7, 8]);
  assert.equal(ws.all('thread.subscribe').length, 0);
});

test('recovered:false tells the app to reload and goes on from the server\'s number, even a lower one', async () => {
  const w = await following();
  w.socket().drop(1012);
  const ws = await w.relive();
  ws.receive(subscribed(2, { epoch: 'e2' }));
  assert.deepEqual(w.of('reload').map((e) => [e.thread_id, e.epoch, e.seq]), [[THREAD, 'e2', 2]]);
  ws.receive(event(3, { epoch: 'e2' }));
  assert.deepEqual(w.of('event').map((e) => e.seq), [3]);
});

test('a new epoch in the middle of a connection asks again', async () => {
  const w = await following();
  w.socket().receive(event(1, { epoch: 'e2' }));
  assert.equal(w.socket().last('thread.subscribe').epoch, 'e1');
  assert.deepEqual(w.of('event'), []);
});

test('a thread that was deleted elsewhere is not resumed', async () => {
  const w = await following();
  w.socket().receive(event(6, { type: 'thread.deleted' }));
  w.socket().drop(1006);
  const ws = await w.relive();
  assert.equal(ws.sent[0].resume, undefined);
});

test('subscribing to what is not ours rejects and leaves nothing to resume', async () => {
  const w = world();
  const ws = await w.live();
  const reply = w.client.subscribe(THREAD);
  ws.reply('thread.subscribe', { type: 'error', code: 'not_found' });
  await assert.rejects(reply, { code: 'not_found' });
  ws.drop(1006);
  assert.equal((await w.relive()).sent[0].resume, undefined);
});

test('a subscription that the drop swallowed is made on the next connection', async () => {
  const w = world();
  await w.live();
  const reply = w.client.subscribe(THREAD);
  w.socket().drop(1006);
  const ws = await w.relive();
  ws.reply('thread.subscribe', subscribed(3));
  assert.equal((await reply).seq, 3);
});

test('equal messages.list calls within 300 ms share one request', async () => {
  const w = world();
  const ws = await w.live();
  const calls = [w.client.listMessages(THREAD), w.client.listMessages(THREAD)];
  await w.clock.advance(299);
  calls.push(w.client.listMessages(THREAD));
  w.client.listMessages(THREAD, { before_seq: 9 });
  assert.equal(ws.all('messages.list').length, 2);
  ws.receive({ type: 'messages', id: ws.all('messages.list')[0].id, messages: [{ id: 'm1' }], has_more: false });
  for (const page of await Promise.all(calls)) assert.deepEqual(page.messages, [{ id: 'm1' }]);
  await w.clock.advance(1);
  w.client.listMessages(THREAD);
  assert.equal(ws.all('messages.list').length, 3);
});

test('an answer from before a subscription is not shared after it', async () => {
  const w = world();
  const ws = await w.live();
  w.client.listMessages(THREAD);
  w.client.subscribe(THREAD);
  ws.reply('thread.subscribe', subscribed(5));
  w.client.listMessages(THREAD);
  assert.equal(ws.all('messages.list').length, 2);
});

test('offline lets go of the socket and waits; online connects at once', async () => {
  const w = world();
  const ws = await w.live();
  w.network.dispatchEvent(new Event('offline'));
  assert.deepEqual([ws.closed, w.client.state.state], [true, 'offline']);
  await w.clock.advance(60_000);
  assert.equal(w.sockets.length, 1);
  w.network.dispatchEvent(new Event('online'));
  await settle();
  assert.equal(w.sockets.length, 2);
});

test('a silent server is pinged, then given up', async () => {
  const w = world();
  const ws = await w.live();
  await w.clock.advance(25_000);
  assert.equal(ws.all('ping').length, 1);
  await w.clock.advance(25_000);
  assert.deepEqual([ws.closed, w.client.state.code], [true, 4012]);
});

test('what a page load interrupts is in the storage and goes out with the next client', async () => {
  const rows = new Map();
  const storage = { getItem: (k) => rows.get(k) ?? null, setItem: (k, v) => rows.set(k, v), removeItem: (k) => rows.delete(k) };
  const old = world({ storage });
  old.client.createThread({ thread_id: THREAD });
  old.client.recall(THREAD, { kind: 'text', text: 'do not lose me' }, { requestId: 'q1' });

  const w = world({ storage });
  assert.deepEqual(w.client.outbox.map((c) => c.type), ['thread.create', 'recall']);
  const ws = await w.live();
  ws.reply('thread.create', { type: 'thread', thread: { id: THREAD, seq: 0, epoch: 'e1' } });
  await settle();
  assert.equal(ws.last('recall').request_id, 'q1');
  ws.reply('recall', { type: 'recall.accepted', recall_id: 'r1' });
  await settle();
  assert.equal(rows.size, 0);
});

test('a fault in one listener does not cost the others an event', async () => {
  const w = await following();
  w.client.on('recall.status', () => { throw new Error('mine'); });
  w.socket().receive(event(6));
  assert.equal(w.of('event').length, 1);
});

test('close rejects what waits and stays closed', async () => {
  const w = world();
  const ws = await w.live();
  const list = w.client.listThreads();
  w.client.close();
  await assert.rejects(list, { code: 'closed' });
  await assert.rejects(w.client.listThreads(), { code: 'closed' });
  assert.equal(ws.closed, true);
});
