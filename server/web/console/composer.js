// Where a person writes. What is typed is kept for each thread, so that neither a reload nor another thread loses it.

import { icon, setAttribute, setText } from './dom.js';
import { Picture } from './picture.js';

const MAX = 4000; // characters after trimming, as the protocol counts them
const SHOW_FROM = 3600;

export class Composer {
  #key = null;
  #question = '';

  /**
   * @param {(text: string, picture?: Blob) => void} send called with trimmed text of 1..4000 characters, or of none with a picture
   * @param {(words: string) => void} trouble
   */
  constructor(send, trouble) {
    this.form = document.getElementById('composer');
    this.input = document.getElementById('input');
    this.button = document.getElementById('send');
    this.counter = document.getElementById('counter');
    this.button.append(icon('send'));
    this.input.addEventListener('input', () => this.#changed());
    this.input.addEventListener('keydown', (event) => {
      // While an input method is composing, Enter chooses a word.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.form.requestSubmit();
    });
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = this.input.value.trim();
      const { file } = this.picture;
      if ((!text && !file) || lengthOf(text) > MAX) return;
      this.fill('');
      this.picture.remove();
      send(text, file);
    });
    this.picture = new Picture({ changed: () => this.#changed(), trouble });
  }

  /** Shows the draft of another thread. @param {string} key */
  open(key) {
    this.#key = `recall.draft.${key}`;
    this.input.value = sessionStorage.getItem(this.#key) ?? '';
    this.picture.open(key);
  }

  fill(text) {
    this.input.value = text;
    this.#changed();
  }

  focus() {
    this.input.focus();
    this.input.setSelectionRange(this.input.value.length, this.input.value.length);
  }

  /** The question that the next words will answer, or nothing. @param {string} [question] */
  asks(question = '') {
    this.#question = question;
    this.form.classList.toggle('answering', Boolean(question));
    this.#label();
  }

  #label() {
    const [label, placeholder] = this.picture?.file ? ['Say something about the picture', 'Add words…']
      : this.#question ? [`Answer: ${this.#question}`, 'Your answer…'] : ['Describe the song', 'Describe the song…'];
    setText(document.getElementById('input-label'), label);
    this.input.placeholder = placeholder;
  }

  #changed() {
    if (!this.#key) return; // no thread is shown yet
    this.#label();
    const { value } = this.input;
    value ? sessionStorage.setItem(this.#key, value) : sessionStorage.removeItem(this.#key);
    const length = lengthOf(value.trim());
    this.button.disabled = (length === 0 && !this.picture.file) || length > MAX;
    this.counter.hidden = length < SHOW_FROM;
    setText(this.counter, length > MAX ? `${length - MAX} characters too many` : `${MAX - length} characters left`);
    setAttribute(this.counter, 'data-over', length > MAX);
    setAttribute(this.input, 'aria-invalid', length > MAX ? 'true' : null);
    this.#grow();
  }

  #grow() {
    this.input.style.height = 'auto';
    this.input.style.height = `${this.input.scrollHeight}px`;
  }
}

/** Counts code points, as the server does, and not UTF-16 units. */
function lengthOf(text) {
  return [...text].length;
}
