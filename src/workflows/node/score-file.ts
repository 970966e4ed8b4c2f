/** Classifies the rows of a source of any size into a file: all its columns, and what the classifier says of each row. */

import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { open, rm, stat, truncate } from "node:fs/promises";
import { fail } from "../../base/errors.js";
import { stopIfAborted } from "../../base/stop-if-aborted.js";
import type { Classifier } from "../../classifier/text-classifier.js";
import { openingOptions, type ReadOptions } from "../../data/dataset/node/read-options.js";
import { checkWriting, writeTable } from "../../data/dataset/node/write-dataset.js";
import { openSources } from "../../data/source/node/sources.js";
import { type ColumnKind, cellText, type RawCell } from "../../data/table/cell.js";
import type { OpenTable } from "../../data/table/row-stream.js";
import { columnsLike, firstColumns, textIn, wishesOf } from "../../data/table/table-columns.js";
import type { Family } from "../../metrics/family.js";
import type { PredictionOf } from "../../tasks/prediction.js";
import type { TextExample } from "../../tokenizers/tokenizer.js";

export interface ScoreRequest {
  readonly classifier: Classifier<Family>;
  /** What the classifier is called, so that another one does not go on with its rows. */
  readonly name: string;
  readonly addresses: readonly string[];
  readonly reading: ReadOptions;
  readonly output: string;
  readonly overwrite: boolean;
  readonly batchSize: number;
  readonly signal: AbortSignal;
  /** Called with the rows done, those of an earlier run included. */
  readonly onProgress: (rows: number) => void;
  readonly onNotice: (line: string) => void;
}

export interface ScoreResult {
  readonly rows: number;
  /** Of these, how many an earlier run had done. */
  readonly resumed: number;
  /** Rows without a text, which got no answer. */
  readonly empty: number;
  readonly truncated: number;
}

/** Rows that are classified and written down together. */
const CHUNK = 1024;

/**
 * Rows are written to `OUTPUT.scoring` as they are done, a line of JSON each, of which the file is made in the end. So a
 * run that was killed goes on where it stopped: no row is classified twice, and none is lost.
 *
 * @throws E_STORE where the file is there or cannot be written, E_DATA for a row that cannot be read
 */
export async function scoreFile(request: ScoreRequest): Promise<ScoreResult> {
  const { classifier, name, addresses, reading, output, overwrite, batchSize, signal, onProgress, onNotice } = request;
  checkWriting(output, { overwrite });
  const journal = `${output}.scoring`;
  const counts = { empty: 0, truncated: 0 };
  let done = -1;
  let resumed = 0;
  let seen = 0;
  let chunk: { readonly cells: readonly RawCell[]; readonly example: TextExample | undefined }[] = [];
  let first: { readonly table: OpenTable; readonly wishes: ReturnType<typeof wishesOf> } | undefined;
  let columns: readonly string[] = [];

  const flush = async (): Promise<void> => {
    const examples = chunk.flatMap(({ example }) => (example === undefined ? [] : [example]));
    const predictions = await classifier.predict(examples, {
      batchSize,
      signal,
      onTruncated: (texts) => {
        counts.truncated += texts;
      },
    });
    let next = 0;
    const nothing = columns.slice(chunk[0].cells.length).map(() => null);
    const lines = chunk.map(({ cells, example }) => {
      const answer = example === undefined ? nothing : answerCells(predictions[next++]);
      return `${JSON.stringify([...cells.map(storedCell), ...answer])}\n`;
    });
    const file = await open(journal, "a");
    await file.appendFile(lines.join("")).finally(() => file.close());
    counts.empty += chunk.length - examples.length;
    done += chunk.length;
    chunk = [];
    onProgress(done);
  };

  rows: for await (const table of openSources(addresses, openingOptions(reading))) {
    const asked = { label: false, text: reading.text, textPair: reading.textPair } as const;
    const chosen = first === undefined ? firstColumns(table, asked) : columnsLike(first.table, first.wishes, table);
    if (first === undefined) {
      first = { table, wishes: wishesOf(table, chosen) };
      const own = table.head.names ?? Array.from({ length: table.head.width }, (_, i) => `column ${i + 1}`);
      columns = [...own, ...answerColumns(classifier, own)];
      done = await openJournal(journal, { name, addresses, columns, limit: reading.limit });
      resumed = done;
      if (done > 0) onNotice(`going on after ${done} rows of an earlier run`);
    }
    const all = Array.from({ length: table.head.width }, (_, i) => i);
    for await (const batch of table.rows(all)) {
      stopIfAborted(signal, output);
      for (const { cells, place, problem } of batch) {
        if (seen === reading.limit) break rows;
        if (problem !== undefined && (reading.badRows ?? "error") === "error")
          fail("E_DATA", {
            where: `${table.source}, ${place.unit} ${place.at}`,
            got: problem,
            fix: "correct it",
            set: { badRows: "skip" },
          });
        if (seen++ < resumed) continue;
        const textOf = (indices: readonly number[]): string => cellText(textIn(cells, indices)) ?? "";
        const text = problem === undefined ? textOf(chosen.text) : "";
        const pair = chosen.textPair.length === 0 ? undefined : textOf(chosen.textPair);
        const example = pair === undefined ? text : { text, textPair: pair };
        chunk.push({
          cells: all.map((i) => cells[i]),
          example: text.trim() === "" || pair?.trim() === "" ? undefined : example,
        });
        if (chunk.length === CHUNK) await flush();
      }
    }
  }
  if (chunk.length > 0) await flush();
  await writeTable({ names: columns, kinds: kindsIn(journal, columns.length), rows: () => textsOf(journal) }, output, {
    overwrite,
    signal,
  });
  await rm(journal);
  return { rows: Math.max(0, done), resumed, ...counts };
}

