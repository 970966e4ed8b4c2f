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
  | "E_PACKAGE" // a package that only some need, and is not installed
  | "E_TRAINING" // training cannot go on (NaN loss, …)
  | "E_ABORTED"; // stopped on request

/** The value of an option in an advice; "…" where it is the reader's to find. */
export type OptionValue = string | number | boolean;

/** A file and line, an operator, a function, an option: what a message is about. */
export type Place =
  | { readonly where: string; readonly option?: string | undefined }
  | { readonly where?: undefined; readonly option: string };

/**
 * The parts of a message. `option` is the option that is at fault or missing, by its name in the API, so that a form
 * can show the message at this field; it also is the place where no other is given.
 */
export type Complaint = Place & {
  readonly expected?: string;
  readonly got?: string;
  /** What the reader should do about it, as an imperative. */
  readonly fix?: string;
  /** The options to do it with: `fix: "leave such rows out", set: { badRows: "skip" }`. */
  readonly set?: Readonly<Record<string, OptionValue>>;
};

/** How options are written where a message is shown. */
export interface OptionSpelling {
  /** An option by its name. */
  name(option: string): string;
  /** Options with their values. */
  values(set: Readonly<Record<string, OptionValue>>): string;
}

const IN_CODE: OptionSpelling = {
  name: (option) => `option ${option}`,
  values: (set) =>
    `{ ${Object.entries(set)
      .map(([name, value]) => `${name}: ${value === "…" ? value : JSON.stringify(value)}`)
      .join(", ")} }`,
};

/** The sentence of `complaint`, with options as they are written in code unless told otherwise. */
export function messageOf(complaint: Complaint, spelling: OptionSpelling = IN_CODE): string {
  const { where, option, expected, got, fix, set } = complaint;
  const facts = [
    expected === undefined ? "" : `expected ${expected}`,
    got === undefined ? "" : expected === undefined ? got : `got ${got}`,
  ].filter((part) => part !== "");
  const advice = [fix ?? "", set === undefined ? "" : `with ${spelling.values(set)}`].filter((part) => part !== "");
  const place = where ?? spelling.name(option as string);
  return `${place}: ${facts.join(", ")}${advice.length === 0 ? "" : `; ${advice.join(" ")}`}`;
}

/**
 * An error whose message can be shown to a user as it stands.
 *
 * @example
 * try {
 *   await readDataset("reviews.csv");
 * } catch (error) {
 *   if (!(error instanceof TextuneError) || error.code !== "E_DATA") throw error;
 *   console.error(error.message);
 * }
 */
export class TextuneError extends Error {
  /** Always "TextuneError". */
  override readonly name = "TextuneError";
  /** What kind of thing went wrong: the same from version to version. */
  readonly code: ErrorCode;
  /** The option that is at fault, by its name in the API; undefined where none is. */
  readonly option: string | undefined;
  /** The parts of the message, for who writes options otherwise; undefined where it has none. */
  readonly complaint: Complaint | undefined;

  constructor(code: ErrorCode, message: string | Complaint, cause?: unknown) {
    super(typeof message === "string" ? message : messageOf(message), cause === undefined ? undefined : { cause });
    this.code = code;
    this.complaint = typeof message === "string" ? undefined : message;
    this.option = this.complaint?.option;
  }
}

/** Throws a {@link TextuneError} whose message is made from `complaint`. */
export function fail(code: ErrorCode, complaint: Complaint, cause?: unknown): never {
  throw new TextuneError(code, complaint, cause);
}

/** The exit status of a command that ended with `error`: 2 for wrong use, 130 after Ctrl-C, 1 otherwise. */
export function exitCode(error: unknown): number {
  if (!(error instanceof TextuneError)) return 1;
  if (error.code === "E_USAGE" || error.code === "E_CONFIG") return 2;
  return error.code === "E_ABORTED" ? 130 : 1;
}
