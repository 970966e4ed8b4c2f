/** The tokens of a data set: from the cache, from several threads, or from this one, whichever suits its size. */

import { availableParallelism } from "node:os";
import { TextuneError } from "../../base/errors.js";
import { stopIfAborted } from "../../base/stop-if-aborted.js";
import type { Dataset } from "../../data/dataset/dataset.js";
import type { EncodeOptions, TextExample, TextTokenizer } from "../../tokenizers/tokenizer.js";
import { countBytes, textBlocks } from "../dataset-blocks.js";
import { createTokenCollector, tokenizeTexts } from "../tokenize-texts.js";
import { rowsOf, type TokenizedTexts, type TokenizeProgress } from "../tokenized-texts.js";
import { loadTokens, storeTokens, type TokenCache, tokenKey } from "./token-cache.js";
import { hasWorkerFile, tokenizeInWorkers } from "./tokenize-in-workers.js";

export interface TokenizeOptions extends EncodeOptions {
  readonly tokenizer: TextTokenizer;
  /** Where tokens are kept; undefined for nowhere. */
  readonly cache: TokenCache | undefined;
  /** Threads; all cores by default. */
  readonly threads?: number | undefined;
  readonly onWarning: (message: string) => void;
  /** Called while other threads tokenize, after the first second. */
  readonly onProgress: (progress: TokenizeProgress) => void;
  readonly signal?: AbortSignal | undefined;
  /** Whether few texts are tokenized in other threads too, so that this one is free. */
  readonly inThreads?: boolean | undefined;
}

/** From when on what is done. */
export interface TokenizeLimits {
  /**
   * UTF-8 bytes of text from which threads and cache are used. With fewer, this thread has finished about when others
   * would have read the vocabulary.
   */
  readonly largeBytes: number;
  /** Milliseconds that pass before the first progress is told. */
  readonly patience: number;
}

const LIMITS: TokenizeLimits = { largeBytes: 8e6, patience: 1000 };
/** More threads would have to wait for this one, which puts the blocks together, and each takes some 60 MB. */
const MOST_WORKERS = 8;

/**
 * The tokens of all texts or pairs of `dataset`, each truncated to `maxLength` with [CLS] and [SEP]. A cache that cannot be
 * read or written is said and otherwise passed over.
 *
 * @throws E_ABORTED
 */
export async function tokenizeDataset(
  dataset: Dataset,
  options: TokenizeOptions,
  limits = LIMITS,
): Promise<TokenizedTexts> {
  const { largeBytes } = limits;
  const { tokenizer, cache, onWarning, signal } = options;
  stopIfAborted(signal, "tokenizing");
  const isLarge = countBytes(dataset, largeBytes) >= largeBytes;
  if (!isLarge && options.inThreads !== true) return tokenizeTexts(examplesIn(dataset), tokenizer, options);
  if (!isLarge || cache === undefined) return tokenize(dataset, options, limits);
  let key: string | undefined;
  try {
    key = tokenKey(textBlocks(dataset), tokenizer, options);
    const scores = options.longTexts?.read === "windows" ? options.longTexts.scores : undefined;
    const found = await loadTokens(cache, key, new Date(), scores);
    if (found !== undefined && rowsOf(found) === dataset.length) return found;
  } catch (error) {
    onWarning(`token cache: ${said(error)}; the texts are tokenized anew`);
  }
  const texts = await tokenize(dataset, options, limits);
  try {
    if (key !== undefined) await storeTokens(cache, key, texts, new Date());
  } catch (error) {
    onWarning(`token cache: ${said(error)}; the next run will tokenize the texts again`);
  }
  return texts;
}

async function tokenize(
  dataset: Dataset,
  options: TokenizeOptions,
  { patience }: TokenizeLimits,
): Promise<TokenizedTexts> {
  const { tokenizer, onProgress } = options;
  const workers = Math.min(options.threads ?? availableParallelism(), MOST_WORKERS);
  if ((workers === 1 && options.inThreads !== true) || !hasWorkerFile())
    return tokenizeTexts(examplesIn(dataset), tokenizer, options);
  const collector = createTokenCollector(dataset.length);
  const started = performance.now();
  let done = 0;
  for await (const part of tokenizeInWorkers(textBlocks(dataset), { ...options, workers })) {
    collector.add(part);
    done += rowsOf(part);
    if (performance.now() - started >= patience) onProgress({ done, total: dataset.length });
  }
  return collector.finish();
}

/** The texts of a data set, or its pairs of texts, in their order. */
export function* examplesIn(dataset: Dataset): Generator<TextExample> {
  for (let row = 0; row < dataset.length; row++) {
    const text = dataset.text(row);
    yield dataset.hasPairs ? { text, textPair: dataset.textPair(row) ?? "" } : text;
  }
}

function said(error: unknown): string {
  if (error instanceof TextuneError) return error.message;
  return error instanceof Error ? (error.message.split("\n")[0] as string) : String(error);
}
