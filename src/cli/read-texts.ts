/** The texts to classify, one after the other: nothing is read before it is needed, nothing kept after. */
import { basename, extname } from "node:path";
import { fail } from "../base/errors.js";
import { chooseColumns } from "../data/choose-columns.js";
import { cellText } from "../data/dataset-builder.js";
import { decodeText } from "../data/decode-text.js";
import { readBytes } from "../data/node/files.js";
import type { ReadOptions } from "../data/read-dataset.js";
import { delimitedRows, jsonRows, patternRows, type RowStream } from "../data/row-stream.js";

/** A text, and where it stands in its source, counted from 1. */
export interface SourceText {
  readonly place: string;
  readonly text: string;
}

/** Texts given as arguments. */
export async function* argumentTexts(texts: readonly string[]): AsyncGenerator<SourceText> {
  for (const [index, text] of texts.entries()) yield { place: `text ${index + 1}`, text };
}

/** The lines of a stream of UTF-8, as soon as each is complete; a missing last line end makes no difference. */
export async function* lineTexts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SourceText> {
  const decoder = new TextDecoder();
  let line = 0;
  // Pieces of a line that is not over yet: joined once, so that one very long line costs no more than its length.
  let pieces: string[] = [];
  for await (const chunk of chunks) {
    const [first, ...others] = decoder.decode(chunk, { stream: true }).split("\n");
    pieces.push(first);
    for (const next of others) {
      yield { place: `line ${++line}`, text: withoutReturn(pieces.join("")) };
      pieces = [next];
    }
  }
  const last = pieces.join("") + decoder.decode();
  if (last !== "") yield { place: `line ${++line}`, text: withoutReturn(last) };
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

/** How a source of texts is written. */
export type TextFormat = Exclude<ReadOptions["format"], "folder" | undefined>;

/** The format of a file by its name: a table where the name says so, lines of text otherwise. */
export function textFormat(path: string): TextFormat {
  const formats: Readonly<Record<string, TextFormat>> = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
  };
  return formats[extname(path).toLowerCase()] ?? "lines";
}

/** The texts of the file at `path`. @throws E_DATA when it cannot be read or lacks the column */
export async function* fileTexts(
  path: string,
  options: ReadOptions,
  note: (line: string) => void,
): AsyncGenerator<SourceText> {
  const format = (options.format as TextFormat | undefined) ?? textFormat(path);
  if (format === "lines" && options.pattern === undefined && options.encoding === undefined) {
    // Empty lines count here, so that line n of the results belongs to line n of the file.
    yield* lineTexts(readBytes(path));
    return;
  }
  yield* tableTexts(readBytes(path), basename(path), format, options, note);
}

/** The texts in a column of a table. @throws E_DATA for a row that is not as it should be, unless `badRows` says to skip it */
export async function* tableTexts(
  chunks: AsyncIterable<Uint8Array>,
  source: string,
  format: TextFormat,
  options: ReadOptions,
  note: (line: string) => void,
): AsyncGenerator<SourceText> {
  const lenient = options.badRows === "skip";
  const text = await decodeText(chunks, {
    source,
    lenient,
    ...(options.encoding === undefined ? {} : { encoding: options.encoding }),
  });
  const asked = [options.text ?? []].flat().map(String);
  const stream: RowStream =
    format === "json" || format === "jsonl"
      ? await jsonRows(text, source, format)
      : format === "lines"
        ? patternRows(text, source, options.pattern)
        : delimitedRows(text, source, format === "tsv" ? "\t" : ",", { ...options, askedNames: asked });
  const chosen = chooseColumns(stream.head, {
    ...(options.text === undefined ? {} : { text: options.text }),
    label: false,
  });
  for (const notice of [...stream.notices, ...chosen.notices]) note(`${source}: ${notice}`);
  for await (const batch of stream.rows(chosen.text)) {
    for (const row of batch) {
      const place = `${row.place.unit} ${row.place.at}`;
      if (row.problem === undefined) {
        const cells = chosen.text.map((index) => cellText(row.cells[index])?.trim() ?? "");
        yield { place, text: cells.filter((cell) => cell !== "").join(" ") };
      } else if (lenient) {
        yield { place, text: "" };
      } else {
        fail("E_DATA", {
          where: `${source}, ${place}`,
          got: row.problem,
          fix: "correct it, or pass --bad-rows skip to give such rows no label",
        });
      }
    }
  }
}
