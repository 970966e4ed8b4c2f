/** What a client is told when its request is not answered. */

/** HTTP statuses that problems have. */
export type ProblemStatus = 400 | 401 | 403 | 404 | 408 | 409 | 413 | 415 | 421 | 429 | 500 | 503 | 504;

/** A request that cannot be answered; the message is shown to the client as it stands. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: ProblemStatus;
  /** Seconds after which another try is worth while. */
  readonly retryAfter: number | undefined;

  constructor(status: ProblemStatus, message: string, retryAfter?: number) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}
