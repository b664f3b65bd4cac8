// The composer while a voice note is recorded: how long, how loud, send or cancel. What is said goes to the server while
// it is being said, so that little is left to do at the end.

import { announce, icon, minutes, setAttribute, setText } from './dom.js';
import { Level } from './level.js';
import { CannotRecord, LONGEST_MS, microphone, Recording } from './recorder.js';
import { sha256Hex } from '../client/media.js';

const $ = (id) => document.getElementById(id);
const TICK_MS = 200;
const LAST_MS = 10_000;
const SILENT_AFTER_MS = 3000;

export class Voice {
  #recording = null;
  #upload = null;
  #level = null;
  #timer;
  #sending = false;
  #asking = false;

  /**
   * @param {{open: (about: object) => import('../client/recall.js').Upload, send: (note: {blob: Blob, stored: Promise<object>}) => void,
   *   trouble: (words: string|null) => void}} handlers `stored` rejects when the upload that ran beside the recording failed
   */
  constructor(handlers) {
    this.handlers = handlers;
    $('voice').replaceChildren(icon('microphone'));
    $('record-cancel').replaceChildren(icon('close'));
    $('record-send').replaceChildren(icon('send'));
    $('voice').onclick = () => this.#start();
    $('record-send').onclick = () => this.#send();
    $('record-cancel').onclick = () => this.cancel();
    addEventListener('keydown', (event) => event.key === 'Escape' && this.#recording && this.cancel());
  }

  async #start() {
    if (this.#recording || this.#asking) return;
    this.#asking = true;
    try {
      this.#begin(await microphone());
    } catch (err) {
      if (!(err instanceof CannotRecord)) throw err;
      this.handlers.trouble(err.message);
    } finally {
      this.#asking = false;
    }
  }

  #begin(stream) {
    this.handlers.trouble(null);
    this.#recording = new Recording(stream, { piece: (blob) => this.#piece(blob), ended: (why) => this.#ended(why) });
    this.#upload = this.handlers.open({ kind: 'voice', contentType: this.#recording.type });
    this.tail = Promise.resolve();
    this.#level = new Level($('level'), stream);
    this.#timer = setInterval(() => this.#draw(), TICK_MS);
    this.warned = this.#sending = false;
    this.#show(true);
    this.#draw();
    announce('Recording. Enter stops and sends, Escape cancels.');
  }

  /** Hands a piece on; one after the other, since each has to be read first. */
  #piece(blob) {
    const upload = this.#upload;
    this.tail = this.tail.then(async () => upload.send(await blob.arrayBuffer()));
    this.tail.catch(() => {}); // closing tells
  }

  #send() {
    this.#sending = true;
    if (this.#recording.over) this.#finish();
    else this.#recording.stop();
  }

  cancel() {
    if (!this.#recording) return;
    this.#upload.abort();
    this.#recording.cancel();
    this.#close();
    announce('The recording is thrown away');
  }

  #ended(why) {
    if (why === 'cancel') return;
    clearInterval(this.#timer);
    this.#level.stop();
    if (this.#sending) return this.#finish();
    this.full = why === 'longest' ? 'That is the most. Send it?' : 'The microphone went away. Send what there is?';
    this.#draw();
    announce(this.full);
  }

  #finish() {
    const { blob } = this.#recording;
    const stored = this.#store(this.#upload, this.tail, blob);
    stored.catch(() => {}); // whoever sends the note is told
    this.#close();
    if (blob.size) this.handlers.send({ blob, stored });
    else this.handlers.trouble('Nothing was recorded. Try again, or write instead.');
  }

  async #store(upload, tail, blob) {
    await tail;
    return upload.close({ sha256: await sha256Hex(await blob.arrayBuffer()) });
  }

  #close() {
    clearInterval(this.#timer);
    this.#level.stop();
    this.#recording = null;
    this.full = null;
    this.#show(false);
  }

  #show(on) {
    const had = $('recording').contains(document.activeElement);
    $('composer').classList.toggle('speaking', on);
    $('recording').hidden = !on;
    setAttribute($('recording'), 'data-state', on ? 'running' : null);
    if (on) $('record-send').focus();
    else if (had) $('voice').focus();
  }

  #draw() {
    const ms = this.#recording.elapsedMs;
    setText($('elapsed'), `${minutes(ms)} / ${minutes(LONGEST_MS)}`);
    setAttribute($('recording'), 'data-state', this.full ? 'full' : 'running');
    setText($('recording-words'), this.full ?? (ms > SILENT_AFTER_MS && !this.#level.loud ? 'No sound yet' : ''));
    if (this.warned || LONGEST_MS - ms > LAST_MS) return;
    this.warned = true;
    announce('Ten seconds left');
  }
}
