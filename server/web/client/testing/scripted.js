// A client, the server's side of its sockets, and a clock that moves when the test says so.
import { RecallClient } from '../recall.js';

export class FakeClock {
  #now = 1_000_000;
  #timers = new Map();
  #id = 0;
  random = () => 0.5;
  now = () => this.#now;
  setTimeout = (fn, ms) => (this.#timers.set(++this.#id, { at: this.#now + ms, fn }), this.#id);
  clearTimeout = (id) => this.#timers.delete(id);

  async advance(ms) {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.#now = Math.max(this.#now, due[1].at);
      due[1].fn();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets every promise that can settle now do so. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

export const THREAD = '00000000-0000-4000-8000-000000000001';
export const EXPIRES_IN_MS = 100_000;
export const fakeJWT = (exp) => `h.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.s`;

/** A client, and the server's side of its sockets. */
export function world(options = {}) {
  const clock = new FakeClock();
  const sockets = [];
  class FakeWebSocket {
    constructor(url, protocols) {
      Object.assign(this, { url, protocols, sent: [], closed: false });
      sockets.push(this);
    }
    send(data) { this.sent.push(JSON.parse(data)); }
    close() { this.closed = true; }
    receive(frame) { this.onmessage({ data: JSON.stringify(frame) }); }
    drop(code, reason = '') { this.onclose({ code, reason }); }
    last(type) { return this.sent.findLast((f) => f.type === type); }
    all(type) { return this.sent.filter((f) => f.type === type); }
    reply(type, frame) { this.receive({ ...frame, id: this.last(type).id }); }
  }
  const network = new EventTarget();
  const client = new RecallClient({
    url: 'ws://test/v1/ws', token: 'token-1', WebSocket: FakeWebSocket, clock, network, ...options,
  });
  const seen = [];
  for (const type of ['state', 'event', 'reload', 'error', 'limits', 'unsent']) client.on(type, (e) => seen.push([type, e]));
  const of = (type) => seen.filter(([t]) => t === type).map(([, e]) => e);
  const socket = () => sockets.at(-1);
  const welcome = () => socket().receive({
    type: 'welcome', id: 'hello', heartbeat_ms: 25_000, max_frame_bytes: 65_536,
    server_time: new Date(clock.now()).toISOString(), token_expires_at: new Date(clock.now() + EXPIRES_IN_MS).toISOString(),
  });
  const live = async () => {
    client.connect();
    await settle();
    socket().onopen();
    welcome();
    await settle();
    return socket();
  };
  const relive = async (ms = 30_000) => {
    await clock.advance(ms);
    socket().onopen();
    welcome();
    await settle();
    return socket();
  };
  return { client, clock, sockets, socket, network, of, welcome, live, relive };
}

export const event = (seq, more = {}) => ({ type: 'recall.status', thread_id: THREAD, seq, epoch: 'e1', ts: '', ...more });
export const subscribed = (seq, more = {}) => ({ type: 'subscribed', thread_id: THREAD, epoch: 'e1', seq, recovered: false, ...more });

/** A live client that follows THREAD and stands at seq 5. */
export async function following(options) {
  const w = world(options);
  const ws = await w.live();
  const reply = w.client.subscribe(THREAD);
  ws.reply('thread.subscribe', subscribed(5));
  await reply;
  return w;
}
