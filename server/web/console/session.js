// Who is signed in. Kept in localStorage, so that a reload and a second tab go on as the same person.

const KEY = 'recall.session';
const LAST_USER = 'recall.last_user';

/** @returns {{token: string, userId: string, dev: boolean}|null} */
export function current() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}

export function keep(session) {
  localStorage.setItem(KEY, JSON.stringify(session));
  if (session.dev) localStorage.setItem(LAST_USER, session.userId);
}

export function drop() {
  localStorage.removeItem(KEY);
}

/** The user id of the last development sign-in on this device; signing in again returns to its threads. */
export function lastUser() {
  return localStorage.getItem(LAST_USER) ?? '';
}

/** Calls fn when another tab signs in as somebody else, or out. A renewed token of the same person is no news. */
export function onChange(fn) {
  let known = current()?.userId;
  addEventListener('storage', (event) => {
    if (event.key !== KEY && event.key !== null) return;
    const userId = current()?.userId;
    if (userId !== known) fn();
    known = userId;
  });
}

/** Thrown when the server gives no development tokens. */
export class NoDevTokens extends Error {}

/** Signs in with a development token, as the given user or as a new one. */
export async function signInForDevelopment(userId) {
  const answer = await fetch('/v1/dev/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(userId ? { user_id: userId } : {}),
  });
  if (answer.status === 404) throw new NoDevTokens('This server gives no development tokens.');
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.message || `The server answered ${answer.status}.`);
  const session = { token: body.token, userId: body.user_id, dev: true };
  keep(session);
  return session;
}

/** Signs in with a pasted token. Only its shape is looked at here: the server judges it. */
export function signInWithToken(text) {
  const token = text.trim().replace(/^Bearer\s+/i, '');
  const userId = subject(token);
  if (!userId) throw new Error('That does not look like a token: three parts with dots between them are expected, with a user id inside.');
  const session = { token, userId, dev: false };
  keep(session);
  return session;
}

function subject(token) {
  try {
    const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    return JSON.parse(atob(payload)).sub;
  } catch {
    return null;
  }
}

/** For RecallClient: what is kept, or a newer development token; another tab may have fetched one already. */
export async function provideToken({ refresh }, used) {
  const session = current();
  if (session && (!refresh || session.token !== used)) return session.token;
  return (await signInForDevelopment(session?.userId)).token;
}
