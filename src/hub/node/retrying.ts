/** What is tried again: answers and connections that fail for a while. */
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds to wait before each further try. */
const DELAYS = [500, 1000, 2000, 4000] as const;
/** A server that asks for more patience than these milliseconds is not waited for. */
const MOST_PATIENCE = 120_000;
const TEMPORARY = new Set([408, 429, 500, 502, 503, 504]);

/** Something that may go well at the next try. */
export class TemporaryError extends Error {
  /** Whether this try brought something, so that the next one need not wait. */
  readonly gained: boolean;
  constructor(message: string, { gained = false, cause }: { gained?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.gained = gained;
  }
}

/** An answer that is no success. */
export class HttpError extends Error {
  readonly statusCode: number;
  /** Milliseconds after which the server wants to be asked again. */
  readonly retryAfter: number | undefined;
  constructor(response: Response, what: string) {
    super(`${response.status} for ${what}`);
    this.statusCode = response.status;
    this.retryAfter = retryAfterOf(response.headers.get("retry-after"));
  }
}

export interface RetryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told before a wait of a second or more. */
  readonly onWait?: (why: string) => void;
}

/** Runs `work` until it succeeds, fails for good, or has failed too often without gaining anything. */
export async function retrying<T>(work: () => Promise<T>, { signal, onWait }: RetryOptions): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted === true || !isTemporary(error)) throw error;
      if (error instanceof TemporaryError && error.gained) failures = 0;
      const asked = error instanceof HttpError ? error.retryAfter : undefined;
      if (failures >= DELAYS.length || (asked ?? 0) > MOST_PATIENCE) throw error;
      const gained = error instanceof TemporaryError && error.gained;
      const delay = asked ?? (gained ? 0 : (DELAYS[failures] as number));
      if (delay >= 1000) onWait?.(`${(error as Error).message}: next try in ${Math.round(delay / 1000)} s`);
      await sleep(delay, undefined, { signal });
    }
  }
}

function isTemporary(error: unknown): boolean {
  return error instanceof TemporaryError || (error instanceof HttpError && TEMPORARY.has(error.statusCode));
}

/** Whether `response` is worth asking for again. */
export function isTemporaryAnswer({ status }: Response): boolean {
  return TEMPORARY.has(status);
}

/** `Retry-After` in milliseconds: it holds seconds or a date. */
function retryAfterOf(value: string | null): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
