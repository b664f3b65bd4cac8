// The one kind of error that this client throws.

/** An error of the server (`code` as in the protocol), or of the connection: `connection_lost`, `closed`. */
export class RecallError extends Error {
  /** @param {{code: string, message?: string, retryable?: boolean, retry_after_ms?: number, policy?: string}} fields */
  constructor({ code, message, retryable = false, retry_after_ms: retryAfterMs, policy }) {
    super(message || code);
    this.name = 'RecallError';
    /** @type {string} */ this.code = code;
    /** Whether the same command may succeed later. @type {boolean} */ this.retryable = retryable;
    /** How long to wait before that, in milliseconds. @type {number|undefined} */ this.retryAfterMs = retryAfterMs;
    /** The limit that was hit, with `rate_limited`. @type {string|undefined} */ this.policy = policy;
  }
}
