// What one thread looks like, as data: messages and events in, a list of entries out. No DOM here.
//
// Entries are grouped by recall ("turn"): the user's words, the line of stages, the answer, the candidates, a
// closing note, the follow-up, what to ask others. A live candidate and the message that later stores it have the same key, so that the page only updates
// what is already there and nothing moves.

import { noteWords } from './words.js';

const SLOT = { user: 0, stage: 1, answer: 2, candidate: 3, note: 4, follow_up: 5, crowd: 6 };
const TERMINAL = new Set(['recall.completed', 'recall.failed', 'recall.cancelled', 'recall.expired']);

export const isTerminal = (event) => TERMINAL.has(event.type);

export class ThreadView {
  messages = new Map(); // id -> message
  recalls = new Map(); // recall id -> what is known of it live
  pending = new Map(); // request id -> {requestId, type, text, mediaId?, blob?, error?}: sent, not yet accepted
  hasMore = false;
  loaded = false;

  constructor(threadId) {
    this.threadId = threadId;
  }

  addPage({ messages, has_more: hasMore }, older) {
    for (const m of messages) this.messages.set(m.id, m);
    if (older || !this.loaded) this.hasMore = hasMore;
    this.loaded = true;
  }

  /** Starts over from the newest page, after a gap that could not be bridged. */
  reload(page) {
    this.messages.clear();
    for (const [id, r] of this.recalls) if (!r.end) this.recalls.delete(id);
    this.loaded = false;
    this.addPage(page);
  }

  get oldestSeq() {
    return this.messages.size ? Math.min(...[...this.messages.values()].map((m) => m.seq)) : undefined;
  }

  /** From where a subscription should replay: after the last words of the user, so that a running recall is seen whole. */
  get replayFrom() {
    const own = [...this.messages.values()].filter((m) => m.role === 'user');
    return own.length ? Math.max(...own.map((m) => m.seq)) : undefined;
  }

  /** The recalls that run or wait, oldest first. */
  get active() {
    return [...this.recalls.values()].filter((r) => !r.end);
  }

  /** @param {string} requestId @param {{type: 'text'|'voice'|'image', text: string, mediaId?: string, blob?: Blob}} said */
  send(requestId, said) {
    this.pending.set(requestId, { requestId, ...said });
  }

  /** What was sent with it is on the server. */
  uploaded(requestId, mediaId) {
    const entry = this.pending.get(requestId);
    if (entry) Object.assign(entry, { mediaId });
  }

  fail(requestId, error) {
    const entry = this.pending.get(requestId);
    if (entry) entry.error = error;
  }

  accepted({ request_id: requestId, recall_id: recallId, message }) {
    this.pending.delete(requestId);
    this.#recall(recallId, message?.seq);
    if (message) this.#store({ ...message, recall_id: message.recall_id ?? recallId });
  }

  /** A recall that ran before we came. */
  running(recallId) {
    if (recallId) this.#recall(recallId).started = true;
  }

  apply(event) {
    if (event.type === 'message') return this.#arrived(event);
    if (event.type === 'message.updated') return this.#changed(event.message);
    if (!event.recall_id) return;
    const r = this.#recall(event.recall_id, event.seq);
    if (isTerminal(event)) return this.#ended(r, event);
    STEPS[event.type]?.(r, event, this);
  }

  #arrived({ message, recall_id: recallId }) {
    const m = recallId && !message.recall_id ? { ...message, recall_id: recallId } : message;
    // A replayed event must not undo a later verdict.
    if (!this.messages.has(m.id)) this.#store(m);
    if (m.role !== 'user') return;
    const own = [...this.pending.values()].find((p) => p.mediaId === m.media_id && (p.text || '') === (m.text ?? ''));
    if (own) this.pending.delete(own.requestId);
  }

  /** A verdict, or what was heard or read in what was sent. Words that come after a picture are not the person's own. */
  #changed(m) {
    const before = this.messages.get(m.id);
    this.messages.set(m.id, { ...m, ...(before && !before.text && m.text ? { read: true } : {}), ...(before?.read ? { read: true } : {}) });
  }

  #store(m) {
    this.messages.set(m.id, { ...this.messages.get(m.id), ...m });
  }

  #recall(id, seq) {
    let r = this.recalls.get(id);
    if (!r) this.recalls.set(id, (r = { id, candidates: new Map(), answer: '', seq: seq ?? Infinity }));
    if (seq < r.seq) r.seq = seq;
    return r;
  }

  #ended(r, event) {
    r.end = event;
    if (event.type !== 'recall.completed') return;
    event.candidates?.forEach((candidate, i) => {
      const known = r.candidates.get(candidate.key);
      r.candidates.set(candidate.key, { candidate, rank: i + 1, revision: known?.revision ?? 0 });
    });
    const final = new Set(event.candidates?.map((c) => c.key));
    for (const key of r.candidates.keys()) if (event.candidates && !final.has(key)) r.candidates.delete(key);
    if (event.follow_up) r.followUp ??= event.follow_up;
    if (event.should_ask_crowd) r.crowd = event.crowd_prompt;
    r.answer ||= event.answer?.text ?? (typeof event.answer === 'string' ? event.answer : '');
  }

  /** Everything to show, in the order to show it. */
  entries() {
    const turns = new Map();
    const turn = (id, seq) => {
      if (!turns.has(id)) turns.set(id, { seq: Infinity, parts: new Map() });
      const t = turns.get(id);
      t.seq = Math.min(t.seq, seq);
      return t.parts;
    };
    for (const r of this.recalls.values()) liveParts(turn(r.id, r.seq), r);
    for (const m of [...this.messages.values()].sort((a, b) => a.seq - b.seq)) {
      storedPart(turn(m.recall_id ?? m.id, m.seq), m, this.recalls.get(m.recall_id));
    }
    const sorted = [...turns.values()].sort((a, b) => a.seq - b.seq);
    const idle = this.active.length === 0;
    const list = sorted.flatMap((t, i) => (i === sorted.length - 1 ? ordered(t) : settled(ordered(t), idle)));
    for (const p of this.pending.values()) list.push({ key: `req:${p.requestId}`, kind: 'pending', ...p });
    return markOpenQuestion(list);
  }
}

