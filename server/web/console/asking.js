// Asking: what a person says goes into the view at once, up to the server if it is a sound or a picture, then out as a
// recall.

import { announce } from './dom.js';
import { kindly } from './status.js';
import { uuid } from '../client/recall.js';

/**
 * @typedef {{type: 'text'|'voice'|'image', text: string, blob?: Blob, mediaId?: string, stored?: Promise<{media_id: string}>}} Said
 *   `stored`: it is on its way to the server already
 */
export class Asking {
  /**
   * @param {{client: import('../client/recall.js').RecallClient, library: import('./library.js').Library, status: import('./status.js').Status}} desk
   * @param {(view: import('./turns.js').ThreadView, fn: (view: object) => void) => void} change changes a view and shows it
   */
  constructor({ client, library, status }, change) {
    Object.assign(this, { client, library, status, change });
  }

  /** @param {import('./turns.js').ThreadView} view @param {Said} said @param {string} [requestId] of an earlier try */
  async ask(view, { type, text, blob, mediaId, stored }, requestId = uuid()) {
    this.change(view, () => view.send(requestId, { type, text, mediaId, blob }));
    try {
      if (blob && !mediaId) view.uploaded(requestId, (mediaId = await this.#upload(type, blob, stored)));
      const input = { kind: type, ...(text ? { text } : {}), ...(mediaId ? { media_id: mediaId } : {}) };
      const accepted = await this.client.recall(view.threadId, input, { requestId });
      this.status.notice(null);
      this.change(view, () => view.accepted(accepted));
    } catch (err) {
      this.change(view, () => view.fail(requestId, kindly(err)));
      if (err.retryAfterMs) this.status.notice((s) => `${kindly(err)} You can ask again in ${s} s.`, err.retryAfterMs);
      else if (err.code !== 'closed') announce(kindly(err));
    }
  }

  /** Asks what a failed recall was asked. */
  again(view, recallId) {
    const own = [...view.messages.values()].find((m) => m.recall_id === recallId && m.role === 'user');
    if (!own) return;
    // What was uploaded is heard or seen anew; what was made of it may be the very thing that went wrong.
    const ours = own.message_type !== 'voice' && !own.read && !own.raw_transcript;
    this.ask(view, { type: own.message_type, mediaId: own.media_id, text: ours ? own.text : '' });
  }

  /** What went up beside the recording may have lost its connection: then the whole goes up again. */
  async #upload(kind, blob, stored) {
    const whole = () => this.client.uploadMedia(blob, { kind });
    const { media_id: id } = await (stored ? stored.catch((err) => (err.retryable ? whole() : Promise.reject(err))) : whole());
    this.library.keep(id, blob);
    return id;
  }
}
