// Answers kept for a while: at most so many, none longer than so long, the least recently used go first.

/** A bounded map whose entries age. It reads the clock and sets no timers. */
export class Cache {
  #entries = new Map(); // in the order of use, the latest last
  #ttlMs;
  #max;
  #now;

  /**
   * @param {{ttlMs: number, max: number}} bounds `ttlMs`: milliseconds that an entry lives, counted from when it was
   *   put in, 1..86 400 000; `max`: entries, 1..10 000
   * @param {() => number} now milliseconds
   * @throws {TypeError} naming the bound that is out of its range
   */
  constructor({ ttlMs, max }, now) {
    this.#ttlMs = within('ttlMs', ttlMs, 86_400_000);
    this.#max = within('max', max, 10_000);
    this.#now = now;
  }

  /** Entries held, including those that have aged and that nobody has asked for since. */
  get size() {
    return this.#entries.size;
  }

  /** @returns {any} undefined if there is nothing, or nothing young enough */
  get(key) {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    if (this.#now() >= entry.until) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Whether `get` would find it. To ask is no use of it. */
  has(key) {
    return this.#now() < (this.#entries.get(key)?.until ?? -Infinity);
  }

  set(key, value) {
    this.#entries.delete(key);
    this.#entries.set(key, { value, until: this.#now() + this.#ttlMs });
    if (this.#entries.size > this.#max) this.#entries.delete(this.#entries.keys().next().value);
  }

  delete(key) {
    this.#entries.delete(key);
  }

  clear() {
    this.#entries.clear();
  }

  /** The first value that fits, aged or not. To look is no use of it. @param {(value: any) => boolean} fits @returns {any} */
  find(fits) {
    for (const { value } of this.#entries.values()) if (attempt(fits, value)) return value;
    return undefined;
  }

  /**
   * Puts what `change` returns in the place of each value; undefined removes the entry. Neither its age nor its place in
   * the order of use changes: news of a thread is no interest in it. A value that `change` throws at is removed: what
   * is wrong with one answer must cost nobody the news.
   * @param {(value: any) => any} change
   */
  revise(change) {
    for (const [key, entry] of this.#entries) {
      const value = attempt(change, entry.value);
      if (value === undefined) this.#entries.delete(key);
      else entry.value = value;
    }
  }
}

function attempt(fn, value) {
  try {
    return fn(value);
  } catch {
    return undefined;
  }
}

/** @param {string} name @param {number} value @param {number} most @returns {number} the value, a whole number 1..most */
export function within(name, value, most, least = 1) {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TypeError(`RecallClient: ${name} must be a whole number from ${least} to ${most}`);
}
