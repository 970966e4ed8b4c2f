/** Data sets as training and evaluation take them: tokens and class ids. */
import { fail } from "../base/errors.js";
import { didYouMean } from "../base/nearest.js";
import type { Dataset } from "../data/dataset/dataset.js";
import { userTokenCache } from "../tokenizing/node/token-cache.js";
import { type TokenizeOptions, tokenizeDataset } from "../tokenizing/node/tokenize-dataset.js";
import type { TokenizedTexts, TokenizeProgress } from "../tokenizing/tokenized-texts.js";
import { type CompactVocabulary, compactVocabulary } from "../training/compact-vocabulary.js";

export interface LabelledTexts {
  readonly texts: TokenizedTexts;
  /** Class ids [N] in [0, C). */
  readonly labelIds: Int32Array;
}

export interface PrepareOptions extends Pick<TokenizeOptions, "tokenizer" | "maxLength" | "threads" | "signal"> {
  /** What the data set is for, as in "training set". */
  readonly what: string;
  /** The classes in the order of their ids. */
  readonly labels: readonly string[];
  /** Whether the tokens of large data are kept on disk; true by default. */
  readonly tokenCache?: boolean;
  readonly onWarning?: ((message: string) => void) | undefined;
  readonly onTokenizeProgress?: ((progress: TokenizeProgress) => void) | undefined;
}

/**
 * The tokens and class ids of a data set; texts that are too long and lose an end are said.
 *
 * @throws E_DATA for a data set without rows, and for a row without a label or with one that is not in `labels`
 */
export async function prepareTexts(dataset: Dataset, options: PrepareOptions): Promise<LabelledTexts> {
  const { what, maxLength, onWarning = () => {}, onTokenizeProgress: onProgress = () => {} } = options;
  for (const notice of dataset.notices) onWarning(notice);
  if (dataset.length === 0) fail("E_DATA", { where: dataset.source, expected: `rows in the ${what}`, got: "none" });
  const labelIds = labelIdsOf(dataset, options.labels);
  const cache = (options.tokenCache ?? true) ? userTokenCache() : undefined;
  const texts = await tokenizeDataset(dataset, { ...options, cache, onWarning, onProgress });
  if (texts.truncated > 0) {
    const lost = options.tokenizer.truncationSide === "left" ? "beginning" : "end";
    const share = ((100 * texts.truncated) / texts.length).toFixed(1);
    onWarning(
      `${what}: ${texts.truncated} of ${texts.length} texts (${share} %) are longer than ${maxLength} tokens and lose their ${lost}`,
    );
  }
  return { texts, labelIds };
}

export interface TrainingTexts {
  /** The rows of the word embeddings that are trained. */
  readonly vocabulary: CompactVocabulary;
  /** Tokens are rows of the vocabulary. */
  readonly training: LabelledTexts;
  readonly validating: LabelledTexts | undefined;
}

/**
 * The tokens and class ids of the data sets of a training, renumbered: the tokens as they were are not kept.
 *
 * @throws as {@link prepareTexts}
 */
export async function prepareTraining(
  train: Dataset,
  validation: Dataset | undefined,
  options: Omit<PrepareOptions, "what"> & { readonly vocabularySize: number; readonly compactVocabulary: boolean },
): Promise<TrainingTexts> {
  const training = await prepareTexts(train, { ...options, what: "training set" });
  const validating =
    validation === undefined ? undefined : await prepareTexts(validation, { ...options, what: "validation set" });
  const { vocabularySize, tokenizer } = options;
  const vocabulary = compactVocabulary(
    [training.texts, ...(validating === undefined ? [] : [validating.texts])],
    options.compactVocabulary ? [tokenizer.padId] : Array.from({ length: vocabularySize }, (_, id) => id),
    vocabularySize,
  );
  const renumbered = ({ texts, labelIds }: LabelledTexts): LabelledTexts => ({
    texts: vocabulary.renumber(texts),
    labelIds,
  });
  return { vocabulary, training: renumbered(training), validating: validating && renumbered(validating) };
}

function labelIdsOf(dataset: Dataset, labels: readonly string[]): Int32Array {
  const idOf = new Map(labels.map((label, id) => [label, id]));
  return Int32Array.from({ length: dataset.length }, (_, row) => {
    const label = dataset.label(row);
    const id = label === undefined ? undefined : idOf.get(label);
    if (id !== undefined) return id;
    return fail("E_DATA", {
      where: `${dataset.source}, row ${row + 1}`,
      expected: `a label of the classifier (${labels.slice(0, 8).join(", ")}${labels.length > 8 ? ", …" : ""})`,
      got: label === undefined ? "none" : `"${label}"`,
      fix:
        label === undefined
          ? "leave the row out"
          : `${didYouMean(label, labels)} A classifier with other labels has to be trained anew`,
    });
  });
}
