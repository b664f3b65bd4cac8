// Figures as an operator reads them: short, with their unit, and a dash for what is not known. No DOM here.

/** What stands for a figure that is not known, as of a percentile before the first run. */
export const NONE = '–';

const known = (n) => typeof n === 'number' && Number.isFinite(n);
const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** Digits enough to tell, and no more: 0.04, 4.2, 42. */
function short(n) {
  if (n > 0 && n < 0.005) return '< 0.01';
  if (n > 0 && n < 0.095) return n.toFixed(2);
  return n < 9.95 && n % 1 ? n.toFixed(1) : grouped.format(n);
}

/** @param {number} [n] */
export const count = (n) => (known(n) ? grouped.format(n) : NONE);

/** @param {number} [n] a rate, or a mean of whole things */
export const decimal = (n) => (known(n) ? short(n) : NONE);

/** @param {number} [n] milliseconds @returns {string} in milliseconds, seconds or minutes */
export function time(n) {
  if (!known(n)) return NONE;
  if (n < 999.5) return `${short(n)} ms`;
  if (n < 59_950) return `${(n / 1000).toFixed(n < 9995 ? 2 : 1)} s`;
  return `${Math.floor(n / 60_000)} min ${Math.floor((n % 60_000) / 1000)} s`;
}

/** @param {number} [part] 0..1; what is not whole never rounds to nothing or to all */
export function percent(part) {
  if (!known(part)) return NONE;
  const n = part * 100;
  if (n > 0 && n < 0.05) return '< 0.1 %';
  if (n > 99.9 && n < 100) return '> 99.9 %';
  return `${n < 9.95 || n > 99 ? Number(n.toFixed(1)) : Math.round(n)} %`;
}

/** @param {number} [n] @returns {string} in powers of 1024 */
export function bytes(n) {
  if (!known(n)) return NONE;
  const power = Math.min(Math.floor(Math.log2(Math.max(n, 1)) / 10), 4);
  return `${short(n / 1024 ** power)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`;
}

/** @param {number} [s] seconds @returns {string} in its two largest units */
export function span(s) {
  if (!known(s)) return NONE;
  const parts = [[Math.floor(s / 86_400), 'd'], [Math.floor(s / 3600) % 24, 'h'], [Math.floor(s / 60) % 60, 'min'], [Math.floor(s) % 60, 's']];
  const first = parts.findIndex(([n]) => n > 0);
  return first < 0 ? '0 s' : parts.slice(first, first + 2).filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}`).join(' ');
}

/** @param {string|number} [at] a time of the server, or of this page @returns {string} by the clock on the wall */
export function clock(at) {
  const date = new Date(at ?? NaN);
  return Number.isNaN(date.getTime()) ? NONE : date.toLocaleTimeString('en-GB');
}

/** Names of the server as words: reading_image is "reading image". @param {string} name */
export const plain = (name) => String(name).replaceAll('_', ' ');
