// Uploads and downloads against a scripted server, whose socket fills up and drains when the test says so.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { RecallClient } from './recall.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));
const turns = async (n = 20) => { for (let i = 0; i < n; i++) await settle(); };

/** A live client and its server, which opens every upload with chunks of `chunk` bytes unless `opens` is false. */
async function world({ chunk = 4, opens = true, ...options } = {}) {
  const sockets = [];
  const pauses = [];
  class FakeWebSocket {
    bufferedAmount = 0;
    commands = [];
    frames = []; // [channel, bytes]
    constructor() { sockets.push(this); }
    close() {}
    send(data) {
      if (typeof data !== 'string') return this.chunk(data);
      const c = JSON.parse(data);
      this.commands.push(c);
      if (c.type === 'hello') this.receive({ type: 'welcome', id: 'hello' });
      if (c.type === 'media.open' && opens) this.open(c);
    }
    chunk(data) {
      this.frames.push([new DataView(data.buffer, data.byteOffset).getUint32(0), Buffer.from(data.subarray(4))]);
      this.bufferedAmount += this.fills ?? 0;
    }
    open(c) { this.receive({ type: 'media.opened', id: c.id, media_id: `m${this.all('media.open').length}`, channel: 0x01020304, chunk_bytes: chunk }); }
    receive(frame) { queueMicrotask(() => this.onmessage({ data: JSON.stringify(frame) })); }
    all(type) { return this.commands.filter((c) => c.type === type); }
    last(type) { return this.all(type).at(-1); }
    get bytes() { return Buffer.concat(this.frames.map(([, b]) => b)); }
    stored() { const c = this.last('media.close'); this.receive({ type: 'media.stored', id: c.id, media_id: c.media_id, size: this.bytes.length, sha256: c.sha256 }); }
  }
  const timers = [];
  const clock = {
    now: () => 0, random: () => 0, clearTimeout: (t) => t && (t.off = true),
    setTimeout: (fn, ms) => (ms === 25 ? pauses : timers).push({ fn, ms }) && (ms === 25 ? pauses : timers).at(-1),
  };
  const client = new RecallClient({ url: 'ws://test/v1/ws', token: 'secret', WebSocket: FakeWebSocket, clock, network: new EventTarget(), ...options });
  const connect = async () => {
    sockets.at(-1).onopen();
    await turns();
  };
  client.connect();
  await settle();
  await connect();
  const reconnect = async () => {
    for (const t of timers.splice(0)) if (!t.off && t.ms === 0) t.fn();
    await settle();
    await connect();
  };
  return { client, pauses, reconnect, get ws() { return sockets.at(-1); } };
}

const about = { kind: 'voice', contentType: 'audio/webm' };

test('bytes are cut into chunks, in order, behind the channel as 4 bytes big-endian', async () => {
  const w = await world();
  const upload = w.client.openMedia({ ...about, size: 11 });
  upload.send(Buffer.from('abcdef'));
  upload.send(new Uint8Array(Buffer.from('--ghijk--')).subarray(2, 7));
  const closed = upload.close({ sha256: 'aa' });
  await turns();
  assert.deepEqual(w.ws.all('media.open').map(({ id, ...c }) => c), [{ type: 'media.open', kind: 'voice', content_type: 'audio/webm', size: 11 }]);
  assert.deepEqual(w.ws.frames.map(([channel, b]) => [channel, b.toString()]),
    [[0x01020304, 'abcd'], [0x01020304, 'ef'], [0x01020304, 'ghij'], [0x01020304, 'k']]);
  assert.deepEqual([w.ws.last('media.close').media_id, w.ws.last('media.close').sha256], ['m1', 'aa']);
  w.ws.stored();
  assert.equal((await closed).media_id, 'm1');
});

test('what is sent before the server has opened the upload waits', async () => {
  const w = await world({ opens: false });
  const upload = w.client.openMedia(about);
  const sent = upload.send(Buffer.from('abc'));
  await turns();
  assert.equal(w.ws.frames.length, 0);
  w.ws.open(w.ws.last('media.open'));
  await sent;
  assert.equal(w.ws.bytes.toString(), 'abc');
});

