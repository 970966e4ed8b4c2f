/** Labels that are corrected in the Studio: of the data of a run, written beside it, never into it. */
import { realpath } from "node:fs/promises";
import { basename, relative } from "node:path";
import { TextuneError } from "../../base/errors.js";
import { keepLatest } from "../../base/keep-latest.js";
import { tableOf } from "../../data/dataset/create-dataset.js";
import type { Dataset } from "../../data/dataset/dataset.js";
import { writeDataset } from "../../data/dataset/node/write-dataset.js";
import { Problem } from "../../http/problem.js";
import { type Corrections, correctLabels } from "../../labelling/corrections.js";
import { rowHash } from "../../labelling/decisions.js";
import { CORRECTIONS, type CorrectionBook, createCorrectionBook } from "../../labelling/node/correction-book.js";
import { labelOfRow, readLabel, writeLabel } from "../../labelling/row-label.js";
import { LONGEST_TEXT } from "../../tracking/output-tables.js";
import { findRun, type RunDetails } from "../../tracking/queries/runs.js";
import type { Store } from "../../tracking/store/node/open-store.js";
import type { DataParts } from "../../workflows/node/data-parts.js";
import type { CorrectedRow, CorrectionState, LookAnswer, LookRequest } from "../wire/corrections.js";
import { dataFilesOf, modelOf, nextOutput, noticesOf } from "./correctable-run.js";
import { exportPlace } from "./export-place.js";
import type { ModelCounter } from "./model-counter.js";
import { createNearTexts } from "./near-texts.js";
import { sourceOf } from "./recorded-data.js";
import { filesOf, readRecordedParts, timesOf } from "./recorded-parts.js";
import type { StartedTraining, Trainings } from "./trainings.js";

type Part = CorrectedRow["part"];
const PARTS: readonly Part[] = ["train", "validation", "test"];
/** Rows of a text, near texts and corrections that are shown. */
const MOST_FOUND = 10;
const NEAR = 8;
const MOST_CORRECTIONS = 1000;
/** Rows whose texts are hashed before others have their turn. */
const ROWS_AT_ONCE = 500;
/** Milliseconds that reading the data may take. */
const PATIENCE = 300_000;
/** Data sets that stay in memory. */
const KEPT = 3;

export interface CorrectionDesk {
  state(run: string): Promise<CorrectionState>;
  /** The rows of a text, and the nearest texts that the run's classifier was trained on. */
  look(run: string, question: LookRequest): Promise<LookAnswer>;
  /** Resolves once it is on the disk. The label of the data takes a correction back. */
  relabel(run: string, row: { readonly part: Part; readonly row: number; readonly label: string }): Promise<void>;
  /** Writes the whole data with the corrected labels to a file of its own. */
  export(run: string, to: string, overwrite: boolean): Promise<{ readonly path: string; readonly rows: number }>;
  /** Trains as the run did, with the corrections. */
  retrain(run: string, output: string): Promise<StartedTraining>;
  close(): Promise<void>;
}

export interface CorrectionDeskOptions {
  readonly store: Store;
  readonly folder: string;
  readonly cache: string;
  readonly models: ModelCounter;
  readonly trainings: Trainings | undefined;
}

/** The data of a run that can be corrected. */
interface Opened {
  readonly run: RunDetails;
  readonly parts: DataParts;
  readonly book: CorrectionBook;
  /** Where rows of a text stand, by its hash. */
  readonly byHash: ReadonlyMap<string, readonly { readonly part: Part; readonly row: number }[]>;
}

