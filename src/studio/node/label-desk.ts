/** Files that are labelled in the Studio: their books, and a thread that learns from them. */
import { realpath } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { glob } from "tinyglobby";
import { readDataset } from "../../data/dataset/node/read-dataset.js";
import { Problem } from "../../http/problem.js";
import { CORRECTIONS } from "../../labelling/node/correction-book.js";
import type { Desk } from "../../labelling/node/desk.js";
import { readJournalHeader } from "../../labelling/node/journal.js";
import { type LabelBook, openLabelBook, type Saying } from "../../labelling/node/label-book.js";
import { checkOrder } from "../../labelling/questions.js";
import { STRATEGIES } from "../../labelling/strategies.js";
import type { StudyResult } from "../../labelling/study.js";
import { examplesIn } from "../../tokenizing/node/tokenize-dataset.js";
import type { FileColumns, LabelFiles, LabelQuestion, LabelState } from "../wire/labels.js";
import { classifiersAmong } from "./classifier-folders.js";
import { exportPlace, LABELS } from "./export-place.js";
import { insideFolder } from "./inside-folder.js";

/** The model whose features are used: it comes with the package. */
const MODEL = "all-MiniLM-L6-v2";
const SEED = 42;
/** Questions that wait on the page. */
const QUEUE = 16;
const FILES = "**/*.{csv,tsv,jsonl,json,parquet,arrow,txt}";
const MOST_FILES = 500;

export interface LabelDeskOptions {
  readonly folder: string;
  /** Where features are kept. */
  readonly cache: string;
  readonly desk: Desk;
}

interface OpenFile {
  readonly path: string;
  readonly book: LabelBook;
  readonly order: Uint32Array;
  strategy: string;
  work: LabelState["work"];
  failure: string | undefined;
  result: StudyResult | undefined;
  /** Whether something was decided since the last result was asked for. */
  isStale: boolean;
}

export interface LabelDesk {
  files(): Promise<LabelFiles>;
  columns(path: string): Promise<FileColumns>;
  open(request: {
    readonly path: string;
    readonly text?: string | undefined;
    readonly textPair?: string | undefined;
    readonly classes: readonly string[];
    readonly strategy?: string | undefined;
  }): Promise<LabelState>;
  state(path: string): LabelState;
  decide(path: string, row: number, saying: Saying): Promise<LabelState>;
  undo(path: string): Promise<LabelState>;
  choose(path: string, strategy: string): LabelState;
  export(path: string, to: string, overwrite: boolean): Promise<{ path: string; rows: number }>;
  close(): Promise<void>;
}

export function createLabelDesk({ folder, cache, desk }: LabelDeskOptions): LabelDesk {
  const opened = new Map<string, OpenFile>();
  const opening = new Map<string, Promise<OpenFile>>();
  const fileOf = (path: string): OpenFile =>
    opened.get(path) ??
    (() => {
      throw new Problem(404, `${path} is not open for labelling: choose it once more`);
    })();

  const fileIn = async (path: string): Promise<string> => {
    const place = await insideFolder(folder, path);
    // What is written for a folder stands beside it: outside, for this one.
    if (place === (await realpath(folder)))
      throw new Problem(404, `${path}: expected a file in the folder of the Studio`);
    return place;
  };

  /** Asks for a new result as long as something was decided meanwhile. */
  const learn = async (file: OpenFile): Promise<void> => {
    if (file.work !== undefined || file.failure !== undefined) return;
    try {
      while (file.isStale) {
        file.isStale = false;
        file.work = { what: "model", done: 0, total: 1 };
        const { book, strategy, path } = file;
        const request = { study: path, decided: book.decided(), classes: book.classes.length, strategy, count: QUEUE };
        file.result = (await desk.call("updateStudy", request)) ?? file.result;
      }
    } catch (error) {
      file.failure = error instanceof Error ? error.message : String(error);
    } finally {
      file.work = undefined;
    }
  };
  const prepare = async (file: OpenFile): Promise<void> => {
    const { book, path } = file;
    const { dataset } = book;
    file.work = { what: "features", done: 0, total: dataset.length };
    try {
      const texts = [...examplesIn(dataset)];
      const request = { study: path, texts, fingerprint: dataset.fingerprint, model: MODEL, cache, seed: SEED };
      await desk.call("openStudy", request, (done, total) => {
        file.work = { what: "features", done, total };
      });
      file.work = undefined;
    } catch (error) {
      file.work = undefined;
      file.failure = error instanceof Error ? error.message : String(error);
    }
    await learn(file);
  };
  const changed = (file: OpenFile): LabelState => {
    file.isStale = true;
    void learn(file);
    return stateOf(file);
  };

  return {
    async files() {
      // A link may lead out of the folder, where no file is shown.
      const found = await glob(FILES, {
        ...{ cwd: folder, deep: 3, followSymbolicLinks: false, ignore: ["**/node_modules/**", "**/dist/**"] },
      });
      // What describes a classifier is no data.
      const models = new Set(await classifiersAmong(folder, found));
      const isModel = (path: string): boolean => path.endsWith(".json") && models.has(dirname(path));
      const data = found
        .filter((path) => !path.endsWith(LABELS) && !path.endsWith(CORRECTIONS) && !isModel(path))
        .sort();
      const all = new Set(found);
      return {
        folder,
        files: data.slice(0, MOST_FILES).map((path) => ({ path, labels: all.has(`${path}${LABELS}`) })),
        strategies: STRATEGIES.map(({ name, title, summary }) => ({ name, title, summary })),
      };
    },
    async columns(path) {
      const place = await fileIn(path);
      const dataset = await readDataset(place, { label: false, columns: "all" });
      const names = dataset.columns.map(({ name }) => name);
      const begun = await readJournalHeader(`${place}${LABELS}`);
      return { columns: names, text: names[0] ?? "text", rows: dataset.length, begun };
    },
    async open({ path, text, textPair, classes, strategy }) {
      const place = await fileIn(path);
      const open = async (): Promise<OpenFile> => {
        const columns = { ...(text === undefined ? {} : { text }), ...(textPair === undefined ? {} : { textPair }) };
        const dataset = await readDataset(place, { ...columns, label: false, columns: "all" });
        const book = await openLabelBook({
          ...{ path: `${place}${LABELS}`, dataset, source: relative(folder, place), ...columns, classes },
          now: () => new Date(),
        });
        const file: OpenFile = {
          ...{ path, book, order: checkOrder(dataset.length, SEED), strategy: strategy ?? STRATEGIES[0].name },
          ...{ work: undefined, failure: undefined, result: undefined, isStale: true },
        };
        opened.set(path, file);
        void prepare(file);
        return file;
      };
      const known = opened.get(path);
      if (known !== undefined) return stateOf(known);
      const running = opening.get(path) ?? open().finally(() => opening.delete(path));
      opening.set(path, running);
      return stateOf(await running);
    },
    state: (path) => stateOf(fileOf(path)),
    async decide(path, row, saying) {
      const file = fileOf(path);
      await file.book.decide(row, saying);
      return changed(file);
    },
    async undo(path) {
      const file = fileOf(path);
      await file.book.undo();
      return changed(file);
    },
    choose(path, strategy) {
      const file = fileOf(path);
      file.strategy = strategy;
      return changed(file);
    },
    async export(path, to, overwrite) {
      const { book } = fileOf(path);
      const place = await exportPlace(folder, to, [await fileIn(path)]);
      return { path: relative(folder, place), rows: await book.export(place, overwrite) };
    },
    async close() {
      for (const { book } of opened.values()) await book.close();
      opened.clear();
    },
  };
}

