// The few helpers that everything on the page is built with. Text goes in as text; no module sets HTML.

/**
 * Makes an element. Attributes: `class`, `data-*`, `aria-*` and others as attributes; `on` is a map of listeners;
 * null, undefined and false are left out.
 */
export function h(tag, attributes = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') for (const [type, fn] of Object.entries(value)) el.addEventListener(type, fn);
    else setAttribute(el, name, value);
  }
  el.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return el;
}

/** Sets or removes an attribute, and leaves it alone when it is right already. */
export function setAttribute(el, name, value) {
  if (value === null || value === undefined || value === false) return el.removeAttribute(name);
  const text = value === true ? '' : String(value);
  if (el.getAttribute(name) !== text) el.setAttribute(name, text);
}

/** Sets text only when it changed, so that a selection or a screen reader's place is not lost. */
export function setText(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

const SVG = 'http://www.w3.org/2000/svg';
const ICONS = {
  menu: 'M4 7h16M4 12h16M4 17h10', close: 'M6 6l12 12M18 6L6 18', plus: 'M12 5v14M5 12h14', send: 'M12 19V5M6 11l6-6 6 6',
  more: 'M5.500 12a.5.5 0 1 0-1 0 .5.5 0 0 0 1 0zM12.500 12a.5.5 0 1 0-1 0 .5.5 0 0 0 1 0zM19.500 12a.5.5 0 1 0-1 0 .5.5 0 0 0 1 0z', pin: 'M9 4h6l-1 6 3 3H7l3-3-1-6zM12 13v7', down: 'M12 5v14M6 13l6 6 6-6',
  stash: 'M7 4h10v16l-5-4-5 4z', check: 'M5 12.5l4.500 4.500L19 7', cross: 'M7 7l10 10M17 7L7 17', stop: 'M7 7h10v10H7z',
  microphone: 'M12 4a2.500 2.500 0 0 1 2.500 2.500v5a2.500 2.500 0 0 1-5 0v-5A2.500 2.500 0 0 1 12 4zM6.500 11.500a5.500 5.500 0 0 0 11 0M12 17v3',
  picture: 'M4 5h16v14H4zM4 16l4.500-4.500 4 4 2.500-2.500 5 5M9 9.500a.5.5 0 1 0-1 0 .5.5 0 0 0 1 0z', play: 'M8 5.500v13l11-6.500z', pause: 'M8 5v14M16 5v14',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  archive: 'M4 5h16v4H4zM6 9v10h12V9M10 13h4', reply: 'M10 8l-5 5 5 5M5 13h9a5 5 0 0 0 5-5V6',
};

/** A line icon; it says nothing by itself, so the button around it carries the label. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  const path = document.createElementNS(SVG, 'path');
  for (const [k, v] of Object.entries({ viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true', focusable: 'false' })) svg.setAttribute(k, v);
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** A link if the address is http or https, else null: addresses come from outside. */
export function link(address, text) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  return h('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer nofollow' }, text ?? url.hostname.replace(/^www\./, ''));
}

const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });

/** "now", "5 min. ago", "14:02", "3 Mar": as short as it can be and still tell. */
export function ago(time) {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return '';
  const seconds = (Date.now() - at) / 1000;
  if (seconds < 60) return 'now';
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
  return seconds < 86_400 ? clock.format(at) : day.format(at);
}

/** @param {number} ms @returns {string} such as 0:07 */
export function minutes(ms) {
  const s = Math.floor(ms / 1000);
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
}

let announcer;

/** Tells a screen reader, politely. The same words twice in a row are said twice. */
export function announce(text) {
  if (!text) return;
  announcer ??= document.getElementById('announcer');
  announcer.textContent = '';
  setTimeout(() => { announcer.textContent = text; }, 50);
}

/** Takes a blob's address from whoever shows it, who may still be loading it, and gives the blob free. @param {HTMLMediaElement|HTMLImageElement} el */
export function forget(el) {
  const url = el.getAttribute('src');
  if (!url) return;
  el.removeAttribute('src');
  el.load?.(); // a media element goes on with what it began, else
  URL.revokeObjectURL(url);
}
