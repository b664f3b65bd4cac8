// Somebody with devices on a real server. Each device counts the frames that leave it.
import { RecallClient, uuid } from '../recall.js';

/** Resolves with the next event of that type for which `fits`. */
export const next = (client, type, fits = () => true) => new Promise((resolve) => {
  const off = client.on(type, (e) => fits(e) && (off(), resolve(e)));
});

const TERMINAL = ['recall.completed', 'recall.failed', 'recall.cancelled', 'recall.expired'];

export class Person {
  #url;
  #token;
  #devices = [];

  static async on(url) {
    const reply = await fetch(`${url}/v1/dev/token`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' });
    const p = new Person();
    [p.#url, p.#token] = [url, (await reply.json()).token];
    return p;
  }

  /** @param {object} [options] of the client @returns {Promise<RecallClient & {frames: object[], sockets: WebSocket[], all: (type: string) => object[]}>} live */
  async device(options = {}) {
    const frames = [];
    const sockets = [];
    class Counted extends WebSocket {
      constructor(...about) {
        super(...about);
        sockets.push(this);
      }
      send(data) {
        frames.push(JSON.parse(data));
        super.send(data);
      }
    }
    const client = new RecallClient({ url: `${this.#url.replace(/^http/, 'ws')}/v1/ws`, token: this.#token, WebSocket: Counted, ...options });
    this.#devices.push(client);
    const live = next(client, 'welcome');
    client.connect();
    await live;
    return Object.assign(client, { frames, sockets, all: (type) => frames.filter((f) => f.type === type) });
  }

  leave() {
    for (const client of this.#devices) client.close();
  }
}

/** Asks something in a thread and waits until all is said. @returns {Promise<object>} the terminal event */
export async function ask(client, threadId, text) {
  const end = next(client, 'event', (e) => e.thread_id === threadId && TERMINAL.includes(e.type));
  await client.recall(threadId, { kind: 'text', text });
  return end;
}

/** A thread of this device with a conversation in it. @returns {Promise<string>} its id */
export async function conversation(client, ...texts) {
  const id = uuid();
  await client.createThread({ thread_id: id });
  for (const text of texts) await ask(client, id, text);
  return id;
}

/** A clock that runs as the real one does, and can be put forward. */
export class Clock {
  ahead = 0;
  now = () => Date.now() + this.ahead;
  setTimeout = (fn, ms) => setTimeout(fn, ms);
  clearTimeout = (id) => clearTimeout(id);
}

/** The content of a page, without what differs between two answers that say the same. */
export const content = ({ messages, has_more: more }) => ({ messages, more });
