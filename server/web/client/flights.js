// Reads under way, or answered a moment ago, which equal ones may share.

/**
 * @typedef {{key: string, command: object, reply: Promise<object>, pending: boolean, young: any, spoiled: boolean}} Flight
 *   `young`: the timer that runs as long as the debounce time does; `spoiled`: something has happened, or was asked
 *   since, that its answer may lack
 */

export class Flights {
  #all = new Set(); // pending or young
  #shared = new Map(); // key -> the flight that an equal read joins
  #coalesce;
  #debounceMs;
  #clock;

  /** @param {{coalesce: boolean, debounceMs: number}} switches 0 ms: no debounce @param {import('./recall.js').Clock} clock */
  constructor({ coalesce, debounceMs }, clock) {
    this.#coalesce = coalesce;
    this.#debounceMs = debounceMs;
    this.#clock = clock;
  }

  /** @param {string} key @returns {{how: 'coalesced'|'debounced', reply: Promise<object>}|undefined} */
  join(key) {
    const flight = this.#shared.get(key);
    if (flight?.pending && this.#coalesce) return { how: 'coalesced', reply: flight.reply };
    return flight && flight.young !== null ? { how: 'debounced', reply: flight.reply } : undefined;
  }

  /**
   * @param {string} key @param {object} command
   * @param {() => Promise<object>} send is called at once
   * @param {(reply: object) => void} keep is told an answer that nothing has spoiled; if it throws, the read has failed
   * @returns {Promise<object>} one object for all who share it: nobody may change it
   */
  launch(key, command, send, keep) {
    const flight = { key, command, pending: true, young: null, spoiled: false };
    const before = this.#shared.get(key);
    if (before) before.spoiled = true; // it may land after this one, and must not take its place
    this.#all.add(flight);
    this.#shared.set(key, flight);
    if (this.#debounceMs) flight.young = this.#clock.setTimeout(() => this.#aged(flight), this.#debounceMs);
    flight.reply = this.#fly(flight, send, keep);
    return flight.reply;
  }

  async #fly(flight, send, keep) {
    try {
      const reply = await send();
      if (!flight.spoiled) keep(reply);
      return reply;
    } catch (error) {
      this.#aged(flight); // who tries again means it
      throw error;
    } finally {
      this.#landed(flight);
    }
  }

  /** From now on nobody joins these, and their answers are not kept. @param {(command: object) => boolean} concerned */
  spoil(concerned) {
    for (const flight of this.#all) {
      if (!concerned(flight.command)) continue;
      flight.spoiled = true;
      if (this.#shared.get(flight.key) === flight) this.#shared.delete(flight.key);
      this.#aged(flight);
    }
  }

  #aged(flight) {
    this.#clock.clearTimeout(flight.young);
    flight.young = null;
    this.#letGo(flight);
  }

  #landed(flight) {
    flight.pending = false;
    this.#letGo(flight);
  }

  #letGo(flight) {
    if (flight.pending || flight.young !== null) return;
    this.#all.delete(flight);
    if (this.#shared.get(flight.key) === flight) this.#shared.delete(flight.key);
  }
}
