/**
 * The one error class of Textune.
 *
 * A message is one line of the form "where: expected X, got Y; do Z", so that it can be shown to a
 * user as it is. The code is stable and machine-readable.
 */

/** What kind of thing went wrong. `E_USAGE` and `E_CONFIG` are the caller's wrong use, the rest are failures. */
export type ErrorCode =
  | "E_USAGE" // a command or function was called wrongly
  | "E_CONFIG" // an option has a value that it cannot have
  | "E_DATA" // a data file, a column, a row, a label
  | "E_TOKENIZER" // a tokenizer file, or a tokenizer that does not belong to the model
  | "E_WEIGHTS" // a model folder or a weight file
  | "E_HUB" // a download
  | "E_STORE" // writing or reading results on disk
  | "E_SHAPE" // shapes that do not fit in a graph
  | "E_DTYPE" // element types that do not fit in a graph
  | "E_GRAPH" // a graph that is not well formed
  | "E_GRADIENT" // a gradient that does not exist
  | "E_RUNTIME" // onnxruntime refused or failed
  | "E_TRAINING" // training cannot go on (NaN loss, …)
  | "E_ABORTED"; // stopped on request

/** The parts of a message; `where` names a file and line, an option, an operator or a function. */
export interface Complaint {
  readonly where: string;
  readonly expected?: string;
  readonly got?: string;
  /** What the reader should do about it, as an imperative. */
  readonly fix?: string;
}

/** An error whose message can be shown to a user as it stands. */
export class TextuneError extends Error {
  override readonly name = "TextuneError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** Throws a {@link TextuneError} whose message is made from `complaint`. */
export function fail(code: ErrorCode, complaint: Complaint, cause?: unknown): never {
  const facts = [
    complaint.expected === undefined ? "" : `expected ${complaint.expected}`,
    complaint.got === undefined ? "" : complaint.expected === undefined ? complaint.got : `got ${complaint.got}`,
  ].filter((part) => part !== "");
  const message = `${complaint.where}: ${facts.join(", ")}${complaint.fix === undefined ? "" : `; ${complaint.fix}`}`;
  throw new TextuneError(code, message, cause);
}

/** The exit status of a command that ended with `error`: 2 for wrong use, 130 after Ctrl-C, 1 otherwise. */
export function exitCode(error: unknown): number {
  if (!(error instanceof TextuneError)) return 1;
  if (error.code === "E_USAGE" || error.code === "E_CONFIG") return 2;
  return error.code === "E_ABORTED" ? 130 : 1;
}
