// What was uploaded, as blobs: fetched with the token once, and kept for a while.

const KEPT = 12;

export class Library {
  #blobs = new Map(); // media id -> promise of a Blob, the latest used last

  /** @param {(mediaId: string) => Promise<Blob>} fetch */
  constructor(fetch) {
    this.fetch = fetch;
  }

  /** @param {string} mediaId @returns {Promise<Blob>} */
  blob(mediaId) {
    const known = this.#blobs.get(mediaId) ?? this.fetch(mediaId);
    this.#put(mediaId, known);
    known.catch(() => this.#blobs.get(mediaId) === known && this.#blobs.delete(mediaId)); // the next one tries again
    return known;
  }

  /** Takes what this page has sent itself, so that it need not come back over the network. @param {string} mediaId @param {Blob} blob */
  keep(mediaId, blob) {
    this.#put(mediaId, Promise.resolve(blob));
  }

  #put(mediaId, blob) {
    this.#blobs.delete(mediaId);
    this.#blobs.set(mediaId, blob);
    if (this.#blobs.size > KEPT) this.#blobs.delete(this.#blobs.keys().next().value);
  }
}
