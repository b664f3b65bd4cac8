// What is read from the server: kept, shared, read ahead, and counted.
//
// The rule is that nobody reads past what he knows already: once an event was delivered or a command of ours was
// answered, no read tells the state before it. So
//  - pages of messages are kept of followed threads only, from when we are in step with the numbering until it breaks
//    (a gap, a reload, a new epoch, the end of the subscription); what comes is added to them;
//  - threads and lists of threads are dropped by every event and command that may change them. What other devices do to
//    a thread that is not followed, and threads that they make, nobody tells us: that is seen when the time of what is
//    kept is over, or with `fresh`. To follow a thread or to leave it changes none, so that lists outlive it;
//  - a kept thread tells no number below that of an event delivered; kept lists may, for their number is that of the
//    last event which was stored;
//  - an answer that was under way meanwhile is given to those who asked before, and neither kept nor shared;
//  - a lost connection ends it all.

import { Cache, within } from './cache.js';
import { Flights } from './flights.js';
import { following, withChange, withMessage } from './pages.js';

const KINDS = {
  'messages.list': { operation: 'fetch_messages', cache: 'messages' },
  'thread.get': { operation: 'fetch_thread', cache: 'threads' },
  'thread.list': { operation: 'list_threads', cache: 'threads' },
  'stash.list': { operation: 'list_stash' },
};
const DEFAULTS = { threads: { ttlMs: 5 * 60_000, max: 100 }, messages: { ttlMs: 60_000, max: 100 } };

/** Commands that change nothing which is read here. */
const HARMLESS = new Set([...Object.keys(KINDS), 'thread.subscribe', 'thread.unsubscribe', 'auth.refresh', 'ping', 'media.open', 'media.close']);
/** Events of which nothing is stored. */
const PASSING = new Set(['recall.status', 'recall.transcript', 'recall.intent', 'recall.candidate', 'recall.answer.delta', 'recall.answer', 'recall.follow_up']);

/** The name that statistics have for a command: for reads the server's own. @param {string} type @returns {string} */
export const operationOf = (type) => KINDS[type]?.operation ?? type;

const keyOf = (c) => JSON.stringify([c.type, c.thread_id, c.before_seq, c.after_seq, c.cursor, c.limit, Boolean(c.archived)]);
const saying = ({ seq, ...rest }) => JSON.stringify(rest);
/** Whether a read may be answered differently when something has happened in a thread; undefined: in any. */
const concerns = (command, threadId) => threadId === undefined || command.thread_id === undefined || command.thread_id === threadId;

export class Reads {
  #caches = {}; // by name; values are {command, reply}, and a reply is never changed, only replaced
  #flights;
  #ahead = new Map(); // type -> the command for the page behind the one that the app got last
  #prefetch;
  #deps;

  /**
   * @param {{cache?: object|false, coalesce?: boolean, debounceMs?: number, prefetch?: boolean}} options see RecallClient
   * @param {{clock: object, stats: import('./stats.js').Statistics, send: (command: object) => Promise<object>,
   *   live: () => boolean, inStep: (threadId: string) => boolean, planned: () => void}} deps `planned` is told when there
   *   is something to read ahead, which the owner then has done by `readAhead` as soon as nothing else is to do
   */
  constructor({ cache = {}, coalesce = true, debounceMs = 300, prefetch = true }, deps) {
    for (const [name, bounds] of Object.entries(DEFAULTS)) {
      const wanted = cache && (cache[name] ?? {});
      if (wanted) this.#caches[name] = new Cache({ ...bounds, ...wanted }, () => deps.clock.now());
    }
    this.#flights = new Flights({ coalesce, debounceMs: within('debounceMs', debounceMs, 60_000, 0) }, deps.clock);
    this.#prefetch = prefetch;
    this.#deps = deps;
  }

