// What an event changes in a page of messages that is kept. Pure: a change makes a new page.

/** What the server takes when no limit is given. */
const PAGE = 50;

/**
 * @param {{before_seq?: number, after_seq?: number, limit?: number}} asked
 * @param {{messages: object[], has_more: boolean}} page
 * @param {object} message that was stored
 * @returns {object|undefined} the page as the server would give it now; undefined if that cannot be told from here
 */
export function withMessage({ before_seq: before, after_seq: after, limit = PAGE }, page, message) {
  const { messages } = page;
  if (messages.some((m) => m.id === message.id)) return page;
  if (before !== undefined && message.seq >= before) return page;
  if (messages.length && message.seq <= messages.at(-1).seq) return undefined; // it belongs between: never seen, not guessed at
  if (after === undefined) {
    const all = [...messages, message];
    return all.length > limit ? { ...page, messages: all.slice(-limit), has_more: true } : { ...page, messages: all };
  }
  if (message.seq <= after || page.has_more) return page;
  return messages.length < limit ? { ...page, messages: [...messages, message] } : { ...page, has_more: true };
}

/** @param {{messages: object[]}} page @param {object} message as it is now @returns {object} */
export function withChange(page, message) {
  if (!page.messages.some((m) => m.id === message.id)) return page;
  return { ...page, messages: page.messages.map((m) => (m.id === message.id ? message : m)) };
}

/**
 * The command for the page that somebody who reads on asks for next.
 * @param {object} asked the command of this page @param {object} reply @returns {object|undefined}
 */
export function following(asked, reply) {
  if (asked.type === 'thread.list') return reply.next_cursor ? { ...asked, cursor: reply.next_cursor } : undefined;
  if (asked.type !== 'messages.list' || asked.after_seq !== undefined || !reply.has_more || !reply.messages.length) return undefined;
  return { ...asked, before_seq: reply.messages[0].seq };
}
