/** Errors on their way between threads, which would lose their class and what it adds. */
import { type Complaint, type ErrorCode, TextuneError } from "../errors.js";

/** An error as plain values. */
export interface PlainError {
  /** Of a {@link TextuneError}. */
  readonly code?: ErrorCode;
  readonly complaint?: Complaint | undefined;
  readonly message: string;
  /** The error itself, where it is of no class of ours: JavaScript's own keep theirs. */
  readonly other?: unknown;
}

export function plainError(error: unknown): PlainError {
  if (error instanceof TextuneError) {
    const { code, complaint, message } = error;
    return { code, complaint, message };
  }
  return { message: error instanceof Error ? error.message : String(error), other: error };
}

/** The error as if it had been thrown here. */
export function errorOfPlain({ code, complaint, message, other }: PlainError): unknown {
  return code === undefined ? other : new TextuneError(code, complaint ?? message);
}
