/**
 * Delimiter-separated text (CSV, TSV) read as a stream, by RFC 4180: a field may stand in quotes, in
 * which delimiters and line ends are literal and a quote is doubled. Every record knows its line.
 */
import { createOpenLine, LONGEST_RECORD, TOO_LONG } from "./open-line.js";

/** How a file separates and quotes its fields. */
export interface Dialect {
  /** One character. */
  readonly delimiter: string;
  /** One character; undefined where quotes are literal. */
  readonly quote: string | undefined;
}

/** One record, or what is wrong with it. */
export interface DelimitedRecord {
  /** The line it starts on, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
  readonly problem?: string;
}

/** Turns pieces of a text into records, as many at a time as are complete. */
export interface DelimitedParser {
  push(piece: string): DelimitedRecord[];
  /** The records that the end of the text completes. */
  end(): DelimitedRecord[];
}

/** A parser at the start of a text. Blank lines are skipped. Line ends are \n, \r\n, or \r where `\r` alone is used throughout. */
export function createDelimitedParser(dialect: Dialect, newline: "\n" | "\r" = "\n"): DelimitedParser {
  const { delimiter, quote } = dialect;
  const rest = createOpenLine();
  // Whether what comes up to the next line end belongs to a line that was refused.
  let skipping = false;
  let line = 1;
  // Where the search for a line end or closing quote need not look again.
  let atEnd = false;

  const parse = (text: string): DelimitedRecord[] => {
    const records: DelimitedRecord[] = [];
    let from = 0;
    while (from < text.length) {
      let end = text.indexOf(newline, from);
      if (end < 0) {
        if (!atEnd) break;
        end = text.length;
      }
      const raw = text.slice(from, endOfContent(text, from, end));
      if (raw === "") {
        line++;
        from = end + 1;
        continue;
      }
      if (quote === undefined || !raw.includes(quote)) {
        records.push({ line, fields: raw.split(delimiter) });
        line++;
        from = end + 1;
        continue;
      }
      const quoted = parseQuoted(text, from, delimiter, quote, newline, atEnd);
      if (quoted === "more") {
        if (!atEnd && text.length - from < LONGEST_RECORD) break;
        records.push({ line, fields: [], problem: "a quote is opened and never closed" });
        line++;
        from = end + 1;
        continue;
      }
      if (typeof quoted === "string") {
        records.push({ line, fields: [], problem: quoted });
        line++;
        from = end + 1;
        continue;
      }
      records.push({ line, fields: quoted.fields });
      line += quoted.lines;
      from = quoted.next;
    }
    rest.begin(text.slice(from));
    return records;
  };

  const hold = (piece: string): DelimitedRecord[] => {
    if (rest.add(piece)) return [];
    skipping = true;
    return [{ line, fields: [], problem: TOO_LONG }];
  };
  const afterSkipped = (piece: string): string => {
    const end = piece.indexOf(newline);
    if (end < 0) return "";
    skipping = false;
    line++;
    return piece.slice(end + 1);
  };

  return {
    push(given) {
      const piece = skipping ? afterSkipped(given) : given;
      if (piece === "") return [];
      if (rest.length > 0 && !piece.includes(newline)) return hold(piece);
      return parse(rest.take() + piece);
    },
    end() {
      atEnd = true;
      return parse(rest.take());
    },
  };
}

/** Where a line's content ends: before the \r of a \r\n. */
function endOfContent(text: string, from: number, end: number): number {
  return end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
}

interface QuotedRecord {
  readonly fields: string[];
  /** Where the next record starts. */
  readonly next: number;
  readonly lines: number;
}

/** Reads the record at `from`, which holds a quote; "more" where the text ends too early; another string is a problem. */
function parseQuoted(
  text: string,
  from: number,
  delimiter: string,
  quote: string,
  newline: string,
  atEnd: boolean,
): QuotedRecord | "more" | string {
  const fields: string[] = [];
  let at = from;
  let lines = 1;
  for (;;) {
    if (text[at] === quote) {
      let value = "";
      let start = at + 1;
      for (;;) {
        const close = text.indexOf(quote, start);
        if (close < 0) return "more";
        value += text.slice(start, close);
        at = close + 1;
        if (text[at] !== quote) break;
        value += quote;
        start = at + 1;
      }
      if (at === text.length && !atEnd) return "more";
      fields.push(value);
      for (let i = value.indexOf(newline); i >= 0; i = value.indexOf(newline, i + 1)) lines++;
      if (at >= text.length) return { fields, next: at, lines };
      if (text[at] === "\r" && text[at + 1] === newline) at++;
      else if (text[at] === "\r" && at + 1 === text.length) {
        if (!atEnd) return "more";
        return { fields, next: at + 1, lines };
      }
      if (text[at] === newline) return { fields, next: at + 1, lines };
      if (text[at] !== delimiter) return `text follows the closing quote of field ${fields.length}`;
      at++;
      continue;
    }
    let end = text.indexOf(newline, at);
    if (end < 0) {
      if (!atEnd) return "more";
      end = text.length;
    }
    const next = text.indexOf(delimiter, at);
    if (next >= 0 && next < end) {
      fields.push(text.slice(at, next));
      at = next + 1;
      continue;
    }
    fields.push(text.slice(at, endOfContent(text, at, end)));
    return { fields, next: end + 1, lines };
  }
}

/** The records of a whole text. */
export function parseDelimited(text: string, dialect: Dialect, newline: "\n" | "\r" = "\n"): DelimitedRecord[] {
  const parser = createDelimitedParser(dialect, newline);
  return [...parser.push(text), ...parser.end()];
}

/** What a look at the start of a file found. */
export interface DialectGuess extends Dialect {
  /** Whether quotes were seen, and found to be part of the text. */
  readonly literal: boolean;
  readonly newline: "\n" | "\r";
  readonly notices: readonly string[];
}

const CANDIDATES = [",", "\t", ";", "|"];

/**
 * Guesses delimiter, quoting and line end from `sample`, the start of a file that may break off
 * anywhere. What is given in `known` is kept.
 */
export function guessDialect(
  sample: string,
  known: { readonly delimiter?: string; readonly quote?: string | false },
  prefer: "," | "\t",
): DialectGuess {
  const newline = newlineOf(sample);
  const lastLine = sample.lastIndexOf(newline);
  const whole = sample.length > 2 ** 16 && lastLine > 0 ? sample.slice(0, lastLine + 1) : sample;
  const notices: string[] = [];

  let delimiter = known.delimiter;
  if (delimiter === undefined) {
    const quotes = known.quote === undefined ? ['"', undefined] : [known.quote || undefined];
    const start = whole.slice(0, 2 ** 17);
    const scores = CANDIDATES.map((candidate) =>
      Math.max(...quotes.map((quote) => consistency(start, { delimiter: candidate, quote }, newline))),
    );
    const best = Math.max(...scores);
    const preferred = scores[CANDIDATES.indexOf(prefer)] as number;
    delimiter = preferred >= 0.5 * best ? prefer : (CANDIDATES[scores.indexOf(best)] as string);
    if (delimiter !== prefer) notices.push(`the fields are separated by ${delimiterName(delimiter)}`);
  }
  let quote = known.quote === false || known.quote === "" ? undefined : known.quote;
  let literal = false;
  if (known.quote === undefined) {
    const guessed = guessQuote(whole, delimiter, newline);
    quote = guessed.quote;
    literal = guessed.literal;
    if (literal)
      notices.push("quotes were taken as part of the text, because they are not used as CSV quotes throughout");
  }
  return { delimiter, quote, newline, literal, notices };
}

/** Records that have to agree before text whose name says nothing is taken for a table. */
const FEW_RECORDS = 5;

/**
 * Whether some delimiter splits every record of `sample`, the start of a text, into the same number of fields, two or
 * more; tabs, which no prose has, in fewer records too.
 */
export function looksDelimited(sample: string, isWhole = sample.length <= 2 ** 16): boolean {
  const start = sample.slice(0, 2 ** 16);
  return CANDIDATES.some((delimiter) =>
    ['"', undefined].some((quote) => {
      const records = parseDelimited(start, { delimiter, quote }, newlineOf(sample));
      // Where the sample breaks off, its last record may lack fields.
      if (!isWhole) records.pop();
      return (
        records.length >= (delimiter === "\t" ? 1 : FEW_RECORDS) &&
        (records[0]?.fields.length ?? 0) > 1 &&
        sameWidth(records)
      );
    }),
  );
}

/** The sign that ends lines: a carriage return where more stand alone than there are line feeds, which quotes may hold. */
function newlineOf(sample: string): "\n" | "\r" {
  let returns = 0;
  let feeds = 0;
  for (let i = 0; i < sample.length; i++) {
    const unit = sample.charCodeAt(i);
    if (unit === 10) feeds++;
    else if (unit === 13 && sample.charCodeAt(i + 1) !== 10) returns++;
  }
  return returns > feeds ? "\r" : "\n";
}

/** A delimiter in words. */
export function delimiterName(delimiter: string): string {
  return delimiter === "\t"
    ? "tabs"
    : delimiter === ";"
      ? "semicolons"
      : delimiter === ","
        ? "commas"
        : `"${delimiter}"`;
}

/** The share of the first records that have as many fields as the very first; 0 where that has one field. */
function consistency(sample: string, dialect: Dialect, newline: "\n" | "\r"): number {
  const records = parseDelimited(sample, dialect, newline).slice(0, 500);
  const width = records[0]?.fields.length ?? 1;
  return width < 2 ? 0 : records.filter((record) => record.fields.length === width).length / records.length;
}

/**
 * Whether `"` quotes fields. Not if reading it so meets a contradiction in the sample while taking it
 * literally gives rows of one width; and in a file of tabs only if some field shows real quoting.
 */
function guessQuote(
  sample: string,
  delimiter: string,
  newline: "\n" | "\r",
): { readonly quote: string | undefined; readonly literal: boolean } {
  if (!sample.includes('"')) return { quote: delimiter === "\t" ? undefined : '"', literal: false };
  const quoted = parseDelimited(sample, { delimiter, quote: '"' }, newline);
  // The sample may break off inside a quoted field, which is no contradiction.
  const contradicted =
    quoted.slice(0, -1).some((record) => record.problem !== undefined) || !sameWidth(quoted.slice(0, -1));
  const literal = parseDelimited(sample, { delimiter, quote: undefined }, newline);
  const literalFits = sameWidth(literal.slice(0, -1)) && (literal[0]?.fields.length ?? 0) > 1;
  if (delimiter === "\t") {
    const whole = (field: string): boolean => field.length > 1 && field.startsWith('"') && field.endsWith('"');
    const quotedRows = literal.filter((record) => record.fields.some(whole)).length;
    const doubled = literal.some((record) =>
      record.fields.some((field) => whole(field) && field.slice(1, -1).includes('""')),
    );
    const real = !contradicted && (!literalFits || doubled || quotedRows > 0.9 * literal.length);
    return real ? { quote: '"', literal: false } : { quote: undefined, literal: true };
  }
  return contradicted && literalFits ? { quote: undefined, literal: true } : { quote: '"', literal: false };
}

function sameWidth(records: readonly DelimitedRecord[]): boolean {
  const width = records[0]?.fields.length ?? 0;
  return records.every((record) => record.problem === undefined && record.fields.length === width);
}
