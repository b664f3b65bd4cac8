// Records from the microphone, in pieces that are handed on while the person still speaks. No elements of the page here.

/** The longest recording, in milliseconds. */
export const LONGEST_MS = 60_000;
const PIECE_MS = 250;

/** What browsers make of a voice, the best first: Chromium and Firefox have the first, Safari the second. */
const TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus', 'audio/webm'];

/** Melodies are to be recognized, so nothing may be taken out for the sake of speech; a quiet voice is made louder. */
const SOUND = { echoCancellation: false, noiseSuppression: false, autoGainControl: true };
const BITS_PER_SECOND = 96_000;

/** A reason why there is no recording, in words for the person. */
export class CannotRecord extends Error {}

/**
 * @param {Error} err of getUserMedia @returns {string} what the person can do about it
 */
export function refusalWords(err) {
  switch (err.name) {
    case 'NotAllowedError':
    case 'SecurityError': return 'The microphone is blocked for this page. Allow it in your browser’s settings for this site, then press the microphone again. You can always write instead.';
    case 'NotFoundError':
    case 'OverconstrainedError': return 'No microphone was found. Connect one and press the microphone again, or write instead.';
    case 'NotReadableError':
    case 'AbortError': return 'The microphone cannot be used right now; another program may hold it. Close that program, or write instead.';
    default: return 'The microphone could not be started. You can write instead.';
  }
}

/** Asks for the microphone. @returns {Promise<MediaStream>} rejects with CannotRecord */
export async function microphone({ isSecureContext, navigator, MediaRecorder } = globalThis) {
  if (!isSecureContext || !navigator.mediaDevices?.getUserMedia) {
    throw new CannotRecord('Browsers lend the microphone only to pages that came over https, or from this very machine. Open Recall that way, or write instead.');
  }
  if (!MediaRecorder) throw new CannotRecord('This browser cannot record. You can write instead.');
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: SOUND });
  } catch (err) {
    throw new CannotRecord(refusalWords(err));
  }
}

/** The format to record in, or '' for the browser's own choice. */
export function recordingType(MediaRecorder = globalThis.MediaRecorder) {
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? '';
}

/** One recording. It ends by `stop` (the sound is kept), `cancel` (it is not), or at its longest, as if by `stop`. */
export class Recording {
  #pieces = [];
  #began;
  #timer;
  #length = null;
  #done;

  /**
   * @param {MediaStream} stream is let go at the end
   * @param {{piece: (blob: Blob) => void, ended: (why: 'stop'|'longest'|'lost'|'cancel') => void}} handlers `piece` gets what was
   *   recorded, in order, the last before `ended`; `lost`: the microphone went away
   */
  constructor(stream, { piece, ended }, { MediaRecorder = globalThis.MediaRecorder, clock = globalThis } = {}) {
    this.stream = stream;
    this.#clockWork(clock);
    this.recorder = new MediaRecorder(stream, { mimeType: recordingType(MediaRecorder), audioBitsPerSecond: BITS_PER_SECOND });
    this.recorder.ondataavailable = ({ data }) => {
      if (!data.size || this.#done === 'cancel') return;
      this.#pieces.push(data);
      piece(data);
    };
    this.recorder.onstop = () => {
      this.#end('lost'); // unless we have ended it ourselves
      ended(this.#done);
    };
    this.recorder.onerror = () => this.#end('lost');
    this.recorder.start(PIECE_MS);
    this.#began = this.now();
    this.#timer = clock.setTimeout(() => this.#end('longest'), LONGEST_MS);
  }

  #clockWork(clock) {
    this.now = () => clock.performance.now();
    this.clearTimeout = (timer) => clock.clearTimeout(timer);
  }

  /** The content type, without parameters. */
  get type() {
    return (this.recorder.mimeType || 'audio/webm').split(';')[0];
  }

  /** How long it has been going on, in milliseconds. */
  get elapsedMs() {
    return Math.min(LONGEST_MS, this.#length ?? this.now() - this.#began);
  }

  /** What was recorded so far. @returns {Blob} */
  get blob() {
    return new Blob(this.#pieces, { type: this.type });
  }

  get over() {
    return this.#length !== null;
  }

  stop() {
    this.#end('stop');
  }

  cancel() {
    this.#end('cancel');
  }

  #end(why) {
    if (this.over) return;
    this.#length = this.now() - this.#began;
    this.#done = why;
    this.clearTimeout(this.#timer);
    if (this.recorder.state !== 'inactive') this.recorder.stop(); // the last piece and `onstop` follow
    for (const track of this.stream.getTracks()) track.stop();
  }
}
