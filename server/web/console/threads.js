// The list at the side: searches, archived searches, or the stash. Each is a set of rows that pages by cursor.

import { ago, h, icon, link, setAttribute } from './dom.js';
import { inWords } from './words.js';

const $ = (id) => document.getElementById(id);

/** Rows of one kind, as the server pages them. */
class Pages {
  rows = new Map();
  cursor = null;
  loaded = false;

  /** @param {(page: object) => Promise<object>} fetch @param {string} name of the rows in the reply @param {(row: object) => string} idOf */
  constructor(fetch, name, idOf) {
    Object.assign(this, { fetch, name, idOf });
  }

  async load({ more = false } = {}) {
    // Who looks again wants to see what other devices have made, of which nothing was heard here.
    const reply = await this.fetch(more ? { cursor: this.cursor } : { fresh: true });
    // The first page again, after a reconnect: rows that are gone must go, so start over.
    if (!more) this.rows.clear();
    for (const row of reply[this.name] ?? []) this.rows.set(this.idOf(row), row);
    this.cursor = reply.next_cursor || null;
    this.loaded = true;
  }
}

const newest = (a, b) => Date.parse(b.last_message_at ?? b.created_at) - Date.parse(a.last_message_at ?? a.created_at);

export class Side {
  #view = 'threads';
  #current = null;
  #drawn = '';

  /**
   * @param {import('../client/recall.js').RecallClient} client
   * @param {{open: (id: string) => void, menu: (button: HTMLElement, thread: object) => void, unstash: (id: string) => void,
   *   changed: () => void, failed: (err: Error) => void}} handlers `changed` follows every change of rows
   */
  constructor(client, handlers) {
    this.handlers = handlers;
    const byId = (row) => row.id;
    this.pages = {
      threads: new Pages((page) => client.listThreads(page), 'threads', byId),
      archived: new Pages((page) => client.listThreads({ ...page, archived: true }), 'threads', byId),
      stash: new Pages((page) => client.listStash(page), 'items', (row) => row.thread_id),
    };
    for (const view of Object.keys(this.pages)) $(`tab-${view}`).onclick = () => this.show(view);
    $('more-threads').onclick = () => this.#load(this.#view, { more: true });
  }

  get view() {
    return this.#view;
  }

  /** @param {'threads'|'archived'|'stash'} view @param {{load?: boolean}} [options] */
  show(view, { load = true } = {}) {
    this.#view = view;
    for (const name of Object.keys(this.pages)) setAttribute($(`tab-${name}`), 'aria-pressed', String(name === view));
    setAttribute($('threads'), 'data-view', view);
    this.draw();
    if (load) this.#load(view);
  }

  /** Loads again what is or was looked at. */
  refresh() {
    for (const [name, pages] of Object.entries(this.pages)) if (pages.loaded || name === this.#view || name === 'stash') this.#load(name);
  }

  thread(id) {
    return this.pages.threads.rows.get(id) ?? this.pages.archived.rows.get(id);
  }

  stashed(id) {
    return this.pages.stash.rows.has(id);
  }

  /** Puts a thread where it belongs now. */
  put(thread) {
    const [to, from] = thread.archived ? ['archived', 'threads'] : ['threads', 'archived'];
    this.pages[from].rows.delete(thread.id);
    this.pages[to].rows.set(thread.id, { ...this.thread(thread.id), ...thread });
    this.#changed();
  }

  remove(id) {
    for (const pages of Object.values(this.pages)) pages.rows.delete(id);
    this.#changed();
  }

  /** @param {string} threadId @param {object|null} item */
  putStash(threadId, item) {
    item ? this.pages.stash.rows.set(threadId, item) : this.pages.stash.rows.delete(threadId);
    this.#changed();
  }

  select(id) {
    this.#current = id;
    this.draw();
  }

  async #load(name, options) {
    try {
      await this.pages[name].load(options);
      this.#changed();
    } catch (err) {
      this.handlers.failed(err);
    }
  }

  #changed() {
    this.draw();
    this.handlers.changed();
  }

  draw() {
    const pages = this.pages[this.#view];
    const rows = [...pages.rows.values()];
    if (this.#view !== 'stash') rows.sort((a, b) => Number(b.pinned) - Number(a.pinned) || newest(a, b));
    const drawn = JSON.stringify([this.#view, this.#current, rows, pages.cursor, pages.loaded]);
    if (drawn === this.#drawn) return; // an open menu or a focused row stays untouched
    this.#drawn = drawn;
    const focused = document.activeElement?.closest?.('#threads li')?.dataset.threadId;
    $('threads').replaceChildren(...rows.map((row) => (this.#view === 'stash' ? this.#stashRow(row) : this.#threadRow(row))));
    if (focused) $('threads').querySelector(`[data-thread-id="${CSS.escape(focused)}"] button`)?.focus();
    $('more-threads').hidden = !pages.cursor;
    $('side-empty').hidden = rows.length > 0 || !pages.loaded;
    $('side-empty').textContent = {
      threads: 'Nothing here yet. Your searches will be listed in this place.',
      archived: 'No archived searches.',
      stash: 'Songs you keep are listed here. Keep one with the bookmark above a search.',
    }[this.#view];
  }

  #threadRow(thread) {
    const title = thread.title || thread.summary || 'Untitled search';
    const open = h('button', {
      type: 'button', class: 'row-open', 'data-testid': 'thread-open', 'aria-current': thread.id === this.#current ? 'page' : null,
      on: { click: () => this.handlers.open(thread.id) },
    }, h('span', { class: 'row-title', dir: 'auto' }, title),
    h('span', { class: 'row-sub' }, thread.pinned && h('span', { class: 'pinned' }, icon('pin'), h('span', { class: 'hidden' }, 'pinned, ')),
      ago(thread.last_message_at ?? thread.created_at)));
    const menu = h('button', {
      type: 'button', class: 'bare row-menu', 'aria-haspopup': 'menu', 'aria-label': `Actions for ${title}`, 'data-testid': 'thread-row-menu',
      on: { click: () => this.handlers.menu(menu, thread) },
    }, icon('more'));
    return h('li', { 'data-testid': 'thread-row', 'data-thread-id': thread.id, 'data-pinned': String(Boolean(thread.pinned)) }, open, menu);
  }

  #stashRow(item) {
    const title = item.top_song_title || this.thread(item.thread_id)?.title || 'A search without a song yet';
    const sure = typeof item.top_confidence === 'number' && inWords(item.top_confidence);
    const open = h('button', { type: 'button', class: 'row-open', 'data-testid': 'stash-open', on: { click: () => this.handlers.open(item.thread_id) } },
      h('span', { class: 'row-title', dir: 'auto' }, title),
      h('span', { class: 'row-sub', dir: 'auto' }, [item.top_song_artist, sure].filter(Boolean).join(' · ')));
    const remove = h('button', {
      type: 'button', class: 'bare row-menu', 'aria-label': `Take ${title} out of the stash`, 'data-testid': 'stash-remove',
      on: { click: () => this.handlers.unstash(item.thread_id) },
    }, icon('close'));
    return h('li', { 'data-testid': 'stash-item', 'data-thread-id': item.thread_id }, open, item.top_song_url && link(item.top_song_url, 'Listen'), remove);
  }
}
