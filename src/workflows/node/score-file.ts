/** Classifies the rows of a source of any size into a file: all its columns, and what the classifier says of each row. */

import { rm, stat } from "node:fs/promises";
import { fail } from "../../base/errors.js";
import { takeOwnerLock } from "../../base/node/owner-lock.js";
import { stopIfAborted } from "../../base/stop-if-aborted.js";
import type { Classifier } from "../../classifier/text-classifier.js";
import { openingOptions, type ReadOptions } from "../../data/dataset/node/read-options.js";
import { checkWriting, writeTable } from "../../data/dataset/node/write-dataset.js";
import { openSources } from "../../data/source/node/sources.js";
import { cellText, type RawCell } from "../../data/table/cell.js";
import type { OpenTable } from "../../data/table/row-stream.js";
import { columnsLike, firstColumns, textIn, wishesOf } from "../../data/table/table-columns.js";
import type { Family } from "../../metrics/family.js";
import type { PredictionOf } from "../../tasks/prediction.js";
import type { TextExample } from "../../tokenizers/tokenizer.js";
import { appendRows, kindsIn, openJournal, type StoredCell, stampOf, textsOf } from "./score-journal.js";

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
  /** Called with the rows done, those of an earlier run included, and with all once they are counted. */
  readonly onProgress: (rows: number, total: number | undefined) => void;
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
/** Chunks that are classified while others are read and written. */
const AT_ONCE = 2;

interface Row {
  readonly cells: readonly RawCell[];
  /** Undefined where there is nothing to classify. */
  readonly example: TextExample | undefined;
}

/**
 * Rows are written to `OUTPUT.scoring` as they are done, a line of JSON each, of which the file is made in the end. So a
 * run that was killed goes on where it stopped: no row is classified twice, and none is lost. The classifier runs in
 * its threads.
 *
 * @throws E_STORE where the file is there, cannot be written, or another run is at work on it; E_DATA for a row that
 *   cannot be read
 */
export async function scoreFile(request: ScoreRequest): Promise<ScoreResult> {
  const { output, overwrite } = request;
  checkWriting(output, { overwrite });
  const unlock = await takeOwnerLock(`${output}.scoring.lock`, {
    where: output,
    expected: "one run at a time that writes it",
    otherwise: "name another output",
  });
  const counting = new AbortController();
  try {
    // The one before may have written it meanwhile.
    checkWriting(output, { overwrite });
    return await scoreRows(request, counting.signal);
  } finally {
    counting.abort();
    await unlock();
  }
}

async function scoreRows(request: ScoreRequest, counting: AbortSignal): Promise<ScoreResult> {
  const { classifier, name, addresses, reading, output, overwrite, batchSize, signal, onProgress, onNotice } = request;
  const journal = `${output}.scoring`;
  const counts = { empty: 0, truncated: 0 };
  let done = -1;
  let resumed = 0;
  let seen = 0;
  let total: number | undefined;
  let chunk: Row[] = [];
  let first: { readonly table: OpenTable; readonly wishes: ReturnType<typeof wishesOf> } | undefined;
  let columns: readonly string[] = [];
  // In the order of the rows; each is written once it is done.
  const running: { readonly rows: readonly Row[]; readonly predictions: Promise<PredictionOf<Family>[]> }[] = [];

  const start = (): void => {
    const predictions = classifier.predict(
      chunk.flatMap(({ example }) => (example === undefined ? [] : [example])),
      {
        batchSize,
        signal,
        worker: true,
        onTruncated: (texts) => {
          counts.truncated += texts;
        },
      },
    );
    predictions.catch(() => undefined);
    running.push({ rows: chunk, predictions });
    chunk = [];
  };
  const finishUpTo = async (left: number): Promise<void> => {
    while (running.length > left) {
      const [{ rows, predictions }] = running;
      const answers = await predictions;
      let next = 0;
      const nothing = columns.slice(rows[0].cells.length).map(() => null);
      const lines = rows.map(({ cells, example }) => [
        ...cells.map(storedCell),
        ...(example === undefined ? nothing : answerCells(answers[next++])),
      ]);
      await appendRows(journal, lines);
      running.shift();
      counts.empty += rows.length - next;
      done += rows.length;
      onProgress(done, total);
    }
  };

  try {
    rows: for await (const table of openSources(addresses, openingOptions(reading))) {
      const asked = { label: false, text: reading.text, textPair: reading.textPair } as const;
      const chosen = first === undefined ? firstColumns(table, asked) : columnsLike(first.table, first.wishes, table);
      for (const notice of [...table.notices, ...chosen.notices]) onNotice(`${table.source}: ${notice}`);
      if (first === undefined) {
        first = { table, wishes: wishesOf(table, chosen) };
        const own = table.head.names ?? Array.from({ length: table.head.width }, (_, i) => `column ${i + 1}`);
        columns = [...own, ...answerColumns(classifier, own)];
        const stamps = await Promise.all([name, ...addresses].map(stampOf));
        done = await openJournal(journal, { name, addresses, columns, limit: reading.limit, stamps });
        resumed = done;
        if (done > 0) onNotice(`going on after ${done} rows of an earlier run`);
        countRows(addresses, reading, chosen.text.slice(0, 1), counting).then((rows) => {
          total = rows;
        });
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
          const isEmpty = text.trim() === "" || pair?.trim() === "";
          chunk.push({ cells: all.map((i) => cells[i]), example: isEmpty ? undefined : example });
          if (chunk.length < CHUNK) continue;
          start();
          await finishUpTo(AT_ONCE - 1);
        }
      }
    }
    if (chunk.length > 0) start();
    await finishUpTo(0);
  } finally {
    await Promise.allSettled(running.map(({ predictions }) => predictions));
  }
  onNotice(`writing ${Math.max(0, done)} rows`);
  await writeTable({ names: columns, kinds: kindsIn(journal, columns.length), rows: () => textsOf(journal) }, output, {
    overwrite,
    signal,
  });
  await rm(journal);
  return { rows: Math.max(0, done), resumed, ...counts };
}

/** How many rows there will be, so that the time left can be told; undefined where that cannot be known beforehand. */
async function countRows(
  addresses: readonly string[],
  reading: ReadOptions,
  column: readonly number[],
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    // What comes over a network or through a pipe is read once.
    for (const address of addresses) if (!(await stat(address)).isFile()) return reading.limit;
    let rows = 0;
    for await (const table of openSources(addresses, openingOptions(reading))) {
      for await (const batch of table.rows(column)) {
        if (signal.aborted) return undefined;
        rows += batch.length;
        if (rows >= (reading.limit ?? Number.POSITIVE_INFINITY)) return reading.limit;
      }
    }
    return rows;
  } catch {
    // The one who reads the rows says what is wrong.
    return undefined;
  }
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

function answerCells(prediction: PredictionOf<Family>): StoredCell[] {
  if ("value" in prediction) return Object.values(prediction.values);
  const scores = Object.values(prediction.scores);
  return "labels" in prediction
    ? [prediction.labels.join("|"), ...scores]
    : [prediction.label, prediction.probability, ...scores];
}

/** A cell as JSON keeps it; a whole number too large for that, as a text. */
function storedCell(cell: RawCell): StoredCell {
  if (typeof cell === "bigint") return Number.isSafeInteger(Number(cell)) ? Number(cell) : String(cell);
  if (typeof cell === "number" && !Number.isFinite(cell)) return String(cell);
  return cell ?? null;
}