const STEPS = {
  // A replay begins here as well: what an earlier life of this page heard is said again from the start.
  'recall.started'(r, event, view) {
    Object.assign(r, { started: true, answer: '', stage: undefined, end: undefined, transcript: undefined, heard: false, intent: undefined });
    view.pending.delete(event.request_id);
  },
  'recall.status': (r, event) => Object.assign(r, { started: true, stage: event.stage, stageText: event.text }),
  'recall.transcript': (r, event) => Object.assign(r, { transcript: event.text, heard: event.final }),
  'recall.intent': (r, event) => { r.intent = event.intent; },
  'recall.candidate'(r, { candidate, rank, revision }) {
    const known = r.candidates.get(candidate.key);
    if (!known || revision >= known.revision) r.candidates.set(candidate.key, { candidate, rank, revision });
  },
  'recall.answer.delta': (r, event) => { if (!r.whole) r.answer += event.text; },
  'recall.answer': (r, event) => Object.assign(r, { answer: event.text, sources: event.sources, related: event.related_songs, whole: true }),
  'recall.follow_up': (r, event) => { r.followUp = event.text; },
};

function liveParts(parts, r) {
  const add = (kind, name, more) => parts.set(`${kind}:${r.id}${name}`, { kind, recallId: r.id, seq: r.seq, ...more });
  add('stage', '', { started: Boolean(r.started), stage: r.stage, text: r.stageText, intent: r.intent, end: r.end });
  // The place of the answer is kept while the recall runs, or the candidates below it would jump when it comes.
  if (r.answer || !r.end) {
    add('answer', '', { text: r.answer, sources: r.sources, related: r.related, streaming: !r.whole && !r.end });
  }
  for (const [key, { candidate, rank }] of r.candidates) add('candidate', `:${key}`, { candidate, rank });
  if (r.followUp) add('follow_up', '', { text: r.followUp });
  if (noteWords(r.end)) add('note', '', { end: r.end });
  if (r.crowd && r.end) add('crowd', '', { text: r.crowd, end: r.end });
}

function storedPart(parts, m, live) {
  const kind = kindOf(m);
  const owner = m.recall_id ?? m.id;
  const name = { user: `user:${m.id}`, candidate: `candidate:${owner}:${m.candidate?.key ?? m.id}` }[kind] ?? `${kind}:${owner}`;
  const before = parts.get(name);
  const stored = { kind, recallId: m.recall_id, seq: m.seq, id: m.id, type: m.message_type, role: m.role, text: m.text };
  if (kind === 'user') Object.assign(stored, said(m, live));
  if (kind === 'candidate') Object.assign(stored, { candidate: m.candidate ?? bareCandidate(m), verdict: m.verdict });
  if (kind === 'answer') Object.assign(stored, { sources: m.sources ?? before?.sources, streaming: false });
  parts.set(name, { ...before, ...stored });
}

/** The words of the user; of a voice note they come while it is being listened to, and are stored at the end. */
function said(m, live) {
  const own = m.edited_transcript || m.text || m.raw_transcript;
  const read = m.message_type === 'image' && Boolean(m.read || m.raw_transcript);
  return { text: own || live?.transcript, mediaId: m.media_id, read, listening: Boolean(m.message_type === 'voice' && !own && live && !live.heard && !live.end) };
}

function kindOf(m) {
  if (m.role === 'user') return 'user';
  if (m.message_type === 'candidate' || m.message_type === 'follow_up') return m.message_type;
  return m.message_type === 'status' ? 'note' : 'answer';
}

/** Rows of the earlier app may have the song in columns only. */
function bareCandidate(m) {
  return { key: m.id, title: m.song_title ?? m.text ?? '', artist: m.song_artist ?? '', confidence: m.confidence, source_urls: m.song_url ? [m.song_url] : [] };
}

/**
 * A turn that is not the newest shows only what is stored: how it ended is no message, and a tab that came later could
 * not show it. If that leaves nothing but the question, a line says so.
 */
function settled(parts, idle) {
  const kept = parts.filter((part) => part.id || !part.end);
  const own = kept[0];
  if (!idle || kept.length !== 1 || own.kind !== 'user') return kept;
  return [own, { key: `note:${own.recallId ?? own.id}`, kind: 'note', seq: own.seq, text: 'This search ended without a song.' }];
}

function ordered({ parts }) {
  const list = [...parts].map(([key, part]) => ({ key, ...part }));
  list.sort((a, b) => SLOT[a.kind] - SLOT[b.kind] || (a.rank ?? 99) - (b.rank ?? 99) || a.seq - b.seq);
  let place = 0;
  for (const part of list) if (part.kind === 'candidate') part.place = ++place;
  return list;
}

/** A follow-up waits for an answer as long as the user has said nothing after it. */
function markOpenQuestion(list) {
  const spoke = list.findLastIndex((e) => e.kind === 'user' || e.kind === 'pending');
  const asked = list.findLastIndex((e) => e.kind === 'follow_up');
  if (asked > spoke) list[asked].open = true;
  return list;
}
