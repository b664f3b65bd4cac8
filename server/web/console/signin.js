// The first page: a development token at the press of a button, or a token pasted in.

import { lastUser, NoDevTokens, signInForDevelopment, signInWithToken } from './session.js';

const $ = (id) => document.getElementById(id);

/** Shows the page. @param {(session: object) => void} done @param {string} [trouble] why the last session ended */
export function showSignIn(done, trouble) {
  $('app').hidden = true;
  $('signin').hidden = false;
  $('dev-user').value = lastUser();
  if (document.documentElement.dataset.dev === 'false') noDevTokens();
  say(trouble);
  $('dev-form').onsubmit = (event) => attempt(event, () => signInForDevelopment($('dev-user').value.trim()), done);
  $('token-form').onsubmit = (event) => attempt(event, () => signInWithToken($('token').value), done);
  ($('dev-form').hidden ? $('token') : $('dev-sign-in')).focus();
}

async function attempt(event, signIn, done) {
  event.preventDefault();
  say('');
  try {
    const session = await signIn();
    $('token').value = '';
    done(session);
  } catch (err) {
    if (err instanceof NoDevTokens) return noDevTokens();
    say(err instanceof TypeError ? 'The server cannot be reached. Is it running?' : err.message);
  }
}

function noDevTokens() {
  $('dev-form').hidden = true;
  $('dev-note').hidden = false;
}

function say(words) {
  $('signin-error').textContent = words ?? '';
  $('signin-error').hidden = !words;
}