test('a socket that is full is waited for, however much there is to send', async () => {
  const w = await world({ chunk: 64 << 10 });
  w.ws.fills = 64 << 10;
  const upload = w.client.openMedia(about);
  const sent = upload.send(new Uint8Array(4 << 20));
  await turns();
  assert.equal(w.ws.bufferedAmount, (1 << 20) + (64 << 10)); // one chunk over a full MiB, and no more
  for (let rounds = 0; w.ws.bytes.length < 4 << 20; rounds++) {
    assert.ok(rounds < 64, 'it goes on');
    w.ws.bufferedAmount = 0;
    w.pauses.splice(0).forEach((p) => p.fn());
    await turns();
    assert.ok(w.ws.bufferedAmount <= (1 << 20) + (64 << 10));
  }
  await sent;
});

test('a lost connection fails the upload, clearly and as something to try again', async () => {
  const w = await world();
  const upload = w.client.openMedia(about);
  await upload.send(Buffer.from('abc'));
  w.ws.onclose({ code: 1006 });
  await assert.rejects(upload.send(Buffer.from('d')), { code: 'connection_lost', retryable: true, message: /middle of the upload/ });
  await assert.rejects(upload.close(), { code: 'connection_lost' });
});

test('an upload that waits to be opened goes over the next connection', async () => {
  const w = await world();
  w.ws.onclose({ code: 1006 });
  const upload = w.client.openMedia(about);
  const sent = upload.send(Buffer.from('abc'));
  await w.reconnect();
  await sent;
  assert.equal(w.ws.bytes.toString(), 'abc');
});

test('the server may end an upload unasked, and only that one', async () => {
  const w = await world();
  const one = w.client.openMedia(about);
  const two = w.client.openMedia(about);
  await turns();
  w.ws.receive({ type: 'error', code: 'too_large', message: 'too much', media_id: 'm1' });
  await turns();
  await assert.rejects(one.close(), { code: 'too_large' });
  await two.send(Buffer.from('x'));
});

test('a refused upload rejects whatever was asked of it', async () => {
  const w = await world({ opens: false });
  const upload = w.client.openMedia(about);
  const sent = upload.send(Buffer.from('abc'));
  await turns();
  w.ws.receive({ type: 'error', id: w.ws.last('media.open').id, code: 'busy', message: 'many', retryable: true });
  await assert.rejects(sent, { code: 'busy' });
  await assert.rejects(upload.close(), { code: 'busy' });
});

test('giving up leaves nothing: the upload is closed with a sum that it cannot have', async () => {
  const w = await world();
  const upload = w.client.openMedia(about);
  await upload.send(Buffer.from('abc'));
  upload.abort();
  upload.abort();
  assert.deepEqual(w.ws.all('media.close').map((c) => [c.media_id, c.sha256]), [['m1', '0'.repeat(64)]]);
  await assert.rejects(upload.close(), { code: 'aborted' });
  await assert.rejects(upload.send(Buffer.from('d')), { code: 'aborted' });
});

test('giving up before it is opened gives up what is opened then', async () => {
  const w = await world({ opens: false });
  const upload = w.client.openMedia(about);
  await turns();
  upload.abort();
  w.ws.open(w.ws.last('media.open'));
  await turns();
  assert.equal(w.ws.last('media.close').sha256, '0'.repeat(64));
});

test('uploadMedia sends the whole with type, size and sum', async () => {
  const w = await world({ chunk: 64 << 10 });
  const data = new Uint8Array(3_000_000).map((_, i) => i % 251);
  const progress = [];
  const stored = w.client.uploadMedia(new Blob([data], { type: 'image/png' }), { kind: 'image', onProgress: (sent, size) => progress.push([sent, size]) });
  while (!w.ws.last('media.close')) await settle();
  const sum = createHash('sha256').update(data).digest('hex');
  assert.equal(w.ws.last('media.close').sha256, sum);
  assert.equal(createHash('sha256').update(w.ws.bytes).digest('hex'), sum);
  assert.deepEqual([w.ws.last('media.open').content_type, w.ws.last('media.open').size], ['image/png', 3_000_000]);
  w.ws.stored();
  assert.equal((await stored).sha256, sum);
  assert.deepEqual(progress.at(-1), [3_000_000, 3_000_000]);
});

