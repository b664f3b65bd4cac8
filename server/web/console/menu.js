// The menu of a search, and the two questions it may ask (a new title; whether to delete).

import { h } from './dom.js';

const $ = (id) => document.getElementById(id);

/**
 * Opens the menu at a button. Arrow keys move in it, Escape and a click elsewhere close it (the popover's own doing).
 * @param {HTMLElement} button
 * @param {{label: string, testid: string, danger?: boolean, run: () => void}[]} items
 */
export function openMenu(button, items) {
  const menu = $('menu');
  const close = () => menu.hidePopover();
  const nodes = items.map(({ label, testid, danger, run }) => h('button', {
    type: 'button', role: 'menuitem', 'data-testid': testid, class: danger ? 'danger' : null,
    on: { click: () => { close(); button.focus(); run(); } },
  }, label));
  menu.replaceChildren(...nodes);
  menu.showPopover();
  place(menu, button.getBoundingClientRect());
  nodes[0].focus();
  menu.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Tab') close();
    if (!step) return;
    event.preventDefault();
    nodes[(nodes.indexOf(document.activeElement) + step + nodes.length) % nodes.length].focus();
  };
}

/** Below the button and inside the window; above it where there is no room. */
function place(menu, at) {
  const { width, height } = menu.getBoundingClientRect();
  const top = at.bottom + height + 8 < innerHeight ? at.bottom + 4 : Math.max(8, at.top - height - 4);
  menu.style.top = `${top}px`;
  menu.style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`;
}

/**
 * Asks in a dialog.
 * @param {{title: string, text?: string, value?: string, ok: string}} question with `value` it asks for a line of text
 * @returns {Promise<string|null>} the text (or '' when none was asked for); null when the person thought better of it
 */
export function ask({ title, text, value, ok }) {
  const sheet = $('sheet');
  $('sheet-title').textContent = title;
  $('sheet-text').textContent = text ?? '';
  $('sheet-text').hidden = !text;
  $('sheet-label').hidden = value === undefined;
  $('sheet-input').value = value ?? '';
  $('sheet-ok').textContent = ok;
  $('sheet-cancel').onclick = () => sheet.close('no');
  sheet.returnValue = 'no';
  $('sheet-form').onsubmit = (event) => {
    event.preventDefault();
    sheet.close('yes');
  };
  sheet.showModal();
  if (value !== undefined) $('sheet-input').select();
  return new Promise((resolve) => {
    sheet.onclose = () => resolve(sheet.returnValue === 'yes' ? $('sheet-input').value.trim() : null);
  });
}
