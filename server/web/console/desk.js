// Ties the parts of the page to one client: what the server says goes into views and lists, what a person does goes out.

import { RecallClient, uuid } from '../client/recall.js';
import { Composer } from './composer.js';
import { Conversation, showExamples } from './conversation.js';
import { announce, icon, setAttribute, setText } from './dom.js';
import { ThreadActions } from './actions.js';
import { Asking } from './asking.js';
import { Library } from './library.js';
import { OPERATIONS } from './operations.js';
import { Services } from './services.js';
import { provideToken } from './session.js';
import { kindly, Status } from './status.js';
import { Side } from './threads.js';
import { isTerminal, ThreadView } from './turns.js';
import { Voice } from './voice.js';
import { closedWords, eventWords, titleFrom } from './words.js';

const $ = (id) => document.getElementById(id);
const VIEWS_KEPT = 8;

export class Desk {
  #views = new Map(); // thread id -> ThreadView, the latest used last
  #current = null;
  #undo = new AbortController();

  /** @param {{token: string, userId: string, dev: boolean}} session @param {{signOut: () => void, expired: (words: string) => void}} handlers */
  constructor(session, handlers) {
    this.session = session;
    this.handlers = handlers;
    this.client = this.#connect();
    this.status = new Status(() => this.client.connect());
    this.side = new Side(this.client, {
      open: (id) => this.#go(id),
      menu: (button, thread) => this.actions.menu(button, thread),
      unstash: (id) => this.actions.stash(id, false),
      changed: () => this.#drawHead(),
      failed: (err) => this.#trouble(err),
    });
    this.actions = new ThreadActions(this.client, this.side, {
      done: () => this.#tell(), gone: (id) => this.#gone(id), failed: (err) => this.#trouble(err),
    });
    this.library = new Library((id) => this.client.fetchMedia(id));
    this.asking = new Asking(this, (view, fn) => this.#with(view.threadId, () => fn(view)));
    this.conversation = desksOwn(() => new Conversation({
      act: (...a) => active.#act(...a), older: () => active.#older(), media: (id) => active.library.blob(id),
    }), 'conversation');
    const trouble = (words) => active.status.notice(words, 15_000);
    this.composer = desksOwn(() => new Composer((text, picture) => active.#write(text, picture), trouble), 'composer');
    this.voice = desksOwn(() => new Voice({
      open: (about) => active.client.openMedia(about), send: (note) => active.#send({ type: 'voice', text: '', ...note }), trouble,
    }), 'voice');
    this.services = desksOwn(() => new Services(), 'services');
    active = this;
    this.tabs = new BroadcastChannel('recall');
    this.#furnish();
    this.#listen();
    this.#restoreUnsent();
    this.side.show('threads', { load: false }); // each welcome loads it
    this.#route();
    this.client.connect();
  }

  close() {
    this.#undo.abort();
    this.voice.cancel();
    this.services.close();
    this.tabs.close();
    this.status.stop();
    this.client.close();
  }

  // ---- setting up -----------------------------------------------------------------------------------------------

  #connect() {
    const { token, dev, userId } = this.session;
    const url = new URL('/v1/ws', location.href.replace(/^http/, 'ws')).href;
    let used = token;
    const getToken = async (wish) => (used = await provideToken(wish, used));
    return new RecallClient({
      url, token, client: { name: 'console', version: '1' },
      storage: sessionStorage, storageKey: `recall.outbox.${userId}`, ...(dev ? { getToken } : {}),
    });
  }

  #furnish() {
    $('signin').hidden = true;
    $('app').hidden = false;
    setText($('user-id'), `${this.session.userId.slice(0, 8)}…`);
    $('user-id').title = this.session.userId;
    for (const [id, name] of [['open-side', 'menu'], ['close-side', 'close'], ['thread-menu', 'more'], ['stash-toggle', 'stash']]) {
      $(id).replaceChildren(icon(name));
    }
    $('new-thread').replaceChildren(icon('plus'), 'New search');
    showExamples((text) => {
      this.composer.fill(text);
      this.composer.focus();
    });
  }

  #listen() {
    const click = (id, fn) => { $(id).onclick = fn; };
    click('new-thread', () => this.#go(null));
    click('open-side', () => this.#drawer(true));
    click('close-side', () => this.#drawer(false));
    click('scrim', () => this.#drawer(false));
    click('sign-out', () => this.handlers.signOut());
    click('copy-user', () => this.#copyUser());
    click('thread-menu', () => this.actions.menu($('thread-menu'), this.side.thread(this.#current) ?? { id: this.#current }));
    click('stash-toggle', () => this.actions.stash(this.#current, !this.side.stashed(this.#current)));
    const { signal } = this.#undo;
    addEventListener('hashchange', () => this.#route(), { signal });
    addEventListener('focus', () => this.client.state.state === 'live' && this.side.refresh(), { signal });
    addEventListener('keydown', (event) => event.key === 'Escape' && this.#drawer(false), { signal });
    this.tabs.onmessage = () => this.side.refresh();
    this.#listenToServer();
  }

  #listenToServer() {
    const { client } = this;
    client.on('state', (state) => this.#connection(state));
    client.on('welcome', () => this.#welcomed());
    client.on('limits', (limits) => this.status.limits(limits));
    client.on('event', (event) => this.#event(event));
    client.on('reload', ({ thread_id: id }) => this.#reload(id));
    client.on('subscribed', (m) => this.#with(m.thread_id, (view) => view.running(m.active_recall_id)));
    client.on('error', (err) => this.#trouble(err));
    client.on('unsent', ({ command, error }) => this.#with(command.thread_id, (view) => view.fail(command.request_id, kindly(error))));
  }

  // ---- which thread is shown ------------------------------------------------------------------------------------

  #go(id) {
    this.#drawer(false);
    const hash = id ? `#/t/${id}` : '#/';
    if (location.hash !== hash) location.hash = hash; // the rest follows from hashchange
    else this.#route();
  }

  #route() {
    if (location.hash === OPERATIONS) return this.#drawer(false); // what is open here stays open below that page
    const id = location.hash.match(/^#\/t\/([0-9a-f-]{36})$/)?.[1] ?? null;
    this.#current = id;
    const view = id && this.#view(id);
    this.conversation.show(id, () => this.#entries());
    this.composer.open(`${this.session.userId}.${id ?? 'new'}`);
    this.side.select(id);
    this.#error('');
    this.#refresh();
    if (matchMedia('(pointer: fine)').matches) this.composer.focus();
    this.#load(view);
  }

  #load(view) {
    if (!view || view.loaded || view.opening) return;
    view.opening = this.#open(view).finally(() => { view.opening = null; });
  }

  #view(id) {
    const view = this.#views.get(id) ?? new ThreadView(id);
    this.#views.delete(id);
    this.#views.set(id, view);
    this.#letGo();
    return view;
  }

  /** Follows the threads used last and those with a running recall; the others are given back to the server. */
  #letGo() {
    for (const [id, view] of this.#views) {
      if (this.#views.size <= VIEWS_KEPT) return;
      if (id === this.#current || view.active.length || view.pending.size) continue;
      this.#views.delete(id);
      this.client.unsubscribe(id).catch(() => {});
    }
  }

  #with(id, fn) {
    const view = this.#views.get(id);
    if (view) fn(view);
    if (view && id === this.#current) this.#refresh();
  }

  /** Reads the newest page, then follows from the user's last words, so that a recall that runs is seen whole. */
  async #open(view) {
    const id = view.threadId;
    try {
      if (this.client.outbox.some((c) => c.type === 'thread.create' && c.thread_id === id)) return void await this.client.subscribe(id);
      const [page, thread] = await Promise.all([this.client.listMessages(id), this.client.getThread(id)]);
      view.addPage(page);
      this.side.put(thread);
      this.#with(id, () => {});
      await this.client.subscribe(id, view.replayFrom === undefined ? {} : { epoch: thread.epoch, afterSeq: view.replayFrom });
      if (view.replayFrom === undefined) await this.#reload(id); // what came between the page and the subscription
    } catch (err) {
      if (err.code === 'closed') return;
      if (id === this.#current) this.#error(err.code === 'not_found' ? 'This search does not exist, or belongs to somebody else.' : kindly(err));
    }
  }

  async #reload(id) {
    try {
      const page = await this.client.listMessages(id);
      this.#with(id, (view) => view.reload(page));
    } catch (err) {
      this.#trouble(err);
    }
  }

  async #older() {
    const view = this.#views.get(this.#current);
    if (!view?.hasMore || view.loadingOlder) return;
    view.loadingOlder = true;
    this.conversation.older('Loading earlier messages…');
    try {
      const page = await this.client.listMessages(view.threadId, { before_seq: view.oldestSeq });
      this.#with(view.threadId, () => view.addPage(page, true));
    } catch (err) {
      this.#trouble(err);
    } finally {
      view.loadingOlder = false;
      this.conversation.older('');
    }
  }

  // ---- what a person does ---------------------------------------------------------------------------------------

  #write(text, picture) {
    this.#send(picture ? { type: 'image', text, blob: picture } : { type: 'text', text });
  }

  /** @param {{type: string, text: string, blob?: Blob, stored?: Promise<object>}} said `stored`: it is on its way to the server already */
  #send(said) {
    let id = this.#current;
    if (!id) {
      id = uuid();
      const view = this.#view(id);
      view.loaded = true;
      const title = titleFrom(said.text); // without words the server finds a title, once it has heard or seen what it is about
      this.client.createThread({ thread_id: id, ...(title ? { title } : {}) })
        .then((thread) => (this.side.put(thread), this.#tell()), () => {}); // the recall below fails with it, and says so
      history.replaceState(null, '', `#/t/${id}`);
      this.#route();
    }
    this.asking.ask(this.#view(id), said);
    this.conversation.follow();
  }

  #act(action, entry) {
    const view = this.#views.get(this.#current);
    const { requestId, text, recallId, id, type, blob } = entry;
    const acts = {
      resend: () => this.asking.ask(view, entry, requestId),
      edit: () => {
        view.pending.delete(requestId);
        if (type !== 'voice') this.composer.fill(text);
        if (type === 'image') this.composer.picture.take(blob);
        this.composer.focus();
      },
      cancel: () => this.#cancel(view, recallId),
      confirm: () => this.#judge(view, id, 'confirm'),
      reject: () => this.#judge(view, id, 'reject'),
      answer: () => this.composer.focus(),
      again: () => this.asking.again(view, recallId),
      copy: () => this.#copy(text),
    };
    acts[action]();
    this.#refresh();
  }

  async #cancel(view, recallId) {
    const recall = view.recalls.get(recallId);
    recall.cancelling = true;
    try {
      await this.client.cancel(recallId);
    } catch (err) {
      recall.cancelling = false;
      if (err.code !== 'not_found') this.#trouble(err); // it had ended by itself
    }
  }

  async #judge(view, messageId, verb) {
    const message = view.messages.get(messageId);
    try {
      await this.client[verb](messageId);
      view.messages.set(messageId, { ...view.messages.get(messageId), verdict: `${verb}ed` });
      announce(verb === 'confirm' ? `${message?.candidate?.title ?? 'The song'} is confirmed` : 'Ruled out');
    } catch (err) {
      this.#trouble(err);
    }
    this.#refresh();
  }

  async #copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      announce('Copied');
      this.status.notice('Copied. Paste it wherever your friends are.', 4000);
    } catch {
      this.status.notice('Your browser does not let the page copy; select the words and copy them yourself.', 8000);
    }
  }

  async #copyUser() {
    try {
      await navigator.clipboard.writeText(this.session.userId);
      announce('User id copied');
      setText($('copy-user'), 'Copied');
      setTimeout(() => setText($('copy-user'), 'Copy id'), 2000);
    } catch {
      this.status.notice(`Your user id: ${this.session.userId}`, 20_000);
    }
  }

  // ---- what the server says -------------------------------------------------------------------------------------

  #event(event) {
    const id = event.thread_id;
    if (event.type === 'thread.updated') this.side.put(event.thread);
    if (event.type === 'thread.deleted') return this.#gone(id);
    if (event.type === 'stash.changed') return this.side.putStash(id, event.item);
    if (event.type === 'message') this.#touch(id, event.message);
    this.#with(id, (view) => view.apply(event));
    if (id === this.#current) announce(eventWords(event));
    if (!isTerminal(event)) return;
    this.status.freed();
    this.#tell();
  }

  #touch(id, message) {
    const thread = this.side.thread(id);
    if (thread) this.side.put({ ...thread, last_message_at: message.created_at });
  }

  #gone(id) {
    this.side.remove(id);
    this.#views.delete(id);
    if (id !== this.#current) return;
    announce('This search was deleted');
    this.#go(null);
  }

  #welcomed() {
    this.#error('');
    this.side.refresh();
    this.#load(this.#views.get(this.#current));
  }

  #connection(state) {
    this.status.connection(state);
    this.#refresh();
    if (state.state !== 'closed') return;
    if (state.code === 4500 || state.code === 4001) this.handlers.expired('Your token is no longer valid. Sign in again; what you wrote is kept.');
    else if (state.code !== 1000) this.#error(closedWords(state));
  }

  /** What an earlier life of this tab could not send is on its way again, and is shown so. */
  #restoreUnsent() {
    for (const c of this.client.outbox) {
      if (c.type !== 'recall') continue;
      const { kind: type, text = '', media_id: mediaId } = c.input;
      this.#view(c.thread_id).send(c.request_id, { type, text, mediaId });
    }
  }

  // ---- drawing --------------------------------------------------------------------------------------------------

  #entries() {
    const view = this.#views.get(this.#current);
    const offline = this.client.state.state !== 'live';
    return (view?.entries() ?? []).map((e) => {
      if (e.kind === 'pending') return { ...e, offline };
      return e.kind === 'stage' ? { ...e, cancelling: view.recalls.get(e.recallId)?.cancelling } : e;
    });
  }

  #refresh() {
    this.conversation.refresh();
    this.#drawHead();
    const entries = this.#entries();
    $('empty').hidden = entries.length > 0 || Boolean(this.#current && !this.#views.get(this.#current)?.loaded);
    this.composer.asks(entries.find((e) => e.open)?.text);
  }

  #drawHead() {
    const thread = this.side.thread(this.#current);
    const title = this.#current ? thread?.title || thread?.summary || 'Search' : 'New search';
    setText($('title'), title);
    if (location.hash !== OPERATIONS) document.title = this.#current ? `${title} · Recall` : 'Recall';
    $('thread-menu').hidden = $('stash-toggle').hidden = !this.#current;
    const stashed = this.side.stashed(this.#current);
    setAttribute($('stash-toggle'), 'aria-pressed', String(stashed));
    setAttribute($('stash-toggle'), 'aria-label', stashed ? 'Take out of the stash' : 'Keep in the stash');
  }

  #drawer(open) {
    if ($('app').classList.contains('drawer') === open) return;
    $('app').classList.toggle('drawer', open);
    $('scrim').hidden = !open;
    $('desk').inert = open;
    setAttribute($('open-side'), 'aria-expanded', String(open));
    (open ? $('close-side') : $('open-side')).focus();
  }

  #trouble(err) {
    if (err.code === 'closed') return;
    this.status.notice(kindly(err), 8000);
  }

  #error(words) {
    setText($('thread-error'), words);
    $('thread-error').hidden = !words;
  }

  /** Lists at the side are no thread events; the other tabs of this browser learn of changes from us. */
  #tell() {
    this.tabs.postMessage('changed');
  }
}

// Conversation and Composer belong to the page and outlive a sign-in; they speak to the desk that is active.
let active = null;
const kept = new Map();

function desksOwn(make, name) {
  if (!kept.has(name)) kept.set(name, make());
  return kept.get(name);
}
