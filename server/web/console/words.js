// What the page says about a recall, in words. No DOM here.

const STAGES = {
  transcribing: 'Writing down what you said', understanding: 'Working out what you mean', recognizing: 'Listening to the sound',
  reading_image: 'Reading the picture', searching: 'Going through the songs', answering: 'Putting the answer into words',
};

/** @returns {string} what the line of a recall says */
export function stageWords({ started, stage: name, text, end, cancelling }) {
  if (end) return endWords(end);
  if (cancelling) return 'Stopping…';
  if (!started) return 'Waiting for the search before it';
  return text || STAGES[name] || 'Beginning';
}

function endWords(end) {
  if (end.type === 'recall.completed') {
    return { done: 'Finished', refining: 'Getting closer', no_match: 'No match' }[end.status] + took(end.duration_ms);
  }
  return { 'recall.cancelled': 'Stopped', 'recall.expired': 'Ran out of time', 'recall.failed': 'Something went wrong' }[end.type];
}

function took(ms) {
  if (ms === undefined) return '';
  if (ms < 100) return ' · under 0.1 s';
  return ` · ${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`;
}

/** How sure we are, in words; 0.7 is where the server stops asking. @param {number} confidence 0..1 */
export function inWords(confidence) {
  if (confidence >= 0.85) return 'almost certain';
  if (confidence >= 0.7) return 'likely';
  return confidence >= 0.45 ? 'possible' : 'a guess';
}

/** The services by the names that people know. A name that is not here is said as it is. */
const SERVICES = {
  acrcloud: 'ACRCloud', shazam: 'Shazam', audd: 'AudD', whisper: 'Whisper', 'whisper-1': 'Whisper', 'gpt-4o': 'GPT-4o', 'gpt-4o-mini': 'GPT-4o mini',
  lyrics: 'Lyrics', catalog: 'Catalogue', media: 'Storage', chat: 'The model',
};

/** @param {string} name as in `degraded`, in a candidate's sources and in the statistics */
export const serviceName = (name) => SERVICES[name] ?? name;

const STATES = {
  closed: 'Working', open: 'Resting after failures', half_open: 'Being tried again', disabled: 'Not open to this server', throttled: 'Busy, asked to wait',
};

/** How a service is, by the state of its breaker. A state that is not here is said as it is. @param {string} state */
export const stateWords = (state) => STATES[state] ?? state;

const REASONS = {
  throttled: 'busy', busy: 'busy', timeout: 'too slow', stalled: 'too slow', unavailable: 'not reachable', breaker_open: 'resting after failures',
  crashed: 'not reachable', stopped: 'the server restarts', auth: 'not open to this server', quota: 'used up for now', config: 'not set up', not_configured: 'not set up',
  unsupported_format: 'cannot read this format', unreadable_media: 'cannot read this', bad_input: 'could not use it', length: 'had too much to say',
  content_filter: 'held back', refusal: 'would rather not',
};

/** Who could not be asked, as a sentence; empty when everybody was. @param {{provider: string, reason: string}[]} [list] */
export function degradedWords(list) {
  const byReason = new Map();
  for (const { provider, reason } of list ?? []) {
    const words = REASONS[reason] ?? reason.replaceAll('_', ' ');
    byReason.set(words, [...(byReason.get(words) ?? []), serviceName(provider)]);
  }
  if (!byReason.size) return '';
  return `${and.format([...byReason].map(([words, names]) => `${and.format(names)} (${words})`))} could not be asked this time.`;
}

const and = new Intl.ListFormat('en-GB', { type: 'conjunction' });

const INTENTS = {
  conversation: 'A chat', information: 'A question about music', find_song: 'A song to find', generate_song: 'A song to be made',
  humming: 'Humming', background_audio: 'Music in the background',
};

/** What was understood, in a few words; empty when nothing was. @param {string} [intent] */
export const intentWords = (intent) => INTENTS[intent] ?? '';

/** What a person should know about the end of a recall, beyond its result; empty when there is nothing. */
export function noteWords(end) {
  if (!end) return '';
  const missing = degradedWords(end.degraded);
  switch (end.type) {
    case 'recall.cancelled': return 'You stopped this search. What it had found until then is kept.';
    case 'recall.expired': return 'This took longer than a search may take. A little more detail often makes it quicker.';
    case 'recall.failed': return [end.message || 'The search failed on our side. Nothing you wrote is lost.', missing].filter(Boolean).join(' ');
    default: return [end.status === 'no_match' && 'No song fits that yet. Another detail, such as the decade or who sings, may bring it up.',
      missing, missing && end.status === 'no_match' && 'So a match may have been missed.'].filter(Boolean).join(' ');
  }
}

/** What a screen reader should hear: stages, songs, questions and ends, but not every piece of text. */
export function eventWords(event) {
  switch (event.type) {
    case 'recall.status': return event.text;
    case 'recall.transcript': return event.final && event.text ? `Heard: ${event.text}` : '';
    case 'recall.candidate': return `Candidate ${event.rank}: ${event.candidate.title} by ${event.candidate.artist}, ${Math.round(event.candidate.confidence * 100)} percent`;
    case 'recall.answer': return event.text;
    case 'recall.follow_up': return `Question: ${event.text}`;
    case 'recall.failed': return `The search failed. ${event.message ?? ''}`;
    case 'recall.cancelled': return 'The search was stopped';
    default: return '';
  }
}

export function closedWords({ code, reason }) {
  if (code === 4504) return 'You are connected in too many places. Close one of them, then press “Try now”.';
  return `The server ended the connection (${reason || code}). Press “Try now” to connect again.`;
}

const TITLE_LENGTH = 60;

/** A first title for a search: the beginning of its first words. */
export function titleFrom(text) {
  const line = text.split('\n')[0].trim();
  return [...line].length <= TITLE_LENGTH ? line : `${[...line].slice(0, TITLE_LENGTH - 1).join('').replace(/\s+\S*$/, '')}…`;
}