function stateOf({ path, book, order, strategy, work, failure, result }: OpenFile): LabelState {
  const { dataset, classes, decisions } = book;
  const { labelled, passed } = book.decided();
  const labelOf = (row: number): string => {
    const entry = decisions.get(row);
    return entry?.action === "label" ? entry.label : "";
  };
  const shown = (row: number) => ({ row, text: dataset.text(row), label: labelOf(row) });
  const stands = (row: number): boolean => labelOf(row) !== "";
  const isOpen = (row: number): boolean => !decisions.has(row);
  const counts = classes.map(() => 0);
  for (const c of labelled.classes) counts[c]++;
  const asked = result?.questions.filter(({ row }) => isOpen(row)) ?? [];
  // Until there is a model, and where labelling is faster than learning: rows in the order of chance.
  const have = new Set(asked.map(({ row }) => row));
  const drawn = [
    ...order.filter((row) => isOpen(row) && !have.has(row)).subarray(0, Math.max(0, QUEUE - asked.length)),
  ];
  const questions: LabelQuestion[] = [
    ...asked,
    ...drawn.map((row) => ({ row, isCheck: true, probabilities: undefined })),
  ].map(({ row, isCheck, probabilities }) => ({
    ...{ row, isCheck, text: dataset.text(row) },
    ...(dataset.textPair(row) === undefined ? {} : { textPair: dataset.textPair(row) }),
    ...(probabilities === undefined ? {} : { probabilities: classes.map((_, c) => probabilities[c] ?? 0) }),
  }));
  const last = book.last();
  return {
    ...{ path, journal: book.path, rows: dataset.length, labels: labelled.rows.length, passed: passed.length },
    classes: classes.map((name, c) => ({ name, labels: counts[c] })),
    ...{ notices: [...book.notices], strategy, work, failure, questions },
    curve: [...(result?.curve ?? [])],
    advice: result?.advice ?? {
      hasStopped: false,
      sentence: "Label some rows: the model joins in when two classes have one.",
    },
    doubts: (result?.doubts ?? [])
      .filter(({ row, given }) => labelOf(row) === classes[given])
      .map(({ row, suggested, confidence }) => ({ ...shown(row), suggested: classes[suggested], confidence })),
    contradictions: (result?.contradictions ?? [])
      .filter(({ rows: [a, b] }) => stands(a) && stands(b) && labelOf(a) !== labelOf(b))
      .map(({ rows, similarity }) => ({ rows: rows.map(shown), similarity })),
    last: last && {
      row: last.row,
      text: dataset.text(last.row),
      label: last.action === "label" ? last.label : last.action,
    },
  };
}
