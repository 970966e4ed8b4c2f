import { TextuneError } from "./errors.js";

/** What is thrown where a signal ends a piece of work: one error everywhere, whose cause is the signal's reason. */
export function abortError(where: string, { reason }: AbortSignal): TextuneError {
  return new TextuneError("E_ABORTED", { where, got: "stopped on request" }, reason);
}

/** @throws E_ABORTED once `signal` has aborted */
export function stopIfAborted(signal: AbortSignal | undefined, where: string): void {
  if (signal?.aborted === true) throw abortError(where, signal);
}
