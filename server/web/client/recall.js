/**
 * Client of the Recall wire protocol, version 1. No dependencies beside the small files next to it: it runs in a
 * browser, and in Node 20 or later when a WebSocket constructor is passed in.
 *
 *     const client = new RecallClient({ url: 'ws://127.0.0.1:8080/v1/ws', token });
 *     client.on('recall.candidate', (event) => show(event.candidate));
 *     client.connect();
 *     const thread = await client.createThread({ title: 'That song from the film' });
 *     await client.recall(thread.id, { kind: 'text', text: 'slow piano, a woman sings about rain' });
 *
 * What it takes care of, so that an app need not:
 *  - one promise for each command; a command lost with its connection is sent again if repeating it does no harm;
 *  - reconnecting with full jitter, by the close-code table of the protocol, and resuming every followed thread;
 *  - the numbering of each thread: no event is delivered twice or out of order, and a gap is never passed over;
 *  - a token that is about to expire, when `getToken` is given;
 *  - uploads in pieces that never fill the memory, even while they are still being recorded;
 *  - reads that are kept, shared and read ahead, and never tell what was before the last event or answer (`reads.js`).
 *
 * Beside the protocol's own event types, `on` knows these:
 *  - `state`    ConnectionState   whenever it changes
 *  - `event`    ThreadEvent       every thread event, after the listeners of its own type
 *  - `reload`   {thread_id, epoch, seq}  the server could not bridge a gap: load the thread again with `listMessages`
 *  - `error`    RecallError       an error that answers no command of ours
 *  - `unsent`   {command, error}  a command kept over a page load (see `storage`) was refused
 *
 * @typedef {'idle'|'connecting'|'live'|'reconnecting'|'offline'|'closed'} StateName
 * @typedef {{state: StateName, code?: number, reason?: string, retryAt?: number}} ConnectionState
 *   `retryAt` is in the clock's milliseconds and stands with `reconnecting` only; `code` and `reason` tell why the last
 *   connection ended.
 * @typedef {{type: string, thread_id: string, recall_id?: string, seq: number, epoch: string, ts: string}} ThreadEvent
 * @typedef {{kind: 'text'|'voice'|'image', text?: string, media_id?: string, edited_transcript?: string}} RecallInput
 * @typedef {{now: () => number, setTimeout: (fn: () => void, ms: number) => any, clearTimeout: (id: any) => void,
 *   random?: () => number}} Clock
 */

import { RecallError } from './error.js';
import { download, retryOnce, Upload, uploadWhole } from './media.js';
import { operationOf, Reads } from './reads.js';
import { Statistics } from './stats.js';

export { RecallError };

/** Commands that may be sent twice: reads, those with an id of the client's making, and those that set a final state. */
const REPEATABLE = new Set([
  'thread.create', 'thread.list', 'thread.get', 'thread.update', 'thread.delete', 'thread.unsubscribe', 'messages.list',
  'recall', 'recall.cancel', 'candidate.confirm', 'candidate.reject', 'stash.list', 'stash.add', 'stash.remove', 'ping',
]);
/** Commands worth keeping over a page load: a person's own words, and the thread that they go to. */
const KEPT = new Set(['thread.create', 'recall']);
const KEPT_FOR_MS = 60 * 60_000;

const BACKOFF_BASE_MS = 500;
const BACKOFF_CAP_MS = 30_000;
const STABLE_AFTER_MS = 5_000;
const WELCOME_WITHIN_MS = 15_000;
const IDLE_AFTER_MS = 50;
const TIMER_MAX_MS = 2 ** 31 - 1;

/** A random UUID; also on pages that came over plain HTTP, where `crypto.randomUUID` is missing. @returns {string} */
export function uuid() {
  if (globalThis.crypto.randomUUID) return globalThis.crypto.randomUUID();
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/**
 * What to do after a close: the table of the protocol's section 5.
 * @param {number} code the WebSocket close code
 * @param {{reconnect?: boolean}} [goodbye] the server's last word, if it sent one
 * @returns {'retry'|'refresh'|'stop'}
 */
export function afterClose(code, goodbye) {
  if (code >= 4500 && code <= 4999) return 'stop';
  if (goodbye?.reconnect === false) return 'stop';
  return code === 4001 ? 'refresh' : 'retry';
}

/**
 * Exponential backoff with full jitter: anywhere between the floor and the floor plus a ceiling that doubles.
 * @param {number} attempt 0 for the first try after a drop
 * @param {() => number} random in [0, 1)
 * @param {number} [floorMs] the server's `retry_after_ms`; jitter comes on top, or a restart would meet everybody at once
 * @returns {number} milliseconds
 */
export function backoffMs(attempt, random, floorMs = 0) {
  return floorMs + random() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(attempt, 16));
}

