/** The data of a run read again, and what a report says of it. */
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { TextuneError } from "../../base/errors.js";
import { type ReadOptions, readOptions } from "../../data/dataset/node/read-options.js";
import type { DataReport } from "../../data/report/data-report.js";
import { reportDataset, titleOf } from "../../data/report/report-dataset.js";
import type { RecordedDataSet } from "../../tracking/queries/data-sets.js";
import { type PartValues, partFields, readParts } from "../../workflows/node/data-parts.js";
import type { DataSetReport } from "../wire/data.js";

/** What `textune train` holds out where it is told nothing. */
const HELD_OUT = 0.1;
const SEED = 42;
/** Reports that are kept in memory. */
const KEPT = 8;
/** What would reach out to elsewhere, or is a matter of this process alone. */
const OWN = new Set(["token", "endpoint", "cacheDir", "offline", "onDownload", "signal", "config", "revision"]);

const isAddress = (source: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(source);

/** Whether the files are where the run read them. */
export function stateOf(set: RecordedDataSet): DataSetReport["state"] {
  const files = filesOf(set);
  if (files.length === 0) return "unknown";
  const { validation = [], test = [] } = partsIn(set);
  const all = [...files, ...[validation, test].flat()];
  if (set.environment.machine.host !== hostname() || all.some(isAddress)) return "elsewhere";
  return files.every((file) => existsSync(file) || isPattern(file)) ? "there" : "gone";
}

/** What the data is called: what the command was given, or what a program called it. */
export function sourceOf({ parts, environment }: RecordedDataSet): string {
  const { data } = givenIn(environment);
  return data === undefined ? (parts[0]?.source ?? "").replace(/ \(train\)$/, "") : [data].flat().join(", ");
}

type Seen = Pick<DataSetReport, "reading" | "said"> & { readonly report?: DataReport };

const WHY_NOT: Readonly<Record<Exclude<DataSetReport["state"], "there">, (set: RecordedDataSet) => string>> = {
  gone: (set) => `The file is gone: there is none at ${filesOf(set).join(", ")} any more.`,
  elsewhere: (set) =>
    `The data is not on this computer, and the Studio reaches for nothing elsewhere. Where it can be read: textune data report ${sourceOf(set)}`,
  unknown: () => "A program trained on it, which did not record where the file is.",
};

const kept = new Map<string, Promise<Seen>>();

/** Reads the data as the newest run did, says whether it is the same, and reports on it. Kept until a file changes. */
export async function reportOf(set: RecordedDataSet, signal: AbortSignal): Promise<Seen> {
  const state = stateOf(set);
  if (state !== "there") return { reading: "unread", said: WHY_NOT[state](set) };
  const times = await Promise.all(
    filesOf(set).map((file) =>
      stat(file).then(
        ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
        () => "",
      ),
    ),
  );
  const key = [set.fingerprint, set.runs[0]?.id, ...times].join(" ");
  const before = kept.get(key);
  if (before !== undefined) return before;
  const reading = read(set, signal);
  kept.set(key, reading);
  for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
  return reading;
}

async function read(set: RecordedDataSet, signal: AbortSignal): Promise<Seen> {
  try {
    const given = givenIn(set.environment);
    const { seed = SEED } = set.config as { readonly seed?: number };
    const elsewhere = ["validation", "validationMember", "validationSplitName", "validationQuery"];
    const heldOut = elsewhere.some((name) => name in given) ? {} : { validationSplit: HELD_OUT };
    const { whole, train, validation, test } = await readParts({
      data: filesOf(set),
      options: { ...heldOut, ...partsIn(set) },
      reading: { columns: "all", ...readingOf(given), signal },
      ...(typeof given.sample === "number" ? { sample: given.sample } : {}),
      split: { stratify: true, smallClasses: "first", seed },
    });
    const parts = {
      train,
      ...(validation === undefined ? {} : { validation }),
      ...(test === undefined ? {} : { test }),
    };
    const report = await reportDataset(Object.keys(parts).length === 1 ? train : parts, {
      title: titleOf(sourceOf(set)),
      notices: whole.notices,
      signal,
    });
    if (train.fingerprint === set.fingerprint)
      return { reading: "same", said: "The file holds the rows that were trained on, unchanged.", report };
    const said = `The file has changed: read and split as then, it has ${train.length} rows to train on, and the run had ${set.parts[0]?.rows}. This is what it holds now.`;
    return { reading: "changed", said, report };
  } catch (error) {
    if (!(error instanceof TextuneError)) throw error;
    return { reading: "unread", said: `The data cannot be read as it was then. ${error.message}` };
  }
}

/** What the command was given; nothing of a training in a program. */
function givenIn({ reproduce }: RecordedDataSet["environment"]): Readonly<Record<string, unknown>> {
  return (reproduce?.given ?? {}) as Readonly<Record<string, unknown>>;
}

/** Paths and addresses of the data; none where they were not recorded. */
function filesOf({ environment }: RecordedDataSet): string[] {
  const { data = [] } = givenIn(environment);
  return [data].flat().map((file) => inFolder(environment.directory, String(file)));
}

/** The other parts; their paths are those of the folder where the run was made. */
function partsIn({ environment }: RecordedDataSet): PartValues {
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
