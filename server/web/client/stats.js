// What the client did and how long it took, in the shape of the server's own statistics.

/** How many measurements of an operation the times are over. */
const WINDOW = 1000;

/**
 * @typedef {{count: number, errors: number, requests: number, avg_ms: number, min_ms: number, max_ms: number,
 *   p50_ms: number, p95_ms: number, p99_ms: number}} Operation
 *   `count` commands were answered, `errors` of them by an error; `requests` times the app asked. Where reads are
 *   spared requests exceed the count; what is read ahead counts without a request. Times, in milliseconds from frame to
 *   answer, are of the last 1000 and 0 before the first.
 * @typedef {{hits: number, misses: number, hit_rate: number, size: number}} CacheUse `hit_rate` 0..1, 0 before the first look
 * @typedef {{operations: Record<string, Operation>, cache: {threads: CacheUse, messages: CacheUse},
 *   coalesced: Record<string, number>, debounced: Record<string, number>, prefetched: Record<string, number>}} Stats
 */

export class Statistics {
  #operations = new Map();
  #caches = { threads: { hits: 0, misses: 0 }, messages: { hits: 0, misses: 0 } };
  #tallies = { coalesced: {}, debounced: {}, prefetched: {} };

  /** The app asked for it. */
  requested(operation) {
    this.#operation(operation).requests++;
  }

  /** A command was answered. @param {string} operation @param {number} ms @param {boolean} failed */
  answered(operation, ms, failed) {
    const o = this.#operation(operation);
    if (failed) o.errors++;
    o.last[o.count++ % WINDOW] = ms;
  }

  /** @param {'threads'|'messages'} cache @param {boolean} hit */
  looked(cache, hit) {
    this.#caches[cache][hit ? 'hits' : 'misses']++;
  }

  /** @param {'coalesced'|'debounced'|'prefetched'} what @param {string} operation */
  tally(what, operation) {
    this.#tallies[what][operation] = (this.#tallies[what][operation] ?? 0) + 1;
  }

  /** @param {{threads: number, messages: number}} sizes of the caches @returns {Stats} */
  snapshot(sizes) {
    const operations = Object.fromEntries([...this.#operations].map(([name, o]) => [name, figures(o)]));
    const cache = Object.fromEntries(Object.entries(this.#caches).map(([name, c]) => [name, use(c, sizes[name])]));
    return { operations, cache, ...structuredClone(this.#tallies) };
  }

  #operation(name) {
    if (!this.#operations.has(name)) this.#operations.set(name, { count: 0, errors: 0, requests: 0, last: [] });
    return this.#operations.get(name);
  }
}

function figures({ count, errors, requests, last }) {
  const sorted = Float64Array.from(last).sort();
  const rank = (percent) => sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0; // nearest rank, as the server
  const sum = sorted.reduce((a, b) => a + b, 0);
  return {
    count, errors, requests,
    avg_ms: sum / (sorted.length || 1), min_ms: sorted[0] ?? 0, max_ms: sorted.at(-1) ?? 0,
    p50_ms: rank(50), p95_ms: rank(95), p99_ms: rank(99),
  };
}

function use({ hits, misses }, size) {
  return { hits, misses, hit_rate: hits / (hits + misses || 1), size };
}