export function createCorrectionDesk(options: CorrectionDeskOptions): CorrectionDesk {
  const { store, folder, cache, models, trainings } = options;
  const books = new Map<string, CorrectionBook>();
  const opened = new Map<string, Promise<Opened>>();
  const near = createNearTexts(models, cache);

  const open = async (asked: string): Promise<Opened> => {
    const run = await findRun(store, asked);
    // Corrections of several files stand beside the first: texts are known by what they say, wherever they are.
    const [path] = await dataFilesOf(run, folder);
    const key = `${run.id} ${await timesOf(filesOf(run))}`;
    const data = opened.get(key) ?? read(run, path);
    keepLatest(opened, key, data, KEPT);
    data.catch(() => opened.delete(key));
    return data;
  };
  const read = async (run: RunDetails, path: string): Promise<Opened> => {
    const parts = await readRecordedParts(run, { signal: AbortSignal.timeout(PATIENCE) });
    const byHash = new Map<string, { part: Part; row: number }[]>();
    for (const part of PARTS) {
      const dataset = parts[part];
      for (let row = 0; row < (dataset?.length ?? 0); row++) {
        // Of many rows this takes seconds, in which others are answered.
        if (row % ROWS_AT_ONCE === 0) await new Promise(setImmediate);
        const hash = rowHash(dataset as Dataset, row);
        const rows = byHash.get(hash);
        if (rows === undefined) byHash.set(hash, [{ part, row }]);
        else rows.push({ part, row });
      }
    }
    const book =
      books.get(path) ??
      createCorrectionBook({
        ...{ path: `${path}${CORRECTIONS}`, source: basename(path), classes: parts.whole.labels.names },
        now: () => new Date(),
      });
    books.set(path, book);
    return { run, parts, book, byHash };
  };

  return {
    async state(asked) {
      const run = await findRun(store, asked);
      const nothing = {
        ...{
          run: run.id,
          source: sourceOf({ ...run, parts: [] }),
          file: "",
          kind: "class" as const,
          classes: [],
          notices: [],
          corrections: [],
        },
        ...{ rows: { train: 0, validation: 0, test: 0 }, output: "", canTrain: false },
      };
      try {
        const { parts, book, byHash } = await open(run.id);
        const corrections = await book.corrections();
        const texts = [...corrections.keys()]
          .map((hash) => (byHash.get(hash) ?? []).map(({ part, row }) => rowOf(parts, corrections, part, row)))
          .map((rows) => rows.filter(({ corrected }) => corrected !== undefined));
        const rowsIn = (part: Part): number => texts.flat().filter((one) => one.part === part).length;
        return {
          ...nothing,
          file: relative(await realpath(folder), book.path),
          kind: parts.whole.targetKind ?? "class",
          classes: [...parts.whole.labels.names],
          notices: noticesOf(run, parts.train),
          corrections: texts.flatMap(([first]) => first ?? []).slice(0, MOST_CORRECTIONS),
          rows: { train: rowsIn("train"), validation: rowsIn("validation"), test: rowsIn("test") },
          output: nextOutput(run, folder),
          canTrain: trainings !== undefined,
        };
      } catch (error) {
        if (error instanceof Problem || error instanceof TextuneError) return { ...nothing, why: error.message };
        throw error;
      }
    },
    async look(asked, { text, textPair, part: only }) {
      const { run, parts, book } = await open(asked);
      const corrections = await book.corrections();
      const rows = PARTS.filter((part) => only === undefined || part === only).flatMap((part) => {
        const dataset = parts[part];
        return dataset === undefined ? [] : rowsOfText(dataset, text, textPair).map((row) => ({ part, row }));
      });
      const found = rows.slice(0, MOST_FOUND).map(({ part, row }) => rowOf(parts, corrections, part, row));
      const [first] = found;
      const whole = first === undefined ? { text, textPair } : first;
      const example = whole.textPair === undefined ? whole.text : { text: whole.text, textPair: whole.textPair };
      const model = await modelOf(run, store, folder);
      if ("why" in model) return { found, near: model };
      // A text is no neighbour of itself.
      const own = new Set(rowsOfText(parts.train, whole.text, whole.textPair));
      try {
        const answer = await near.find(model.model, parts.train, example, NEAR, (row) => !own.has(row));
        if ("done" in answer) return { found, near: answer };
        const texts = answer.rows.map(({ row, similarity }) => ({
          ...rowOf(parts, corrections, "train", row),
          similarity,
        }));
        return { found, near: { texts, of: answer.of } };
      } catch (error) {
        if (!(error instanceof TextuneError)) throw error;
        return { found, near: { why: error.message } };
      }
    },
    async relabel(asked, { part, row, label }) {
      const { parts, book } = await open(asked);
      const dataset = datasetOf(parts, part);
      if (row >= dataset.length)
        throw new Problem(400, `row: expected one below ${dataset.length} of ${part}, got ${row}`);
      const said = writeLabel(dataset, readLabel(dataset, label));
      const before = (await book.corrections()).get(rowHash(dataset, row)) ?? labelOfRow(dataset, row);
      if (said !== before) await book.relabel(dataset, row, said);
    },
    async export(asked, to, overwrite) {
      const { parts, book, run } = await open(asked);
      const place = await exportPlace(folder, to, await dataFilesOf(run, folder));
      const { dataset } = correctLabels(parts.whole, await book.corrections());
      await writeDataset(dataset, place, { overwrite });
      return { path: relative(await realpath(folder), place), rows: dataset.length };
    },
    async retrain(asked, output) {
      const { run, book } = await open(asked);
      if (trainings === undefined)
        throw new Problem(404, "Studio: expected one that was started by textune studio; only that starts trainings");
      if ((await book.corrections()).size === 0)
        throw new Problem(400, "corrections: expected some to train with, got none; correct a label first");
      return trainings.startAgain(run, { output, corrections: book.path });
    },
    async close() {
      for (const book of books.values()) await book.close();
    },
  };
}

function datasetOf(parts: DataParts, part: Part): Dataset {
  const dataset = parts[part];
  if (dataset === undefined) throw new Problem(400, `part: expected one that the run had, got ${part}`);
  return dataset;
}

function rowOf(parts: DataParts, corrections: Corrections, part: Part, row: number): CorrectedRow {
  const dataset = datasetOf(parts, part);
  const label = labelOfRow(dataset, row);
  const corrected = corrections.get(rowHash(dataset, row));
  const textPair = dataset.textPair(row);
  return {
    ...{ part, row, place: tableOf(dataset).rows?.[row] ?? row, text: dataset.text(row), label },
    ...(textPair === undefined ? {} : { textPair }),
    ...(corrected === undefined || corrected === label ? {} : { corrected }),
  };
}

/** The rows of a text, of which the end may be missing as in a table of predictions. */
function rowsOfText(dataset: Dataset, text: string, textPair: string | undefined): number[] {
  const isCut = [...text].length === LONGEST_TEXT;
  const rows: number[] = [];
  for (let row = 0; row < dataset.length; row++) {
    const own = dataset.text(row);
    if (own !== text && !(isCut && own.startsWith(text))) continue;
    if (textPair === undefined || dataset.textPair(row) === textPair) rows.push(row);
  }
  return rows;
}