/** Where we stand in the numbering of one thread. */
class Cursor {
  constructor(threadId, epoch, seq) {
    this.threadId = threadId;
    this.epoch = epoch;
    this.seq = seq;
    this.waiting = false; // a `subscribed` is due; until it comes, what does not fit is dropped: it will be sent again
    this.asked = false; // that subscription asked for the events after `seq`
    this.blind = false; // events may have passed before we knew our place
    this.head = 0; // where the thread stood at the last `subscribed`: up to here events are replayed
    this.gapAt = undefined; // where a gap was seen last
    this.waiters = [];
  }

  get known() {
    return this.epoch !== undefined && this.seq !== undefined;
  }

  /** Whether all that has happened in the thread so far was delivered, and what happens next will be. */
  get inStep() {
    return this.known && !this.waiting && this.seq >= this.head;
  }

  /** @returns {'deliver'|'drop'|'gap'} */
  judge(event) {
    if (!this.known) return this.take(event);
    if (event.epoch !== this.epoch) return this.waiting ? 'drop' : 'gap';
    if (event.seq <= this.seq) return 'drop';
    const first = event.first_seq ?? event.seq;
    if (first > this.seq + 1) return this.waiting ? 'drop' : 'gap';
    // A merged delta that repeats text we have cannot be cut; recall.answer brings the whole text anyway.
    const overlaps = first <= this.seq;
    this.take(event);
    return overlaps ? 'drop' : 'deliver';
  }

  take({ epoch, seq }) {
    this.epoch = epoch;
    this.seq = seq;
    this.gapAt = undefined;
    return 'deliver';
  }

  settle(reply, error) {
    const waiters = this.waiters.splice(0);
    for (const { resolve, reject } of waiters) error ? reject(error) : resolve(reply);
  }
}

/** One client holds one connection at a time and keeps it for as long as it is wanted. */
export class RecallClient {
  #options;
  #clock;
  #token;
  #ws = null;
  #state = { state: 'idle' };
  #wanted = false;
  #needFreshToken = false;
  #goodbye = null;
  #attempt = 0;
  #liveSince = 0;
  #lastHeard = 0;
  #timers = {};
  #nextId = 1;
  #maxFrameBytes = 64 * 1024;
  #pending = new Map(); // id -> {command, resolve, reject, sent, repeated, restored}
  #creating = new Map(); // thread id -> promise of its thread.create
  #cursors = new Map();
  #reads;
  #stats = new Statistics();
  #listeners = new Map();
  #uploads = new Set(); // those that are not over
  #network;
  #onOnline = () => this.#online();
  #onOffline = () => this.#offline();

