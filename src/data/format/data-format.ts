/**
 * What a data format is: one record that says everything about it. How files are recognised, read and written, which
 * options mean something and what the help and the messages say follow from the records in `node/registry.ts`.
 */
import type { ColumnKind } from "../table/cell.js";
import type { RowStream } from "../table/row-stream.js";
import type { DecodedText } from "./decode-text.js";

/** What the caller says of a file. A format names those of the first six that it takes. */
export interface FormatOptions {
  readonly header?: boolean | undefined;
  readonly delimiter?: string | undefined;
  readonly quote?: string | false | undefined;
  readonly pattern?: RegExp | string | undefined;
  readonly encoding?: string | undefined;
  readonly query?: string | undefined;
  /** Column names that were asked for; finding one in the first row makes it a header. */
  readonly askedNames?: readonly string[];
}

/** The name of an option that only some formats take. */
export type FormatOption = "header" | "delimiter" | "quote" | "pattern" | "encoding" | "query";

/** A file that is about to be read, in the form that the format needs. One of them may be asked for, once. */
export interface FormatInput {
  /** What to call it. */
  readonly source: string;
  bytes(): AsyncIterable<Uint8Array>;
  text(): Promise<DecodedText>;
  /** Its path on disk, where it lies for as long as it is read. */
  path(): Promise<string>;
}

/** Rows, and class names that the file itself gives for a column. */
export interface FormatRows extends RowStream {
  readonly classNames?: ReadonlyMap<string, readonly string[]>;
}

/** Columns and rows that are to be written. */
export interface WritableTable {
  readonly names: readonly string[];
  readonly kinds: readonly ColumnKind[];
  /** The rows, from the first one at every call: cells as they stood in the file, so that 1.10 stays 1.10. */
  rows(): Iterable<readonly (string | undefined)[]>;
}

export interface DataFormat<Name extends string = string> {
  /** The value of the option `format`. */
  readonly name: Name;
  /** What it is called in sentences. */
  readonly title: string;
  /** Ends of file names, with their dot, in small letters; the first is given to files that are written. */
  readonly endings: readonly string[];
  /** Whether the first 512 bytes of a file are of this format; for formats that are no text. */
  readonly hasMagic?: (start: Uint8Array) => boolean;
  /** Whether a text is of this format whose name does not say so; asked in the order of the registry. */
  readonly sniff?: (sample: string, name: string) => boolean;
  /** The options that mean something for it. */
  readonly options: readonly FormatOption[];
  /** @throws E_DATA for a file that is not of this format, E_CONFIG for an option */
  read(input: FormatInput, options: FormatOptions): Promise<FormatRows>;
  /** The text of a table, line by line; for formats that are text. */
  readonly lines?: (table: WritableTable) => Iterable<string>;
  /** Writes a table to `path`; for formats that are no text. */
  readonly writeFile?: (table: WritableTable, path: string, signal: AbortSignal | undefined) => Promise<void>;
}

/** A format whose name is part of its type. */
export function defineFormat<const Name extends string>(format: DataFormat<Name>): DataFormat<Name> {
  return format;
}
