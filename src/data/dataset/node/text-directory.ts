import { fail } from "../../../base/errors.js";
import { DEFAULT_SEED } from "../../../base/random.js";
import type { Dataset } from "../dataset.js";
import { readDataset } from "./read-dataset.js";

/** The options of Keras' `text_dataset_from_directory` that concern which rows there are. */
export interface TextDirectoryOptions {
  /** `"inferred"` from the folders (default), a label for each file in sorted order, or `null` for none. */
  readonly labels?: "inferred" | readonly string[] | null;
  /** The class folders, in the order of their ids; by default all, sorted. */
  readonly classNames?: readonly string[];
  /** The share of rows kept for validation, in (0, 1); none by default. */
  readonly validationSplit?: number;
  /** Which side of the split to return; `"both"` gives both. Needed with `validationSplit`; without it, all by default. */
  readonly subset?: "training" | "validation" | "both";
  /** Shuffle the rows; true by default. */
  readonly shuffle?: boolean;
  /** Seed of the shuffling and the split; 42 by default. */
  readonly seed?: number;
  /** Folders to leave out, such as `["unsup"]`. */
  readonly exclude?: readonly string[];
  /** An encoding of the WHATWG standard; guessed by default. */
  readonly encoding?: string;
  /** In an archive: the folder that holds the class folders. */
  readonly member?: string;
}

/**
 * The texts of a folder (or archive) whose sub-folders are classes, as Keras'
 * `text_dataset_from_directory` reads it: one row for each .txt file, class ids in the order of
 * `classNames`. Unlike Keras, the split is stratified and hidden files do not count.
 *
 * @example
 * const { training, validation } = await textDatasetFromDirectory("aclImdb/train", {
 *   exclude: ["unsup"],
 *   validationSplit: 0.2,
 *   subset: "both",
 *   seed: 42,
 * });
 *
 * @throws E_CONFIG for options that contradict each other, E_DATA for a folder without texts
 */
export function textDatasetFromDirectory(
  directory: string,
  options: TextDirectoryOptions & { readonly subset: "both" },
): Promise<{ readonly training: Dataset; readonly validation: Dataset }>;
export function textDatasetFromDirectory(
  directory: string,
  options?: TextDirectoryOptions & { readonly subset?: "training" | "validation" },
): Promise<Dataset>;
export async function textDatasetFromDirectory(
  directory: string,
  options: TextDirectoryOptions = {},
): Promise<Dataset | { readonly training: Dataset; readonly validation: Dataset }> {
  const { validationSplit, subset } = options;
  if ((validationSplit === undefined) !== (subset === undefined)) {
    fail("E_CONFIG", {
      where: "textDatasetFromDirectory",
      expected: "validationSplit and subset together",
      got: validationSplit === undefined ? "subset alone" : "validationSplit alone",
      fix: 'write for example { validationSplit: 0.2, subset: "both", seed: 1 }',
    });
  }
  if (validationSplit !== undefined && !(validationSplit > 0 && validationSplit < 1)) {
    fail("E_CONFIG", {
      option: "validationSplit",
      expected: "a fraction between 0 and 1",
      got: String(validationSplit),
      fix: "write for example 0.2",
    });
  }
  if (subset !== undefined && subset !== "both" && options.shuffle !== false && options.seed === undefined) {
    fail("E_CONFIG", {
      option: "seed",
      expected: "a number, so that both subsets come from one order",
      got: "none",
      fix: 'pass a seed, or subset: "both"',
    });
  }
  const order = await read(directory, options);
  const seed = options.seed ?? DEFAULT_SEED;
  const arranged = (dataset: Dataset): Dataset => (options.shuffle === false ? dataset : dataset.shuffle(seed));
  if (validationSplit === undefined) return arranged(order);
  const { train, validation } = order.split({ validation: validationSplit, seed });
  const both = { training: arranged(train), validation: arranged(validation) };
  return subset === "both" ? both : subset === "validation" ? both.validation : both.training;
}

/** All rows in the order of their files. */
async function read(directory: string, options: TextDirectoryOptions): Promise<Dataset> {
  const { labels = "inferred", classNames, exclude, encoding, member } = options;
  const dataset = await readDataset(directory, {
    columns: ["file"],
    ...(labels === "inferred" ? {} : { label: false }),
    ...(classNames === undefined || labels !== "inferred" ? {} : { classNames }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(member === undefined ? {} : { member }),
  });
  if (labels === "inferred" || labels === null) return dataset;
  if (labels.length !== dataset.length) {
    fail("E_CONFIG", {
      option: "labels",
      expected: `one for each of the ${dataset.length} files, in sorted order`,
      got: String(labels.length),
      fix: "give as many, or leave labels out",
    });
  }
  // Numbers are ids, as Keras has them.
  const areNames = classNames === undefined || labels.some((label) => classNames.includes(label));
  return dataset.map((row) => ({ label: labels[row.index] as string }), areNames ? classNames : { ids: classNames });
}