  /**
   * @param {object} options
   * @param {string} options.url address of the socket, `ws://…/v1/ws` or `wss://…`
   * @param {string} [options.token] bearer token
   * @param {(ask: {refresh: boolean}) => string | Promise<string>} [options.getToken] gives a token; with `refresh` a
   *   newer one than it gave before. Reject with a RecallError of code `unauthorized` to give up.
   * @param {typeof WebSocket} [options.WebSocket] default: the global one
   * @param {Clock} [options.clock] default: Date.now, the global timers, Math.random
   * @param {Storage} [options.storage] keeps recalls and new threads that the server has not answered, so that a page
   *   load does not lose them; one store for each tab (sessionStorage) and user. Entries older than an hour are dropped.
   * @param {string} [options.storageKey] default `recall.outbox`
   * @param {EventTarget} [options.network] tells `online` and `offline`; default: the window, if there is one
   * @param {{name: string, version: string}} [options.client] what `hello` says about us
   * @param {typeof fetch} [options.fetch] for `fetchMedia`; default: the global one
   * @param {false|{threads?: false|{ttlMs?: number, max?: number}, messages?: false|{ttlMs?: number, max?: number}}} [options.cache]
   *   what is kept of threads and their lists (default 300 000 ms, 100 entries), and of pages of messages (default
   *   60 000 ms, 100 entries); `ttlMs` 1..86 400 000, `max` 1..10 000, the least recently used go first; false: nothing
   * @param {boolean} [options.coalesce] equal reads under way at the same time are one request; default true
   * @param {number} [options.debounceMs] the first of equal reads goes out at once and those in the milliseconds after it
   *   share its answer, 0..60 000, default 300; 0: each asks
   * @param {boolean} [options.prefetch] the page behind the one that the app has got is read ahead into its cache once
   *   no command has waited for 50 ms; default true
   * @throws {TypeError} naming the option that is missing or out of its bounds
   */
  constructor(options) {
    if (!options.token && !options.getToken) throw new TypeError('RecallClient: token or getToken is required');
    this.#options = { WebSocket: globalThis.WebSocket, storageKey: 'recall.outbox', ...options };
    if (!this.#options.WebSocket) throw new TypeError('RecallClient: no WebSocket here, pass one in');
    this.#clock = options.clock ?? {
      now: () => Date.now(), setTimeout: (fn, ms) => setTimeout(fn, ms), clearTimeout: (id) => clearTimeout(id),
    };
    this.#token = options.token;
    this.#network = options.network ?? globalThis.window;
    this.#reads = new Reads(options, {
      clock: this.#clock, stats: this.#stats,
      send: ({ type, ...fields }) => this.#command(type, fields),
      live: () => this.#state.state === 'live',
      inStep: (threadId) => this.#state.state === 'live' && Boolean(this.#cursors.get(threadId)?.inStep),
      planned: () => this.#whenIdle(),
    });
    this.#restore();
  }

  /**
   * What was asked, how long it took, and how much of it was spared. Reads have the server's names (`fetch_messages`,
   * `fetch_thread`, `list_threads`, `list_stash`), every other operation that of its command.
   * @returns {import('./stats.js').Stats} a copy
   */
  stats() {
    return this.#stats.snapshot(this.#reads.sizes);
  }

  /** @returns {ConnectionState} */
  get state() {
    return this.#state;
  }

  /** Commands that the server has not answered yet, oldest first. @returns {object[]} copies of the frames */
  get outbox() {
    return [...this.#pending.values()].map((p) => structuredClone(p.command));
  }

  /**
   * Listens to an event type of the protocol or of this module (see top).
   * @param {string} type
   * @param {(event: any) => void} fn
   * @returns {() => void} stops listening
   */
  on(type, fn) {
    if (!this.#listeners.has(type)) this.#listeners.set(type, new Set());
    this.#listeners.get(type).add(fn);
    return () => this.off(type, fn);
  }

  /** Stops listening. @param {string} type @param {(event: any) => void} fn */
  off(type, fn) {
    this.#listeners.get(type)?.delete(fn);
  }

  /** Opens the connection and keeps it open; while waiting to reconnect it tries at once. */
  connect() {
    if (!this.#wanted) {
      this.#wanted = true;
      this.#network?.addEventListener?.('online', this.#onOnline);
      this.#network?.addEventListener?.('offline', this.#onOffline);
    }
    if (!this.#ws && this.#state.state !== 'connecting') this.#open();
  }

  /** Closes for good; every command that waits is rejected with code `closed`. What `storage` holds stays there. */
  close() {
    this.#stop(1000, 'closed by the app');
  }

  /** Hands in a newer token of the same user; a live connection is told at once. @param {string} token */
  async setToken(token) {
    this.#token = token;
    this.#needFreshToken = false;
    if (this.#state.state !== 'live') return;
    const reply = await this.request('auth.refresh', { token });
    this.#planRefresh(Date.parse(reply.token_expires_at ?? '') || expiryOf(token), this.#clock.now());
  }

  /**
   * Sends any command. It waits for the connection; see REPEATABLE for what happens when that is lost meanwhile. A read
   * that is sent this way goes to the server in any case.
   * @param {string} type
   * @param {object} [fields]
   * @returns {Promise<any>} the direct reply; rejects with a RecallError
   */
  request(type, fields = {}) {
    this.#stats.requested(operationOf(type));
    return this.#command(type, fields);
  }

  #command(type, fields) {
    const command = { type, id: `c${this.#nextId++}`, ...fields };
    return new Promise((resolve, reject) => this.#enqueue({ command, resolve, reject }));
  }

  /** @param {{thread_id?: string, title?: string}} [fields] the id is made here when missing @returns {Promise<object>} the thread */
  createThread(fields = {}) {
    const threadId = fields.thread_id ?? uuid();
    const reply = this.request('thread.create', { ...fields, thread_id: threadId }).then((r) => r.thread);
    this.#noteCreating(threadId, reply);
    return reply;
  }

  /**
   * One page of threads. What other devices do to threads that are not followed here may be missing from it for as long
   * as it is kept (see the option `cache`).
   * @param {{cursor?: string, limit?: number, archived?: boolean, fresh?: boolean}} [page] limit 1..20; `fresh` asks the
   *   server in any case
   * @returns {Promise<{threads: object[], next_cursor: string|null}>}
   */
  listThreads({ fresh, ...page } = {}) {
    return this.#reads.read({ type: 'thread.list', ...page }, fresh);
  }

  /** @param {string} threadId @param {{fresh?: boolean}} [how] `fresh` asks the server in any case @returns {Promise<object>} the thread */
  async getThread(threadId, { fresh } = {}) {
    return (await this.#reads.read({ type: 'thread.get', thread_id: threadId }, fresh)).thread;
  }

  /** @param {string} threadId @param {{title?: string, pinned?: boolean, archived?: boolean}} changes @returns {Promise<object>} the thread */
  async updateThread(threadId, changes) {
    return (await this.request('thread.update', { thread_id: threadId, ...changes })).thread;
  }

  /** @param {string} threadId */
  async deleteThread(threadId) {
    await this.request('thread.delete', { thread_id: threadId });
    this.#forget(threadId);
  }

  /**
   * Follows a thread until `unsubscribe`, over every reconnect. With a position, the events after it come first, or
   * else a `reload` event tells that they cannot be had. A thread that is followed already goes on from where it is.
   * @param {string} threadId
   * @param {{epoch?: string, afterSeq?: number}} [from]
   * @returns {Promise<{thread_id: string, epoch: string, seq: number, recovered: boolean, active_recall_id?: string}>}
   */
  subscribe(threadId, { epoch, afterSeq } = {}) {
    const creating = this.#creating.get(threadId);
    if (creating) return creating.then(() => this.subscribe(threadId));
    let cursor = this.#cursors.get(threadId);
    if (cursor?.known && !cursor.waiting) {
      return Promise.resolve({ thread_id: threadId, epoch: cursor.epoch, seq: cursor.seq, recovered: true });
    }
    cursor ??= this.#follow(threadId, new Cursor(threadId, epoch, afterSeq));
    const reply = new Promise((resolve, reject) => cursor.waiters.push({ resolve, reject }));
    if (this.#state.state === 'live' && !cursor.waiting) this.#sendSubscribe(cursor);
    return reply;
  }

  /** @param {string} threadId */
  async unsubscribe(threadId) {
    if (!this.#cursors.has(threadId)) return;
    await this.request('thread.unsubscribe', { thread_id: threadId });
    this.#reads.spoilThread(threadId);
    this.#unfollow(threadId);
  }

  /**
   * One page of a thread's messages. Of a thread that is followed it may be a kept one, to which all was added that has
   * been delivered since.
   * @param {string} threadId
   * @param {{before_seq?: number, after_seq?: number, limit?: number, fresh?: boolean}} [page] one of before_seq and
   *   after_seq; limit 1..50; `fresh` asks the server in any case
   * @returns {Promise<{messages: object[], has_more: boolean}>} the caller's own copy
   */
  listMessages(threadId, { fresh, ...page } = {}) {
    return this.#reads.read({ type: 'messages.list', thread_id: threadId, ...page }, fresh);
  }

  /**
   * Starts a recall, after the thread's own creation if that is still on its way.
   * @param {string} threadId
   * @param {RecallInput} input
   * @param {{requestId?: string}} [options] the idempotency key; made here when missing
   * @returns {Promise<{recall_id: string, request_id: string, message: object}>} once the server has accepted it
   */
  async recall(threadId, input, { requestId = uuid() } = {}) {
    const followed = this.#cursors.has(threadId) || this.#creating.has(threadId);
    if (!followed) this.#follow(threadId, new Cursor(threadId)).blind = true;
    const fields = { thread_id: threadId, request_id: requestId, input };
    return this.request('recall', fields);
  }

  /** Cancels a running or waiting recall. @param {string} recallId */
  cancel(recallId) {
    return this.request('recall.cancel', { recall_id: recallId });
  }

  /** "That is the song." @param {string} messageId of a candidate */
  confirm(messageId) {
    return this.request('candidate.confirm', { message_id: messageId });
  }

  /** "That is not it." @param {string} messageId of a candidate */
  reject(messageId) {
    return this.request('candidate.reject', { message_id: messageId });
  }

  /** One page of the stash, which is never kept. @param {{cursor?: string, limit?: number, fresh?: boolean}} [page] limit 1..20 */
  listStash({ fresh, ...page } = {}) {
    return this.#reads.read({ type: 'stash.list', ...page }, fresh);
  }

  /** @param {string} threadId */
  addStash(threadId) {
    return this.request('stash.add', { thread_id: threadId });
  }

  /** @param {string} threadId */
  removeStash(threadId) {
    return this.request('stash.remove', { thread_id: threadId });
  }

  // ---- media ----------------------------------------------------------------------------------------------------

  /**
   * Begins an upload. The object is there at once and takes bytes at once: they wait until the server has opened it.
   * @param {{kind: 'voice'|'image', contentType: string, size?: number}} about `size` in bytes, if it is known, exact
   * @returns {Upload}
   */
  openMedia(about) {
    const upload = new Upload(about, {
      request: (type, fields) => this.request(type, fields),
      socket: () => (this.#state.state === 'live' ? this.#ws : null),
      pause: (ms) => new Promise((resolve) => this.#clock.setTimeout(resolve, ms)),
      over: () => this.#uploads.delete(upload),
    });
    this.#uploads.add(upload);
    upload.begin();
    return upload;
  }

  /**
   * Uploads the whole of something, with its SHA-256 where the page may compute one. If the connection is lost, it
   * begins anew once.
   * @param {Blob|ArrayBuffer|ArrayBufferView} data 1..26 214 400 bytes
   * @param {{kind: 'voice'|'image', contentType?: string, signal?: AbortSignal, onProgress?: (sent: number, size: number) => void}} options
   *   `contentType` defaults to the Blob's own; `onProgress` counts bytes that were handed to the connection
   * @returns {Promise<{media_id: string, size: number, sha256: string}>}
   */
  uploadMedia(data, options) {
    return retryOnce(() => uploadWhole((about) => this.openMedia(about), data, options));
  }

  /**
   * Fetches what this user has uploaded, over HTTP. An expired token is renewed once, when `getToken` is given.
   * @param {string} mediaId
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<Blob>} with the content type that the server found
   */
  async fetchMedia(mediaId, { signal } = {}) {
    const url = new URL(`/v1/media/${mediaId}`, this.#options.url.replace(/^ws/, 'http'));
    const get = async () => {
      await this.#provideToken();
      return download(this.#options.fetch ?? globalThis.fetch, url.href, this.#token, signal);
    };
    try {
      return await get();
    } catch (err) {
      if (err.code !== 'token_expired' || !this.#options.getToken) throw err;
      this.#needFreshToken = true;
      return get();
    }
  }

  // ---- the connection -------------------------------------------------------------------------------------------

  async #open() {
    this.#clearTimer('retry');
    this.#setState({ ...this.#state, state: 'connecting', retryAt: undefined });
    this.#arm('welcome', WELCOME_WITHIN_MS, () => this.#lost(1006, 'the server did not answer'));
    try {
      await this.#provideToken();
    } catch (err) {
      if (!this.#wanted || this.#state.state !== 'connecting') return;
      if (err?.code === 'unauthorized') return this.#stop(4500, err.message);
      return this.#lost(1006, 'no token could be had');
    }
    if (!this.#wanted || this.#ws || this.#state.state !== 'connecting') return;
    this.#attach(new this.#options.WebSocket(this.#options.url, ['recall.v1']));
  }

  async #provideToken() {
    const { getToken } = this.#options;
    if (!getToken || (this.#token && !this.#needFreshToken)) return;
    this.#token = await getToken({ refresh: this.#needFreshToken });
    this.#needFreshToken = false;
  }

  #attach(ws) {
    this.#ws = ws;
    this.#goodbye = null;
    const mine = (fn) => (event) => this.#ws === ws && fn(event);
    ws.onopen = mine(() => this.#hello());
    ws.onmessage = mine((event) => this.#receive(event.data));
    ws.onerror = () => {}; // a close always follows
    ws.onclose = mine((event) => this.#lost(event.code, event.reason));
  }

  #hello() {
    const known = [...this.#cursors.values()].filter((c) => c.known);
    for (const c of known) c.waiting = c.asked = true;
    const resume = known.map((c) => ({ thread_id: c.threadId, epoch: c.epoch, after_seq: c.seq }));
    const client = this.#options.client ?? { name: 'recall.js', version: '1' };
    this.#write({ type: 'hello', id: 'hello', token: this.#token, client, ...(resume.length ? { resume } : {}) });
  }

  #welcome(m) {
    this.#clearTimer('welcome');
    this.#liveSince = this.#clock.now();
    this.#maxFrameBytes = m.max_frame_bytes ?? this.#maxFrameBytes;
    this.#watch(m.heartbeat_ms ?? 25_000);
    this.#planRefresh(Date.parse(m.token_expires_at ?? ''), Date.parse(m.server_time ?? ''));
    this.#setState({ state: 'live' });
    this.#emit('welcome', m);
    if (m.limits) this.#emit('limits', Array.isArray(m.limits) ? { type: 'limits', policies: m.limits } : m.limits);
    for (const cursor of this.#cursors.values()) if (!cursor.waiting) this.#sendSubscribe(cursor);
    for (const entry of [...this.#pending.values()]) if (!entry.sent) this.#transmit(entry);
  }

  /** A browser does not show us the server's pings, so silence is broken by a ping of ours, and two beats of it are the end. */
  #watch(beatMs) {
    this.#arm('beat', beatMs, () => {
      const silentMs = this.#clock.now() - this.#lastHeard;
      if (silentMs >= 2 * beatMs) return this.#lost(4012, 'the server fell silent');
      if (silentMs >= beatMs / 2) this.#write({ type: 'ping', id: 'beat' });
      this.#watch(beatMs);
    });
  }

  /** Asks for the next token after four fifths of this one's life. */
  #planRefresh(expiresAt, now) {
    const lifeMs = expiresAt - now;
    if (!this.#options.getToken || !(lifeMs > 0)) return;
    const waitMs = Math.min(lifeMs * 0.8, TIMER_MAX_MS);
    this.#arm('token', waitMs, async () => {
      try {
        await this.setToken(await this.#options.getToken({ refresh: true }));
      } catch (err) {
        this.#emit('error', err); // the server will close with 4001, and that path asks again
      }
    });
  }

  #lost(code, reason) {
    const why = { code: this.#goodbye?.code ?? code, reason: this.#goodbye?.reason || reason };
    const retryAfterMs = this.#goodbye?.retry_after_ms;
    let next = afterClose(why.code, this.#goodbye ?? undefined);
    this.#detach();
    if (next === 'refresh') {
      this.#needFreshToken = true;
      if (!this.#options.getToken) next = 'stop';
    }
    if (next === 'stop') return this.#stop(why.code, why.reason);
    this.#sortOutPending();
    if (this.#state.state === 'live' && this.#clock.now() - this.#liveSince >= STABLE_AFTER_MS) this.#attempt = 0;
    const waitMs = backoffMs(this.#attempt++, this.#clock.random ?? Math.random, retryAfterMs);
    this.#arm('retry', waitMs, () => this.#open());
    this.#setState({ state: 'reconnecting', ...why, retryAt: this.#clock.now() + waitMs });
  }

  #detach() {
    for (const name of ['welcome', 'beat', 'token', 'retry', 'idle']) this.#clearTimer(name);
    this.#reads.spoil();
    const ws = this.#ws;
    this.#ws = null;
    this.#goodbye = null;
    for (const cursor of this.#cursors.values()) cursor.waiting = false;
    for (const upload of [...this.#uploads]) upload.disconnected(ws);
    try {
      ws?.close();
    } catch {
      // it never opened
    }
  }

  #stop(code, reason) {
    this.#wanted = false;
    this.#network?.removeEventListener?.('online', this.#onOnline);
    this.#network?.removeEventListener?.('offline', this.#onOffline);
    this.#detach();
    const error = new RecallError({ code: 'closed', message: reason });
    for (const entry of this.#pending.values()) entry.reject(error);
    this.#pending.clear();
    for (const cursor of this.#cursors.values()) cursor.settle(null, error);
    this.#setState({ state: 'closed', code, reason });
  }

  #online() {
    if (this.#ws) return;
    this.#attempt = 0;
    this.#open();
  }

  #offline() {
    this.#detach();
    this.#sortOutPending();
    this.#setState({ state: 'offline', reason: 'this device has no network' });
  }

  // ---- commands -------------------------------------------------------------------------------------------------

  #enqueue(entry) {
    if (this.#state.state === 'closed') return entry.reject(new RecallError({ code: 'closed', message: this.#state.reason }));
    this.#pending.set(entry.command.id, entry);
    if (KEPT.has(entry.command.type)) this.#save();
    if (this.#state.state === 'live') this.#transmit(entry);
  }

  #transmit(entry) {
    const { command } = entry;
    // The server answers commands side by side; a recall must not overtake the creation of its thread.
    const creating = command.type === 'recall' && this.#creating.get(command.thread_id);
    if (creating) {
      return void creating.then(() => this.#state.state === 'live' && !entry.sent && this.#pending.has(command.id) && this.#transmit(entry),
        (err) => this.#finish(entry, null, err));
    }
    const frame = JSON.stringify(command);
    if (new TextEncoder().encode(frame).length > this.#maxFrameBytes) {
      return this.#finish(entry, null, new RecallError({ code: 'bad_request', message: 'the command is larger than a frame may be' }));
    }
    entry.sent = true;
    entry.sentAt = this.#clock.now();
    this.#ws.send(frame);
  }

  #noteCreating(threadId, promise) {
    this.#creating.set(threadId, promise);
    const done = () => this.#creating.delete(threadId);
    promise.then(done, done);
  }

  #finish(entry, reply, error) {
    if (!this.#pending.delete(entry.command.id)) return;
    if (KEPT.has(entry.command.type)) this.#save();
    this.#measure(entry, error);
    this.#reads.answered(entry.command, reply);
    this.#whenIdle();
    // Deleting or cancelling again what our first, lost command already ended is a success.
    const gone = error?.code === 'not_found' && entry.repeated && ['thread.delete', 'recall.cancel'].includes(entry.command.type);
    if (error && !gone) entry.reject(error);
    else entry.resolve(reply ?? { type: 'ok' });
  }

  /** From the last time that it went out to its answer, or to the news that none will come. */
  #measure({ command, sentAt }, error) {
    if (sentAt !== undefined) this.#stats.answered(operationOf(command.type), this.#clock.now() - sentAt, Boolean(error));
  }

  /** Reads ahead once no command has waited for a moment, so that it is never in the way of one. */
  #whenIdle() {
    const idle = () => this.#state.state === 'live' && this.#pending.size === 0;
    if (this.#reads.hasPlans && idle()) this.#arm('idle', IDLE_AFTER_MS, () => idle() && this.#reads.readAhead());
  }

  /** After a drop: what may be repeated waits for the next connection, the rest is told that it is lost. */
  #sortOutPending() {
    for (const entry of [...this.#pending.values()]) {
      if (!entry.sent) continue;
      entry.sent = false;
      entry.repeated = true;
      if (REPEATABLE.has(entry.command.type)) continue;
      this.#finish(entry, null, new RecallError({ code: 'connection_lost', message: 'the connection was lost before the answer came', retryable: true }));
    }
  }

  #save() {
    const { storage, storageKey } = this.#options;
    if (!storage) return;
    const kept = [...this.#pending.values()].filter((p) => KEPT.has(p.command.type));
    const rows = kept.map((p) => ({ at: (p.at ??= this.#clock.now()), command: p.command }));
    try {
      rows.length ? storage.setItem(storageKey, JSON.stringify(rows)) : storage.removeItem(storageKey);
    } catch {
      // a full or forbidden store only costs us the comfort
    }
  }

  #restore() {
    const { storage, storageKey } = this.#options;
    let rows = [];
    try {
      rows = JSON.parse(storage?.getItem(storageKey) ?? '[]');
    } catch {
      // not ours, or broken: start empty
    }
    for (const { at, command } of rows) {
      if (this.#clock.now() - at > KEPT_FOR_MS) continue;
      const again = { ...command, id: `c${this.#nextId++}` };
      const reply = new Promise((resolve, reject) => this.#pending.set(again.id, { command: again, resolve, reject, at }));
      reply.catch((error) => error.code !== 'closed' && this.#emit('unsent', { command: again, error }));
      if (again.type === 'thread.create') this.#noteCreating(again.thread_id, reply);
    }
  }

  // ---- what the server says --------------------------------------------------------------------------------------

  #receive(data) {
    this.#lastHeard = this.#clock.now();
    const m = JSON.parse(data);
    if (m.type === 'welcome') return this.#welcome(m);
    if (m.type === 'error') return this.#failed(m);
    if (m.type === 'subscribed') return this.#subscribed(m);
    if (m.type === 'goodbye') this.#goodbye = m;
    const entry = this.#pending.get(m.id);
    if (entry) return this.#reply(entry, m);
    if (m.thread_id && m.seq !== undefined && m.epoch !== undefined) return this.#threadEvent(m);
    if (m.type !== 'pong') this.#emit(m.type, m);
  }

  #reply(entry, m) {
    if (entry.command.type === 'thread.create' && m.thread) this.#placeCreated(m.thread);
    this.#finish(entry, m);
  }

  /** Creating a thread subscribes to it, and the reply says where its numbering stands. */
  #placeCreated({ id, epoch, seq }) {
    const cursor = this.#cursors.get(id) ?? this.#follow(id, new Cursor(id));
    if (!cursor.known && epoch !== undefined) cursor.take({ epoch, seq });
    if (!cursor.waiting) cursor.settle({ thread_id: id, epoch, seq, recovered: true });
  }

  #failed(m) {
    const error = new RecallError(m);
    if (m.id === 'hello') return this.#helloRefused(error);
    const entry = this.#pending.get(m.id);
    if (entry) return this.#finish(entry, null, error);
    const upload = m.media_id && [...this.#uploads].find((u) => u.mediaId === m.media_id);
    if (upload) return upload.fail(error);
    if (m.thread_id && m.code === 'not_found') this.#forget(m.thread_id, error);
    this.#emit('error', error);
  }

  #helloRefused(error) {
    if (error.code === 'token_expired') return this.#lost(4001, error.message);
    if (error.code === 'unauthorized') return this.#stop(4500, error.message);
    this.#goodbye ??= { code: 1013, reason: error.message, retry_after_ms: error.retryAfterMs };
    this.#lost(1013, error.message);
  }

  #threadEvent(event) {
    const cursor = this.#cursors.get(event.thread_id) ?? this.#follow(event.thread_id, new Cursor(event.thread_id));
    const verdict = cursor.judge(event);
    if (verdict === 'gap') return this.#bridge(cursor, event);
    if (verdict === 'drop') return;
    this.#reads.event(event);
    if (event.type === 'thread.deleted') this.#forget(event.thread_id);
    this.#emit(event.type, event);
    this.#emit('event', event);
  }

  /** Asks for the missing events; when the same gap opens a second time, asking is no use and the app must reload. */
  #bridge(cursor, event) {
    this.#reads.spoil(cursor.threadId);
    if (cursor.gapAt !== cursor.seq) {
      cursor.gapAt = cursor.seq;
      return this.#sendSubscribe(cursor);
    }
    cursor.take(event);
    this.#reload(cursor);
  }

  #sendSubscribe(cursor) {
    cursor.waiting = true;
    cursor.asked = cursor.known;
    const id = `s${this.#nextId++}`;
    this.#stats.requested('thread.subscribe');
    const position = cursor.known ? { epoch: cursor.epoch, after_seq: cursor.seq } : {};
    const command = { type: 'thread.subscribe', id, thread_id: cursor.threadId, ...position };
    // Its promise is the cursor's; a drop forgets this entry, for the next connection resumes by itself.
    const refused = (error) => error.code !== 'connection_lost' && this.#forget(cursor.threadId, error);
    this.#enqueue({ command, resolve: () => {}, reject: refused });
  }

  #subscribed(m) {
    const entry = this.#pending.get(m.id);
    if (entry) this.#finish(entry, m);
    const cursor = this.#cursors.get(m.thread_id);
    if (!cursor) return;
    const missed = cursor.asked ? !m.recovered : cursor.blind;
    const first = !cursor.asked && !missed;
    if (cursor.asked && m.recovered) cursor.epoch = m.epoch;
    else if (cursor.asked || cursor.epoch !== m.epoch || cursor.seq < m.seq) cursor.take(m);
    cursor.waiting = cursor.asked = cursor.blind = false;
    cursor.head = m.seq;
    first ? this.#reads.spoilThread(m.thread_id) : this.#reads.spoil(m.thread_id);
    cursor.settle(m);
    this.#emit('subscribed', m);
    if (missed) this.#reload(cursor);
  }

  #reload(cursor) {
    this.#emit('reload', { type: 'reload', thread_id: cursor.threadId, epoch: cursor.epoch, seq: cursor.seq });
  }

  // ---- small things ----------------------------------------------------------------------------------------------

  #follow(threadId, cursor) {
    this.#cursors.set(threadId, cursor);
    return cursor;
  }

  /** The thread is gone, or not ours to follow. */
  #forget(threadId, error) {
    this.#reads.spoil(threadId);
    this.#unfollow(threadId, error);
  }

  #unfollow(threadId, error) {
    const cursor = this.#cursors.get(threadId);
    this.#cursors.delete(threadId);
    cursor?.settle(null, error ?? new RecallError({ code: 'closed', message: 'the thread is no longer followed' }));
  }

  #write(frame) {
    this.#ws.send(JSON.stringify(frame));
  }

  #setState(state) {
    this.#state = state;
    this.#emit('state', state);
  }

  #emit(type, event) {
    for (const fn of [...(this.#listeners.get(type) ?? [])]) {
      try {
        fn(event);
      } catch (err) {
        this.#clock.setTimeout(() => { throw err; }, 0); // one listener's fault must not cost the others an event
      }
    }
  }

  #arm(name, ms, fn) {
    this.#clearTimer(name);
    this.#timers[name] = this.#clock.setTimeout(fn, ms);
  }

  #clearTimer(name) {
    this.#clock.clearTimeout(this.#timers[name]);
    delete this.#timers[name];
  }
}

/** The `exp` of a JWT in milliseconds; NaN when it cannot be read. The server judges it, we only plan by it. */
function expiryOf(token) {
  try {
    const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    return JSON.parse(globalThis.atob(payload)).exp * 1000;
  } catch {
    return NaN;
  }
}
