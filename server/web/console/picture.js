// A picture to ask with: chosen, dropped onto the page, or pasted. Each thread keeps its own until it is sent.

import { announce, icon, setText } from './dom.js';
import { MEDIA_MAX } from '../client/media.js';

const $ = (id) => document.getElementById(id);
const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/** @param {{type: string, size: number}} file @returns {string} why it cannot be sent, or '' */
export function refusal({ type, size }) {
  if (!TYPES.includes(type)) return 'Recall reads PNG, JPEG, WebP and GIF pictures; this is something else.';
  if (size > MEDIA_MAX) return `This picture is too large: ${sizeWords(size)}, and at most ${sizeWords(MEDIA_MAX)} are taken.`;
  return size ? '' : 'This picture is empty.';
}

/** @param {number} bytes */
export const sizeWords = (bytes) => (bytes < 1e5 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 2 ** 20).toFixed(1)} MB`);

export class Picture {
  #files = new Map(); // draft key -> File
  #key = '';

  /** @param {{changed: () => void, trouble: (words: string) => void}} handlers */
  constructor(handlers) {
    this.handlers = handlers;
    $('picture').replaceChildren(icon('picture'));
    $('picked-remove').replaceChildren(icon('close'));
    $('picture').onclick = () => $('picture-file').click();
    $('picture-file').onchange = () => {
      this.take($('picture-file').files[0]);
      $('picture-file').value = ''; // so that the same file can be chosen again
    };
    $('picked-remove').onclick = () => {
      this.remove();
      announce('The picture is removed');
      $('picture').focus();
    };
    $('picked-image').onload = () => URL.revokeObjectURL($('picked-image').src);
    $('input').addEventListener('paste', (event) => this.#pasted(event));
    this.#takeDrops();
  }

  /** The picture of the draft that is shown. @returns {File|undefined} */
  get file() {
    return this.#files.get(this.#key);
  }

  open(key) {
    this.#key = key;
    this.#draw();
  }

  /** @param {File|Blob|undefined} file */
  take(file) {
    if (!file) return;
    const why = refusal(file);
    if (why) return this.handlers.trouble(why);
    this.#files.set(this.#key, file);
    this.#draw();
    announce('A picture is added. You can say something about it, or send it as it is.');
    $('input').focus();
  }

  remove() {
    this.#files.delete(this.#key);
    this.#draw();
  }

  #draw() {
    const { file } = this;
    $('picked').hidden = !file;
    if (file) $('picked-image').src = URL.createObjectURL(file);
    else $('picked-image').removeAttribute('src');
    setText($('picked-words'), file ? `${file.name || 'A picture'} · ${sizeWords(file.size)}` : '');
    this.handlers.changed();
  }

  /** Copied text may bring a picture of itself along; then it is the text that is meant. */
  #pasted(event) {
    const { files, types } = event.clipboardData;
    if (!files.length || types.includes('text/plain')) return;
    event.preventDefault();
    this.take(files[0]);
  }

  #takeDrops() {
    const carries = (event) => event.dataTransfer?.types.includes('Files') && !$('app').hidden;
    const show = (on) => { $('drop').hidden = !on; };
    addEventListener('dragover', (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      show(true);
    });
    addEventListener('dragleave', (event) => event.relatedTarget === null && show(false));
    addEventListener('drop', (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      show(false);
      this.take(event.dataTransfer.files[0]);
    });
  }
}
