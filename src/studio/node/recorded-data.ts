/** The data of a run read again, and what a report says of it. */
import { TextuneError } from "../../base/errors.js";
import { keepLatest } from "../../base/keep-latest.js";
import type { DataReport } from "../../data/report/data-report.js";
import { reportDataset, titleOf } from "../../data/report/report-dataset.js";
import type { RecordedDataSet } from "../../tracking/queries/data-sets.js";
import type { DataSetReport } from "../wire/data.js";
import {
  correctionsFileOf,
  filesOf,
  givenIn,
  readRecordedCorrections,
  readRecordedParts,
  stateOf,
  timesOf,
} from "./recorded-parts.js";

type Recorded = Pick<RecordedDataSet, "parts" | "environment" | "config">;

/** Reports that are kept in memory. */
const KEPT = 8;

/** What the data is called: what the command was given, or what a program called it. */
export function sourceOf({ parts, environment }: Pick<Recorded, "parts" | "environment">): string {
  const { data } = givenIn(environment);
  return data === undefined ? (parts[0]?.source ?? "").replace(/ \(train\)$/, "") : [data].flat().join(", ");
}

type Seen = Pick<DataSetReport, "reading" | "said"> & { readonly report?: DataReport };

const WHY_NOT: Readonly<Record<Exclude<DataSetReport["state"], "there">, (set: Recorded) => string>> = {
  gone: (set) => `The file is gone: there is none at ${filesOf(set).join(", ")} any more.`,
  elsewhere: (set) =>
    `The data is not on this computer, and the Studio reaches for nothing elsewhere. Where it can be read: textune data report ${sourceOf(set)}`,
  unknown: () => "A program trained on it, which did not record where the file is.",
};

const kept = new Map<string, Promise<Seen>>();

/** Reads the data as the newest run did, says whether it is the same, and reports on it. Kept until a file changes. */
export async function reportOf(set: RecordedDataSet, signal: AbortSignal): Promise<Seen> {
  const why = whyUnread(set);
  if (why !== undefined) return { reading: "unread", said: why };
  const key = [
    set.fingerprint,
    set.runs[0]?.id,
    await timesOf([...filesOf(set), correctionsFileOf(set) ?? []].flat()),
  ].join(" ");
  const before = kept.get(key);
  if (before !== undefined) return before;
  const reading = read(set, signal);
  keepLatest(kept, key, reading, KEPT);
  return reading;
}

/** Why the data cannot be read again, as a sentence; undefined where it can. */
export function whyUnread(set: Recorded): string | undefined {
  const state = stateOf(set);
  return state === "there" ? undefined : WHY_NOT[state](set);
}

async function read(set: RecordedDataSet, signal: AbortSignal): Promise<Seen> {
  try {
    const corrections = await readRecordedCorrections(set);
    const { whole, train, validation, test } = await readRecordedParts(set, { corrections, signal });
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
    const what = correctionsFileOf(set) === undefined ? "The file has" : "The file or its corrections have";
    const said = `${what} changed: read and split as then, it has ${train.length} rows to train on, and the run had ${set.parts[0]?.rows}. This is what it holds now.`;
    return { reading: "changed", said, report };
  } catch (error) {
    if (!(error instanceof TextuneError)) throw error;
    return { reading: "unread", said: `The data cannot be read as it was then. ${error.message}` };
  }
}
