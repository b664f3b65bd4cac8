// What the person said: words, a voice note with its words below, or a picture; stored, or still on its way.

import { forget, h, setAttribute, setText } from './dom.js';
import { player } from './player.js';

/** @param {(action: string, entry: object) => void} _act @param {(mediaId: string) => Promise<Blob>} media */
export function user(_act, media) {
  const { el, attached, text } = bubble('user', media);
  el.prepend(h('span', { class: 'hidden' }, 'You said: '));
  return {
    el,
    gone: attached.gone,
    update(e) {
      attached.update(e);
      const heard = e.listening ? `${e.text ?? ''}…` : e.text;
      setText(text, heard || (e.mediaId ? '' : spokenOrSeen(e.type)));
      setAttribute(text, 'data-testid', e.type === 'voice' ? 'transcript' : null);
      setAttribute(text, 'data-read', e.read ? 'true' : null);
      setAttribute(text, 'data-listening', e.listening ? 'true' : null);
    },
  };
}

const spokenOrSeen = (type) => ({ voice: 'A voice note', image: 'A picture' })[type] ?? '';

export function pending(act, media) {
  const { el, attached, text } = bubble('user pending', media);
  const state = h('p', { class: 'quiet' });
  const again = h('button', { type: 'button', class: 'small', 'data-testid': 'send-again', on: { click: () => act('resend', el.entry) } }, 'Send again');
  const edit = h('button', { type: 'button', class: 'small', 'data-testid': 'edit-unsent', on: { click: () => act('edit', el.entry) } });
  const tools = h('div', { class: 'actions' }, again, edit);
  el.append(state, tools);
  return {
    el,
    gone: attached.gone,
    update(e) {
      attached.update(e);
      setText(text, e.text ?? '');
      setText(state, e.error ?? (e.offline ? 'Goes out as soon as you are connected' : 'Sending…'));
      setText(edit, e.type === 'voice' ? 'Throw away' : 'Edit');
      setAttribute(el, 'data-state', e.error ? 'failed' : 'sending');
      tools.hidden = !e.error;
    },
  };
}

function bubble(cls, media) {
  const attached = attachment(media);
  const text = h('p', { class: 'text', dir: 'auto' });
  return { el: h('li', { class: `entry ${cls}` }, attached.el, text), attached, text };
}

const FRAMES = { voice: player, image: picture };

/** The sound or picture of a message. Its room is kept from the start, and it is fetched when it comes into sight. */
function attachment(media) {
  const el = h('div', { class: 'attachment', hidden: true });
  let frame = null;
  let shown;
  const load = (blob) => {
    const mine = frame;
    blob.then((b) => frame === mine && mine.load(b), () => frame === mine && fail());
  };
  const fail = () => el.append(h('p', { class: 'quiet' }, 'This cannot be shown right now. ',
    h('button', { type: 'button', class: 'bare text', on: { click: (event) => (event.target.parentElement.remove(), load(media(shown))) } }, 'Try again')));
  const gone = () => {
    seen.unobserve(el);
    frame?.gone();
    frame = null;
  };
  return {
    el,
    gone,
    update({ type, mediaId, blob }) {
      const source = blob ?? mediaId;
      el.hidden = !source || !FRAMES[type];
      if (el.hidden || source === shown) return;
      gone();
      shown = source;
      frame = FRAMES[type]();
      el.replaceChildren(frame.el);
      if (blob) return load(Promise.resolve(blob));
      el.wanted = () => load(media(mediaId));
      seen.observe(el);
    },
  };
}

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    target.wanted();
  }
}, { rootMargin: '200px' });

/** A thumbnail that opens in full in a tab of its own. */
function picture() {
  const image = h('img', { alt: 'The picture you sent', 'data-testid': 'picture-shown', hidden: true });
  const el = h('a', { class: 'thumbnail', target: '_blank', rel: 'noopener' }, image);
  image.addEventListener('error', () => el.replaceChildren('This picture cannot be shown here.'));
  return {
    el,
    load(blob) {
      image.src = el.href = URL.createObjectURL(blob);
      image.hidden = false;
    },
    gone: () => forget(image),
  };
}
