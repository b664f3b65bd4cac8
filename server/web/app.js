// The console: one person, signed in, with the public protocol and nothing else.
//
// console/session.js  who is signed in          console/turns.js         a thread as data
// console/signin.js   the first page            console/conversation.js  a thread on the screen
// console/threads.js  lists at the side         console/cards.js         the entries of a conversation
// console/composer.js where one writes          console/status.js        connection, limits, notices
// console/menu.js     menu and dialogs          console/words.js         what is said about a recall
// console/actions.js  pin, rename, delete …     console/dom.js           helpers
// console/recorder.js the microphone            console/voice.js         recording, in the composer
// console/level.js    how loud it is            console/picture.js       a picture to ask with
// console/said.js     the person's own entries  console/player.js        plays a voice note
// console/library.js  what was uploaded         console/services.js      how the outside services are
// console/asking.js   what is said goes out     console/desk.js         ties all to the client
//
// console/operations.js  the page for who runs the server: reads its statistics, and needs nobody to be signed in
//   -format.js figures    -history.js the last minutes    -model.js what is shown    -view.js where
//   -parts.js tables      -chart.js small pictures
//
// For tests in a browser, by data-testid (those with * are repeated, and carry more data attributes):
//   sign in      sign-in-view, sign-in-dev, dev-user-id, dev-note, token-input, sign-in-token, sign-in-error,
//                user-id, copy-user-id, sign-out
//   lists        open-threads, close-threads, new-thread, tab-threads, tab-archived, tab-stash, thread-list (data-view),
//                thread-list-empty, more-threads, *thread-row (data-thread-id, data-pinned), *thread-open,
//                *thread-row-menu, *stash-item (data-thread-id), *stash-open, *stash-remove
//   menu         thread-menu, menu, menu-pin, menu-rename, menu-archive, menu-stash, menu-delete,
//                dialog, dialog-input, dialog-ok, dialog-cancel
//   thread       thread-title, stash-toggle (aria-pressed), empty-state, examples, *example, messages, older,
//                jump-to-latest, thread-error
//   entries      every li in messages has data-kind, data-type, and once stored data-seq and data-message-id:
//                *message (user text; data-state sending|failed while it is not stored), *stage (data-state
//                running|ended, data-stage), stage-text, cancel, *answer (data-streaming), *candidate (data-key,
//                data-rank, data-verdict), candidate-title, candidate-artist, candidate-confidence, candidate-reason,
//                candidate-sources, confirm, reject, verdict, *follow-up (data-open), follow-up-text,
//                follow-up-answer, *note (data-end), ask-again, send-again, edit-unsent
//   writing      composer, composer-input, send, counter, notice, limits (li: data-policy, data-left)
//   speaking     voice, recording (data-state running|full), elapsed, recording-words, record-send, record-cancel
//   picture      picture, picture-file, picture-preview, picture-name, picture-remove
//   media        in *message: *voice-player, *voice-audio, *voice-play, *transcript (data-listening), *picture-shown
//   more         intent (in *stage), *candidate-finders (li: data-source), *crowd, crowd-text, crowd-copy
//   services     services-open, services, services-list, *service (data-name, data-state), services-note, services-close
//   operations   operations-open, operations-from-sign-in, operations (data-state asking|live|stale), operations-state,
//                operations-time, operations-server, operations-back, ops-now, ops-operations, ops-stages, ops-pool,
//                ops-breakers, ops-caches, ops-spared, ops-limits, ops-refusals, ops-slowest; in them *figure (data-key, data-state good|bad),
//                figure-text, and *row (data-key) of cells with data-column
//   connection   connection (data-state idle|connecting|live|reconnecting|offline|closed), connection-text, retry-now
// Ids are the same words for what stands once (#dev-sign-in, #input, #send, #connection, #messages …).

import { Desk } from './console/desk.js';
import { Operations, OPERATIONS } from './console/operations.js';
import { current, drop, onChange } from './console/session.js';
import { showSignIn } from './console/signin.js';

const operations = new Operations();
let desk = null;
let begun = false;

function begin() {
  begun = true;
  desk?.close();
  desk = null;
  const session = current();
  if (!session) return showSignIn(begin);
  desk = new Desk(session, { signOut, expired });
}

function signOut() {
  drop();
  location.hash = '';
  begin();
}

/** The server no longer takes our token. Drafts stay; signing in again as the same person goes on with them. */
function expired(words) {
  desk?.close();
  desk = null;
  drop();
  showSignIn(begin, words);
}

/** Who comes for the operations alone is not connected: a watcher should not count among those who are watched. */
function route(event) {
  const on = location.hash === OPERATIONS;
  operations.show(on, event && new URL(event.oldURL).hash);
  if (!on && !begun) begin();
}

onChange(() => begun && begin());
addEventListener('hashchange', route);
route();
