/** Where the data of a run is, and reading it again as the run did. */
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { DEFAULT_SEED } from "../../base/random.js";
import { type ReadOptions, readOptions } from "../../data/dataset/node/read-options.js";
import { type Corrections, correctLabels } from "../../labelling/corrections.js";
import { readCorrections } from "../../labelling/node/correction-book.js";
import type { RecordedDataSet } from "../../tracking/queries/data-sets.js";
import {
  type DataParts,
  type PartValues,
  partFields,
  readParts,
  VALIDATION_SHARE,
} from "../../workflows/node/data-parts.js";
import type { DataSetReport } from "../wire/data.js";

/** A run, as far as its data is told by it. */
export type RecordedTraining = Pick<RecordedDataSet, "environment" | "config">;

/** What would reach out to elsewhere, or is a matter of this process alone. */
const OWN = new Set(["token", "endpoint", "cacheDir", "offline", "onDownload", "signal", "config", "revision"]);

const isAddress = (source: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(source);

/** Whether the files are where the run read them. */
export function stateOf(training: RecordedTraining): DataSetReport["state"] {
  const files = filesOf(training);
  if (files.length === 0) return "unknown";
  const { validation = [], test = [] } = partsIn(training);
  const all = [...files, ...[validation, test].flat()];
  if (training.environment.machine.host !== hostname() || all.some(isAddress)) return "elsewhere";
  return files.every((file) => existsSync(file) || isPattern(file)) ? "there" : "gone";
}

/** When files were written, and how large they are: what changed has another text here. */
export async function timesOf(files: readonly string[]): Promise<string> {
  const times = files.map((file) =>
    stat(file).then(
      ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
      () => "",
    ),
  );
  return (await Promise.all(times)).join(" ");
}

/** The file with the corrections that the run was given, as a whole path. */
export function correctionsFileOf({ environment }: RecordedTraining): string | undefined {
  const { corrections } = givenIn(environment);
  return typeof corrections === "string" ? inFolder(environment.directory, corrections) : undefined;
}

/** The data read and split as the run did, with the labels that stand in it. @throws as readParts does */
export async function readRecordedParts(
  training: RecordedTraining,
  { corrections = new Map(), signal }: { readonly corrections?: Corrections; readonly signal: AbortSignal },
): Promise<DataParts> {
  const given = givenIn(training.environment);
  const { seed = DEFAULT_SEED } = training.config as { readonly seed?: number };
  const elsewhere = ["validation", "validationMember", "validationSplitName", "validationQuery"];
  const heldOut = elsewhere.some((name) => name in given) ? {} : { validationSplit: VALIDATION_SHARE };
  return readParts({
    data: filesOf(training),
    options: { ...heldOut, ...partsIn(training) },
    reading: { columns: "all", ...readingOf(given), signal },
    ...(typeof given.sample === "number" ? { sample: given.sample } : {}),
    split: { stratify: true, smallClasses: "first", seed },
    correct: (part) => correctLabels(part, corrections).dataset,
  });
}

/** The corrections that the run was given, as they are now. @throws E_DATA where they cannot be read */
export async function readRecordedCorrections(training: RecordedTraining): Promise<Corrections> {
  const path = correctionsFileOf(training);
  return path === undefined ? new Map() : readCorrections(path);
}

/** What the command was given; nothing of a training in a program. */
export function givenIn({ reproduce }: RecordedTraining["environment"]): Readonly<Record<string, unknown>> {
  return (reproduce?.given ?? {}) as Readonly<Record<string, unknown>>;
}

/** Paths and addresses of the data; none where they were not recorded. */
export function filesOf({ environment }: Pick<RecordedTraining, "environment">): string[] {
  const { data = [] } = givenIn(environment);
  return [data].flat().map((file) => inFolder(environment.directory, String(file)));
}

/** The other parts; their paths are those of the folder where the run was made. */
function partsIn({ environment }: RecordedTraining): PartValues {
  const given = Object.entries(givenIn(environment)).filter(([name]) => name in partFields);
  return Object.fromEntries(
    given.map(([name, value]) => [
      name,
      name === "validation" || name === "test"
        ? [value].flat().map((file) => inFolder(environment.directory, String(file)))
        : value,
    ]),
  );
}

function inFolder(folder: string, file: string): string {
  return isAddress(file) ? file : resolve(folder, file);
}

function readingOf(given: Readonly<Record<string, unknown>>): ReadOptions {
  return Object.fromEntries(
    Object.entries(given).filter(([name]) => name in readOptions.shape && !OWN.has(name)),
  ) as ReadOptions;
}

function isPattern(file: string): boolean {
  return /[*?[{]/.test(file);
}
