// What can be done to a search as a whole: pin, rename, archive, keep, delete.

import { announce } from './dom.js';
import { ask, openMenu } from './menu.js';

export class ThreadActions {
  /**
   * @param {import('../client/recall.js').RecallClient} client
   * @param {import('./threads.js').Side} side
   * @param {{done: () => void, gone: (id: string) => void, failed: (err: Error) => void}} handlers
   */
  constructor(client, side, handlers) {
    Object.assign(this, { client, side, handlers });
  }

  menu(button, thread) {
    const stashed = this.side.stashed(thread.id);
    openMenu(button, [
      { label: thread.pinned ? 'Unpin' : 'Pin', testid: 'menu-pin', run: () => this.#update(thread, { pinned: !thread.pinned }) },
      { label: 'Rename', testid: 'menu-rename', run: () => this.#rename(thread) },
      { label: stashed ? 'Take out of the stash' : 'Keep in the stash', testid: 'menu-stash', run: () => this.stash(thread.id, !stashed) },
      { label: thread.archived ? 'Bring back' : 'Archive', testid: 'menu-archive', run: () => this.#update(thread, { archived: !thread.archived }) },
      { label: 'Delete', testid: 'menu-delete', danger: true, run: () => this.#delete(thread) },
    ]);
  }

  /** Keeps a search in the stash, or takes it out. @param {string} id @param {boolean} on */
  stash(id, on) {
    return this.#try(async () => {
      await (on ? this.client.addStash(id) : this.client.removeStash(id));
      if (!on) this.side.putStash(id, null);
      announce(on ? 'Kept in the stash' : 'Taken out of the stash');
      this.side.refresh();
    });
  }

  #update(thread, changes) {
    return this.#try(async () => this.side.put(await this.client.updateThread(thread.id, changes)));
  }

  async #rename(thread) {
    const title = await ask({ title: 'Rename this search', value: thread.title ?? '', ok: 'Rename' });
    if (title) await this.#update(thread, { title });
  }

  async #delete(thread) {
    const text = `“${thread.title || thread.summary || 'Untitled search'}” and all that was found in it will be gone.`;
    if ((await ask({ title: 'Delete this search?', text, ok: 'Delete' })) === null) return;
    await this.#try(async () => {
      await this.client.deleteThread(thread.id);
      this.handlers.gone(thread.id);
    });
  }

  async #try(fn) {
    try {
      await fn();
      this.handlers.done();
    } catch (err) {
      this.handlers.failed(err);
    }
  }
}
