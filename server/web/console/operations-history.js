// What the statistics were at the last polls. They count from the start of the server; what happens now is in the
// differences, so the page keeps a few minutes of them. No DOM here.

export const KEPT_MS = 5 * 60_000;
const MINUTE = 60_000;
const SLACK = 1000; // polls do not come to the millisecond

/** The counts that rise as long as the server runs. */
const RISING = ['queries', 'recalls', 'errors', 'shed', 'uptime'];

export class History {
  #samples = [];

  /**
   * Takes a poll in. Counts that have fallen are of a server that began anew, and nothing before it is compared.
   * @param {object} stats as from /v1/stats @param {number} at milliseconds, rising
   */
  add(stats, at) {
    const recalls = stats.operations?.resolve_recall;
    const sample = {
      at, connections: stats.connections ?? 0, p95: recalls?.p95_ms ?? 0,
      queries: stats.db?.queries ?? 0, recalls: recalls?.count ?? 0, errors: recalls?.errors ?? 0, shed: stats.overload?.shed ?? 0, uptime: stats.uptime_s ?? 0,
    };
    const last = this.#samples.at(-1);
    if (last && RISING.some((name) => sample[name] < last[name])) this.#samples = [];
    this.#samples.push(sample);
    this.#samples = this.#samples.filter((s) => s.at >= at - KEPT_MS);
  }

  /** How much a count has risen within the last minute; undefined before there are two polls to compare. */
  rise(name) {
    const [from, to] = this.#minute();
    return from && to[name] - from[name];
  }

  /** How much it rises in a second, over the last minute or as much of it as was seen. */
  perSecond(name) {
    const [from, to] = this.#minute();
    return from && (to[name] - from[name]) / ((to.at - from.at) / 1000);
  }

  /** What one count rises for each one of another; undefined while the other stands still. */
  per(name, other) {
    const all = this.rise(other);
    return all ? this.rise(name) / all : undefined;
  }

  /** @returns {{at: number, value: number}[]} `at` is 1 now and 0 where the trail begins: a minute ago, later up to five */
  values(name) {
    return this.#samples.map((s) => ({ at: this.#place(s), value: s[name] }));
  }

  /** The same of a count's rise per second, from each poll to the next. */
  rates(name) {
    return this.#samples.slice(1).map((s, i) => {
      const before = this.#samples[i];
      return { at: this.#place(s), value: (s[name] - before[name]) / ((s.at - before.at) / 1000) };
    });
  }

  #minute() {
    const to = this.#samples.at(-1);
    const from = this.#samples.find((s) => s.at >= to.at - MINUTE - SLACK);
    return !to || from === to ? [] : [from, to];
  }

  #place(sample) {
    const now = this.#samples.at(-1).at;
    return 1 - (now - sample.at) / Math.max(now - this.#samples[0].at, MINUTE);
  }
}
