// Uploads in pieces over the socket, and downloads over HTTP (section 6 of the protocol). RecallClient gives these
// their connection; apps use them through it.

import { RecallError } from './error.js';

/** How much may wait in the socket before we wait with it, in bytes; the socket itself never says no. */
const BUFFERED_MAX = 1 << 20;
const LOOK_AGAIN_MS = 25; // a socket does not tell when it has sent something
const CHANNEL_BYTES = 4;
/** A sum that no upload has. The protocol has no command to give one up, but an upload whose sum is wrong is thrown away. */
const NO_SUM = '0'.repeat(64);

/** The largest upload that a server takes, in bytes. */
export const MEDIA_MAX = 26_214_400;

/** One upload. It is over when `close` or `abort` is, or when its connection is: then every promise of it rejects. */
export class Upload {
  #about;
  #link;
  #ws = null;
  #channel = 0;
  #chunkBytes = 0;
  #opened;
  #tail; // what was sent last, and all before it
  #error = null;
  #over = false;

  /**
   * @param {{kind: string, contentType: string, size?: number}} about
   * @param {{request: (type: string, fields: object) => Promise<any>, socket: () => WebSocket|null,
   *   pause: (ms: number) => Promise<void>, over: () => void}} link
   */
  constructor({ kind, contentType, size }, link) {
    this.#about = { kind, content_type: contentType, ...(size === undefined ? {} : { size }) };
    this.#link = link;
    /** The id under which the bytes will be found; null until the server has opened the upload. @type {string|null} */
    this.mediaId = null;
  }

  /** Asks the server to open it; RecallClient.openMedia has done so. */
  begin() {
    this.#opened = this.#link.request('media.open', this.#about).then((reply) => this.#begun(reply), (err) => {
      this.fail(err);
      throw err;
    });
    this.#opened.catch(() => {}); // whoever sends or closes is told
    this.#tail = this.#opened;
  }

  #begun({ media_id: mediaId, channel, chunk_bytes: chunkBytes }) {
    this.mediaId = mediaId;
    this.#channel = channel;
    this.#chunkBytes = chunkBytes;
    this.#ws = this.#link.socket();
    if (!this.#ws) this.fail(lost());
    if (this.#over) this.#giveUp();
  }

  /**
   * Appends bytes, after all that were sent before. They must not change until it is done.
   * @param {ArrayBuffer|ArrayBufferView} bytes
   * @returns {Promise<void>} once the connection has taken them; who waits for it has never more than 1 MiB under way
   */
  send(bytes) {
    const view = ArrayBuffer.isView(bytes) ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes);
    const done = this.#tail.then(() => this.#put(view));
    done.catch(() => {}); // one who does not wait is told by close
    this.#tail = done;
    return done;
  }

  async #put(bytes) {
    for (let at = 0; at < bytes.length; at += this.#chunkBytes) {
      await this.#room();
      const piece = bytes.subarray(at, at + this.#chunkBytes);
      const frame = new Uint8Array(CHANNEL_BYTES + piece.length);
      new DataView(frame.buffer).setUint32(0, this.#channel);
      frame.set(piece, CHANNEL_BYTES);
      this.#ws.send(frame);
    }
  }

  async #room() {
    this.#mustLive();
    while (this.#ws.bufferedAmount > BUFFERED_MAX) {
      await this.#link.pause(LOOK_AGAIN_MS);
      this.#mustLive();
    }
  }

  #mustLive() {
    if (this.#error) throw this.#error;
    if (this.#over) throw new RecallError({ code: 'aborted', message: 'the upload is over' });
  }

  /**
   * Ends it when everything is sent. Another try after a failure begins with a new upload.
   * @param {{sha256?: string}} [check] hex; the server compares
   * @returns {Promise<{media_id: string, size: number, sha256: string}>}
   */
  async close({ sha256 } = {}) {
    try {
      await this.#tail;
      this.#mustLive();
      return await this.#link.request('media.close', { media_id: this.mediaId, ...(sha256 ? { sha256 } : {}) });
    } catch (err) {
      throw this.#error ?? err;
    } finally {
      this.#end();
    }
  }

  /** Gives it up; nothing of it stays on the server. After the end it does nothing. */
  abort() {
    if (this.#over) return;
    this.#end();
    if (this.mediaId) this.#giveUp();
  }

  #giveUp() {
    this.#link.request('media.close', { media_id: this.mediaId, sha256: NO_SUM }).catch(() => {}); // the refusal is what we want
  }

  /** The server or the connection has ended it. */
  fail(error) {
    this.#error ??= error;
    this.#end();
  }

  /** A connection is gone, and with it the uploads that it carried. One that waits to be opened goes to the next. */
  disconnected(ws) {
    if (this.#ws && this.#ws === ws) this.fail(lost());
  }

  #end() {
    this.#over = true;
    this.#link.over();
  }
}

const lost = () => new RecallError({ code: 'connection_lost', message: 'the connection was lost in the middle of the upload', retryable: true });

/** The SHA-256 in hex; undefined where the page may not compute one (it came over plain HTTP). @param {BufferSource} bytes */
export async function sha256Hex(bytes) {
  if (!globalThis.crypto?.subtle) return undefined;
  const sum = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes));
  return Array.from(sum, (b) => b.toString(16).padStart(2, '0')).join('');
}

/** See RecallClient.uploadMedia. */
export async function uploadWhole(open, data, { kind, contentType, signal, onProgress } = {}) {
  signal?.throwIfAborted();
  const blob = data instanceof Blob ? data : new Blob([data]);
  if (blob.size > MEDIA_MAX) throw new RecallError({ code: 'too_large', message: `media of ${blob.size} bytes: at most ${MEDIA_MAX} are taken` });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const upload = open({ kind, contentType: contentType || blob.type || 'application/octet-stream', size: blob.size });
  const stop = () => upload.abort();
  signal?.addEventListener('abort', stop);
  try {
    const sha256 = await sha256Hex(bytes);
    for (let at = 0; at < bytes.length; at += BUFFERED_MAX) {
      await upload.send(bytes.subarray(at, at + BUFFERED_MAX));
      onProgress?.(Math.min(at + BUFFERED_MAX, bytes.length), bytes.length);
    }
    return await upload.close({ sha256 });
  } catch (err) {
    upload.abort();
    throw signal?.aborted ? signal.reason : err;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** Does it again if a lost connection was the reason that it failed. */
export async function retryOnce(fn) {
  try {
    return await fn();
  } catch (err) {
    if (err?.code !== 'connection_lost') throw err;
    return fn();
  }
}

/** GET with a bearer token; rejects with the server's own error. */
export async function download(fetch, url, token, signal) {
  let answer;
  try {
    answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` }, signal });
  } catch (err) {
    if (signal?.aborted) throw err;
    throw new RecallError({ code: 'connection_lost', message: 'the server cannot be reached', retryable: true });
  }
  if (answer.ok) return answer.blob();
  const said = await answer.json().catch(() => ({}));
  const error = said.error ?? said;
  throw new RecallError({ code: 'unavailable', message: `the server answered ${answer.status}`, retryable: answer.status >= 500, ...error });
}