test('uploadMedia begins anew once after a lost connection, and not twice', async () => {
  const w = await world({ opens: true });
  const stored = w.client.uploadMedia(Buffer.from('abcdefgh'), { kind: 'voice', contentType: 'audio/ogg' });
  stored.catch(() => {});
  while (!w.ws.last('media.close')) await settle();
  const first = w.ws;
  first.onclose({ code: 1012 });
  await w.reconnect();
  while (!w.ws.last('media.close')) await settle();
  assert.notEqual(w.ws, first);
  assert.equal(w.ws.bytes.toString(), 'abcdefgh');
  w.ws.onclose({ code: 1012 });
  await assert.rejects(stored, { code: 'connection_lost', retryable: true });
});

test('a refusal by the server is not tried again', async () => {
  const w = await world();
  const stored = w.client.uploadMedia(Buffer.from('abc'), { kind: 'image' });
  while (!w.ws.last('media.close')) await settle();
  w.ws.receive({ type: 'error', id: w.ws.last('media.close').id, code: 'unsupported_media', message: 'no picture' });
  await assert.rejects(stored, { code: 'unsupported_media' });
  assert.equal(w.ws.all('media.open').length, 1);
});

test('more than the protocol allows is refused here, and a signal stops an upload', async () => {
  const w = await world({ opens: false });
  await assert.rejects(w.client.uploadMedia(new Uint8Array(26_214_401), { kind: 'image' }), { code: 'too_large' });
  assert.equal(w.ws.all('media.open').length, 0);
  const stop = new AbortController();
  const stored = w.client.uploadMedia(Buffer.from('abc'), { kind: 'image', signal: stop.signal });
  while (!w.ws.last('media.open')) await settle();
  stop.abort();
  w.ws.open(w.ws.last('media.open'));
  await assert.rejects(stored, { name: 'AbortError' });
});

/** A real HTTP server on the loopback, and a client that takes its media from there. */
async function overHTTP(t, handle, options) {
  const server = createServer(handle);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return new RecallClient({ url: `ws://127.0.0.1:${server.address().port}/v1/ws`, token: 'secret', WebSocket: class {}, ...options });
}

test('fetchMedia brings the bytes and their type, with the token', async (t) => {
  const client = await overHTTP(t, (request, reply) => {
    assert.deepEqual([request.url, request.headers.authorization], ['/v1/media/m1', 'Bearer secret']);
    reply.setHeader('Content-Type', 'audio/webm');
    reply.end('sound');
  });
  const blob = await client.fetchMedia('m1');
  assert.deepEqual([blob.type, await blob.text()], ['audio/webm', 'sound']);
});

test('fetchMedia says what the server says, and renews an expired token once', async (t) => {
  const seen = [];
  const client = await overHTTP(t, (request, reply) => {
    seen.push(request.headers.authorization);
    const [status, body] = request.headers.authorization === 'Bearer old'
      ? [401, { type: 'error', code: 'token_expired', message: 'expired', retryable: false }]
      : [404, { type: 'error', code: 'not_found', message: 'no such media', retryable: false }];
    reply.writeHead(status, { 'Content-Type': 'application/json' });
    reply.end(JSON.stringify(body));
  }, { token: 'old', getToken: ({ refresh }) => (refresh ? 'new' : 'old') });
  await assert.rejects(client.fetchMedia('m1'), { code: 'not_found', message: 'no such media' });
  assert.deepEqual(seen, ['Bearer old', 'Bearer new']);
});

test('fetchMedia without a server is a lost connection', async () => {
  const client = new RecallClient({ url: 'ws://test/v1/ws', token: 'x', WebSocket: class {}, fetch: () => Promise.reject(new TypeError('no')) });
  await assert.rejects(client.fetchMedia('m1'), { code: 'connection_lost', retryable: true });
});