  /** Entries in each cache. */
  get sizes() {
    return { threads: this.#caches.threads?.size ?? 0, messages: this.#caches.messages?.size ?? 0 };
  }

  /**
   * @param {object} command without id @param {boolean} [fresh] ask the server, whatever is kept or under way
   * @returns {Promise<object>} the reply, the caller's own copy
   */
  read(command, fresh = false) {
    const { operation } = KINDS[command.type];
    this.#deps.stats.requested(operation);
    const key = keyOf(command);
    if (fresh) this.#drop((c) => keyOf(c) === key);
    const kept = fresh ? undefined : this.#look(command, key);
    if (kept) return this.#give(command, kept);
    const shared = this.#flights.join(key);
    if (shared) this.#deps.stats.tally(shared.how, operation);
    return this.#give(command, shared?.reply ?? this.#fetch(command, key));
  }

  /** Whether there is a page to read ahead, now or once its thread is followed. */
  get hasPlans() {
    return this.#ahead.size > 0;
  }

  /** Asks for the pages that are likely to be wanted next: the one behind each that the app got last, never more. */
  readAhead() {
    for (const [type, command] of this.#ahead) {
      if (!this.#keeps(command)) continue; // its thread may yet be followed
      this.#ahead.delete(type);
      const key = keyOf(command);
      if (this.#cacheOf(command).has(key)) continue;
      this.#deps.stats.tally('prefetched', operationOf(type));
      this.#fetch(command, key).catch(() => {}); // whoever wants the page asks for it again
    }
  }

  /** To be told of each event before the app is. */
  event(event) {
    const { thread_id: id, message, type } = event;
    if (PASSING.has(type)) return this.#drop((c) => c.type === 'thread.get' && c.thread_id === id); // it tells the number
    this.#flights.spoil((c) => concerns(c, id));
    this.#caches.threads?.revise((kept) => (concerns(kept.command, id) ? undefined : kept));
    if (message) this.#revisePages(id, message, type === 'message' ? withMessage : (asked, page, m) => withChange(page, m));
  }

  /** To be told of the end of each command before the app is, also if it failed: it may have been carried out. */
  answered(command, reply) {
    if (HARMLESS.has(command.type)) return;
    if (command.type === 'recall' && reply?.message) this.event({ type: 'message', thread_id: command.thread_id, message: reply.message });
    else this.spoil(this.#threadOf(command));
  }

  /** What is known of a thread may be the past. @param {string} [threadId] undefined: of all */
  spoil(threadId) {
    this.#drop((c) => concerns(c, threadId));
    if (threadId === undefined) this.#ahead.clear();
  }

  /** As `spoil`, when nothing has happened that a list of threads would tell. @param {string} threadId */
  spoilThread(threadId) {
    this.#drop((c) => c.thread_id === threadId);
  }

  /** Where a command acts. A verdict names its message and a cancellation its recall only, and the reply is a mere `ok`. */
  #threadOf({ thread_id: named, message_id: message, recall_id: recall }) {
    const its = (m) => (message !== undefined && m.id === message) || (recall !== undefined && m.recall_id === recall);
    const shown = () => this.#caches.messages?.find((kept) => kept.reply.messages.some(its))?.command.thread_id;
    return named ?? shown();
  }

  #drop(concerned) {
    this.#flights.spoil(concerned);
    for (const cache of Object.values(this.#caches)) cache.revise((kept) => (concerned(kept.command) ? undefined : kept));
  }

  #cacheOf(command) {
    return this.#caches[KINDS[command.type].cache];
  }

  /** Whether an answer that is asked for now stays true until we are told otherwise, or long enough. */
  #keeps(command) {
    if (!this.#cacheOf(command)) return false;
    return command.type === 'messages.list' ? this.#deps.inStep(command.thread_id) : this.#deps.live();
  }

  #look(command, key) {
    const kept = this.#cacheOf(command)?.get(key)?.reply;
    if (this.#cacheOf(command)) this.#deps.stats.looked(KINDS[command.type].cache, Boolean(kept));
    return kept;
  }

  #fetch(command, key) {
    const keeps = this.#keeps(command);
    return this.#flights.launch(key, command, () => this.#deps.send(command), (reply) => {
      this.#agree(reply.threads ?? [reply.thread]);
      if (keeps) this.#cacheOf(command).set(key, { command, reply });
    });
  }

  /** No two kept answers tell different things of one thread, but for how far it is numbered: the latest is right. */
  #agree(threads) {
    const news = new Map(threads.filter(Boolean).map((t) => [t.id, saying(t)]));
    const same = (t) => !news.has(t.id) || news.get(t.id) === saying(t);
    if (news.size) this.#caches.threads?.revise((kept) => ((kept.reply.threads ?? [kept.reply.thread]).every(same) ? kept : undefined));
  }

  #revisePages(threadId, message, change) {
    const copy = structuredClone(message);
    this.#caches.messages?.revise((kept) => {
      if (kept.command.thread_id !== threadId) return kept;
      const reply = change(kept.command, kept.reply, copy);
      return reply && { ...kept, reply };
    });
  }

  async #give(command, reply) {
    const own = structuredClone(await reply);
    if (this.#prefetch && this.#cacheOf(command) && command.type !== 'thread.get') this.#plan(command, following(command, own));
    return own;
  }

  #plan({ type }, next) {
    this.#ahead.delete(type);
    if (!next) return;
    this.#ahead.set(type, next);
    this.#deps.planned();
  }
}