/** The names of what is added; one that the source has gets a number. */
function answerColumns({ task, labels }: Classifier<Family>, own: readonly string[]): string[] {
  const outputs = task.outputs(labels);
  const names =
    task.family === "regression"
      ? outputs.map((output) => `predicted ${output}`)
      : [
          "predicted",
          ...(task.family === "multi-label" ? [] : ["probability"]),
          ...labels.map((label) => `score ${label}`),
        ];
  return names.map((name) => {
    let free = name;
    for (let i = 2; own.includes(free); i++) free = `${name} ${i}`;
    return free;
  });
}

function answerCells(prediction: PredictionOf<Family>): (string | number)[] {
  if ("value" in prediction) return Object.values(prediction.values);
  const scores = Object.values(prediction.scores);
  return "labels" in prediction
    ? [prediction.labels.join("|"), ...scores]
    : [prediction.label, prediction.probability, ...scores];
}

/** A cell as JSON keeps it; a whole number too large for that, as a text. */
function storedCell(cell: RawCell): string | number | boolean | null {
  if (typeof cell === "bigint") return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
  if (typeof cell === "number" && !Number.isFinite(cell)) return String(cell);
  return cell ?? null;
}

/**
 * The number of rows that the journal holds; begun where there is none. A line that was cut off is taken out.
 *
 * @throws E_STORE where it is that of another run
 */
async function openJournal(
  path: string,
  run: { name: string; addresses: readonly string[]; columns: readonly string[]; limit: number | undefined },
): Promise<number> {
  const header = `${JSON.stringify(run)}\n`;
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size === 0) {
    const file = await open(path, "w");
    await file.writeFile(header).finally(() => file.close());
    return 0;
  }
  // The header is no row.
  let rows = -1;
  let begun = "";
  for await (const chunk of createReadStream(path)) {
    const bytes = chunk as Buffer;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) rows++;
    if (begun.length < header.length) begun += bytes.toString("utf8");
  }
  if (!begun.startsWith(header))
    fail("E_STORE", {
      where: path,
      expected: "the rows of this run",
      got: "those of another",
      fix: "remove the file, or name another output",
    });
  await truncate(path, endOfLastLine(path, size));
  return rows;
}

/** Bytes up to the last line end. */
function endOfLastLine(path: string, size: number): number {
  const file = openSync(path, "r");
  try {
    const window = Buffer.alloc(1 << 16);
    for (let end = size; end > 0; end -= window.length) {
      const from = Math.max(0, end - window.length);
      const length = readSync(file, window, 0, end - from, from);
      const last = window.subarray(0, length).lastIndexOf(10);
      if (last >= 0) return from + last + 1;
    }
    return 0;
  } finally {
    closeSync(file);
  }
}

/** What each column holds, over all rows. */
function kindsIn(journal: string, width: number): ColumnKind[] {
  const kinds: (ColumnKind | undefined)[] = Array.from({ length: width }, () => undefined);
  for (const row of rowsOf(journal)) {
    for (const [i, cell] of row.entries()) {
      if (cell === null) continue;
      const kind = typeof cell as ColumnKind;
      kinds[i] = kinds[i] === undefined || kinds[i] === kind ? kind : "string";
    }
  }
  return kinds.map((kind) => kind ?? "string");
}

/** The rows as formats write them. */
function* textsOf(journal: string): Generator<(string | undefined)[]> {
  for (const row of rowsOf(journal)) yield row.map((cell) => (cell === null ? undefined : String(cell)));
}

/** The rows of the journal, read piece by piece as they are asked for. */
function* rowsOf(journal: string): Generator<(string | number | boolean | null)[]> {
  const file = openSync(journal, "r");
  try {
    const bytes = Buffer.alloc(1 << 20);
    let rest = Buffer.alloc(0);
    let header = true;
    for (let length = readSync(file, bytes); length > 0; length = readSync(file, bytes)) {
      const piece = Buffer.concat([rest, bytes.subarray(0, length)]);
      let start = 0;
      for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, start)) {
        if (!header) yield JSON.parse(piece.toString("utf8", start, end)) as (string | number | boolean | null)[];
        header = false;
        start = end + 1;
      }
      rest = piece.subarray(start);
    }
  } finally {
    closeSync(file);
  }
}
