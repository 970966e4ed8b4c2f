/** Data sets as training and evaluation take them: tokens and targets. */
import { fail } from "../base/errors.js";
import type { Dataset } from "../data/dataset/dataset.js";
import { type Targets, type Task, targetsOf } from "../tasks/task.js";
import { rowsOf, rowsOfWindows, type TokenizedTexts, type TokenizeProgress } from "../tokenizing/tokenized-texts.js";
import { type CompactVocabulary, compactVocabulary } from "../training/compact-vocabulary.js";
import type { Platform, TokenizingOptions } from "./platform.js";

export interface LabelledTexts {
  readonly texts: TokenizedTexts;
  readonly targets: Targets;
}

export interface PrepareOptions
  extends Pick<
    TokenizingOptions,
    "tokenizer" | "maxLength" | "truncation" | "longTexts" | "threads" | "signal" | "inThreads"
  > {
  /** What the data set is for, as in "training set". */
  readonly what: string;
  readonly task: Task;
  /** The classes in the order of their ids. */
  readonly labels: readonly string[];
  /** Whether the tokens of large data are kept on disk; true by default. */
  readonly tokenCache?: boolean;
  readonly onWarning?: ((message: string) => void) | undefined;
  readonly onTokenizeProgress?: ((progress: TokenizeProgress) => void) | undefined;
}

/**
 * The tokens and targets of a data set; texts that are too long and lose an end are said.
 *
 * @throws E_DATA for a data set without rows, and for a row without a label or with one that is not in `labels`
 */
export async function prepareTexts(
  platform: Platform,
  dataset: Dataset,
  options: PrepareOptions,
): Promise<LabelledTexts> {
  const { what, maxLength, onWarning = () => {}, onTokenizeProgress: onProgress = () => {} } = options;
  for (const notice of dataset.notices) onWarning(notice);
  if (dataset.length === 0) fail("E_DATA", { where: dataset.source, expected: `rows in the ${what}`, got: "none" });
  const targets = options.task.readTargets(dataset, options.labels);
  const { tokenCache = true } = options;
  const texts = await platform.tokenize(dataset, { ...options, tokenCache, onWarning, onProgress });
  const rows = rowsOf(texts);
  if (texts.truncated > 0) {
    const own = options.tokenizer.truncationSide === "left" ? "tail" : "head";
    const { read = own } = options.longTexts ?? {};
    const lost = { head: "end", tail: "beginning", "head+tail": "middle", windows: "end" }[read];
    const share = ((100 * texts.truncated) / rows).toFixed(1);
    onWarning(
      `${what}: ${texts.truncated} of ${rows} texts (${share} %) are longer than ${maxLength} tokens and lose their ${lost}`,
    );
  }
  if (texts.windows !== undefined) onWarning(`${what}: ${rows} texts are read in ${texts.length} windows`);
  return { texts, targets };
}

/** The windows of texts as texts of their own, each with the target of its text. */
export function windowsAsTexts({ texts, targets }: LabelledTexts): LabelledTexts {
  const { windows, ...pieces } = texts;
  if (windows === undefined) return { texts, targets };
  return { texts: pieces, targets: { ...targets, data: targetsOf(targets, rowsOfWindows(windows)) } };
}

export interface TrainingTexts {
  /** The rows of the word embeddings that are trained. */
  readonly vocabulary: CompactVocabulary;
  /** Tokens are rows of the vocabulary. */
  readonly training: LabelledTexts;
  readonly validating: LabelledTexts | undefined;
}

/**
 * The tokens and targets of the data sets of a training, renumbered: the tokens as they were are not kept.
 *
 * @throws as {@link prepareTexts}
 */
export async function prepareTraining(
  platform: Platform,
  train: Dataset,
  validation: Dataset | undefined,
  options: Omit<PrepareOptions, "what"> & { readonly vocabularySize: number; readonly compactVocabulary: boolean },
): Promise<TrainingTexts> {
  const training = windowsAsTexts(await prepareTexts(platform, train, { ...options, what: "training set" }));
  const validating =
    validation === undefined
      ? undefined
      : await prepareTexts(platform, validation, { ...options, what: "validation set" });
  const { vocabularySize, tokenizer } = options;
  const vocabulary = compactVocabulary(
    [training.texts, ...(validating === undefined ? [] : [validating.texts])],
    options.compactVocabulary ? [tokenizer.padId] : Array.from({ length: vocabularySize }, (_, id) => id),
    vocabularySize,
  );
  const renumbered = ({ texts, targets }: LabelledTexts): LabelledTexts => ({
    texts: vocabulary.renumber(texts),
    targets,
  });
  return { vocabulary, training: renumbered(training), validating: validating && renumbered(validating) };
}
