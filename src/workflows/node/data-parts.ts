/** The parts of a data set as a command line names them: held out of the data, or read from elsewhere. */
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { given } from "../../base/given.js";
import type { Dataset } from "../../data/dataset/dataset.js";
import { readDataset } from "../../data/dataset/node/read-dataset.js";
import type { ReadOptions } from "../../data/dataset/node/read-options.js";
import type { SplitOptions } from "../../data/dataset/split.js";

const source = z.union([z.string(), z.array(z.string())]).optional();
const size = z.number().positive().optional();
const name = z.string().optional();

/** The share of the rows that a training holds out to validate on where it is told nothing. */
export const VALIDATION_SHARE = 0.1;

/** Where the rows to validate and to test on come from. */
export const partFields = {
  validation: source.describe("rows to validate on, in another file"),
  test: source.describe("rows to test on, in another file"),
  validationSplit: size.describe("share (below 1) or number of rows to hold out for validation"),
  testSplit: size.describe("share (below 1) or number of rows to hold out for a test"),
  validationMember: name.describe("where in the archive with the data the rows to validate on stand"),
  testMember: name.describe("where in the archive with the data the rows to test on stand"),
  validationSplitName: name.describe("split of the Hugging Face data set to validate on"),
  testSplitName: name.describe("split of the Hugging Face data set to test on"),
  validationQuery: name.describe("query or table of the database for the rows to validate on"),
  testQuery: name.describe("query or table of the database for the rows to test on"),
} as const;

export type PartValues = Partial<z.output<z.ZodObject<typeof partFields>>>;

/** What {@link readParts} reads. */
export interface PartsRequest {
  readonly data: string | readonly string[];
  readonly options: PartValues;
  readonly reading: ReadOptions;
  /** How to read the other parts, knowing the first; by default as it was read. */
  readonly readingOthers?: (whole: Dataset) => ReadOptions;
  /** Draws so many rows of the data before they are split; all by default. */
  readonly sample?: number | undefined;
  /** Looks at the data before anything else is read. */
  readonly check?: (whole: Dataset) => void;
  readonly split: SplitOptions;
  /** Corrects the labels of each part once the rows are dealt out, so that a correction moves no row to another part. */
  readonly correct?: ((part: Dataset) => Dataset) | undefined;
}

/** A data set and its parts. */
export interface DataParts {
  readonly whole: Dataset;
  readonly train: Dataset;
  readonly validation: Dataset | undefined;
  readonly test: Dataset | undefined;
}

/** Reads the data and the parts that stand elsewhere, and holds out the others. @throws as `readDataset` does */
export async function readParts(request: PartsRequest): Promise<DataParts> {
  const { data, options, reading, split, check, sample, correct = (part) => part } = request;
  const whole = await readDataset(data, reading);
  const chosen = sample === undefined || sample >= whole.length ? whole : whole.sample(sample, split.seed);
  check?.(chosen);
  const readOther = async (part: "validation" | "test"): Promise<Dataset | undefined> => {
    const places = given({
      member: options[`${part}Member`],
      split: options[`${part}SplitName`],
      query: options[`${part}Query`],
    });
    const from = options[part];
    if (from === undefined && Object.keys(places).length === 0) return undefined;
    // Of another hub data set, the split of the same name is meant.
    const usual = [from ?? []].flat().some((address) => /^hf:\/\//i.test(address)) ? { split: part } : {};
    // What is tried out on a few rows is measured on all.
    const { limit: _, ...others } = request.readingOthers?.(whole) ?? reading;
    return readDataset(from ?? data, { ...others, ...usual, ...places });
  };
  const validation = await readOther("validation");
  const test = await readOther("test");
  const sizes = {
    ...(validation === undefined && (options.validationSplit ?? 0) > 0 ? { validation: options.validationSplit } : {}),
    ...(test === undefined && options.testSplit !== undefined ? { test: options.testSplit } : {}),
  };
  const parts: { train: Dataset; validation?: Dataset; test?: Dataset } =
    Object.keys(sizes).length === 0 ? { train: chosen } : chosen.split({ ...split, ...sizes } as SplitOptions);
  const others = { validation: validation ?? parts.validation, test: test ?? parts.test };
  return {
    whole,
    train: correct(parts.train),
    validation: others.validation && correct(others.validation),
    test: others.test && correct(others.test),
  };
}

/** Refuses contradictions and impossible sizes before anything is read. `values`: what was given, without defaults. */
export function checkParts(values: Readonly<Record<string, unknown>>): void {
  for (const part of ["validation", "test"] as const) {
    const sizeOf = values[`${part}Split`];
    const elsewhere = ["", "Member", "SplitName", "Query"].find((end) => values[`${part}${end}`] !== undefined);
    if (typeof sizeOf !== "number") continue;
    if (elsewhere !== undefined && sizeOf !== 0) {
      fail("E_USAGE", {
        option: `${part}Split`,
        expected: `no size, as the rows for the ${part} stand elsewhere`,
        got: String(sizeOf),
        fix: `leave one of ${part}Split and ${part}${elsewhere} out`,
      });
    }
    checkSize(`--${part}-split`, sizeOf);
  }
}

/** @throws E_CONFIG for a size that is neither a share nor a number of rows */
export function checkSize(where: string, size: number | undefined): void {
  if (size === undefined || size < 1 || Number.isInteger(size)) return;
  fail("E_CONFIG", {
    where,
    expected: "a share below 1 or a whole number of rows",
    got: String(size),
    fix: "write for example 0.1",
  });
}
