// A player for one voice note: a button, where it is, how long it is. One plays at a time.

import { forget, h, icon, minutes, setAttribute, setText } from './dom.js';

let playing = null;

/** @returns {{el: HTMLElement, load: (blob: Blob) => void, gone: () => void}} */
export function player() {
  const audio = h('audio', { preload: 'metadata', 'data-testid': 'voice-audio' });
  const toggle = h('button', { type: 'button', class: 'bare tool', 'data-testid': 'voice-play', on: { click: () => (audio.paused ? play(audio) : audio.pause()) } });
  const bar = h('input', { type: 'range', min: 0, max: 1, step: 'any', value: 0, 'aria-label': 'Place in the voice note' });
  const time = h('span', { class: 'words' });
  const el = h('div', { class: 'player', 'data-testid': 'voice-player' }, audio, toggle, bar, time);
  const draw = () => {
    const length = Number.isFinite(audio.duration) ? audio.duration : 0;
    const loaded = length > 0;
    toggle.disabled = bar.disabled = !loaded;
    if (toggle.dataset.shows !== String(audio.paused)) toggle.replaceChildren(icon(audio.paused ? 'play' : 'pause'));
    toggle.dataset.shows = audio.paused;
    setAttribute(toggle, 'aria-label', audio.paused ? 'Play the voice note' : 'Pause the voice note');
    setAttribute(bar, 'max', loaded ? length : 1);
    bar.value = loaded ? audio.currentTime : 0;
    const at = minutes(audio.currentTime * 1000);
    setAttribute(bar, 'aria-valuetext', `${at} of ${minutes(length * 1000)}`);
    setText(time, loaded ? (audio.paused && audio.currentTime === 0 ? minutes(length * 1000) : at) : '-:--');
  };
  for (const type of ['play', 'pause', 'timeupdate', 'durationchange', 'seeked']) audio.addEventListener(type, draw);
  audio.addEventListener('ended', () => { audio.currentTime = 0; });
  audio.addEventListener('loadedmetadata', () => measure(audio));
  bar.addEventListener('input', () => { audio.currentTime = Number(bar.value); });
  draw();
  return {
    el,
    load: (blob) => { audio.src = URL.createObjectURL(blob); },
    gone() {
      audio.pause();
      forget(audio);
    },
  };
}

function play(audio) {
  if (playing !== audio) playing?.pause();
  playing = audio;
  audio.play().catch(() => {}); // it was taken away meanwhile
}

/** What a browser has recorded does not say how long it is: that shows at its end. */
function measure(audio) {
  if (Number.isFinite(audio.duration)) return;
  audio.addEventListener('durationchange', () => { audio.currentTime = 0; }, { once: true });
  audio.currentTime = 1e7;
}
