/** A trained classifier as a folder of ONNX models. */

import { resolveOptions } from "../base/resolve-options.js";
import type { Dataset } from "../data/dataset/dataset.js";
import type { ExportContent, ExportedFile } from "../export/export-content.js";
import type { ExportOptions } from "../export/export-options.js";
import { exportOptions, parseDtypes } from "../export/options.js";
import { checkExport, type GateRow } from "../export/quality-gate.js";
import { renumberTokenIds, trimVocabulary } from "../export/trim-vocabulary.js";
import { loadTokenizer, type TextTokenizer } from "../tokenizers/tokenizer.js";
import { takeRows } from "../training/compact-vocabulary.js";
import type { Predictor } from "../training/predictor.js";
import { type ClassifierState, inferenceGraphOf } from "./classifier-state.js";
import { exportNotices } from "./export-notices.js";
import type { Platform } from "./platform.js";
import { prepareTexts } from "./prepare-texts.js";
import { descriptionOf } from "./save-classifier.js";
import { configOf } from "./stored-config.js";

/** How a classifier is exported, and what of it is checked. */
export interface ExportClassifierOptions extends ExportOptions {
  /** Labelled rows on which the classifier and each file are measured before anything gets its name. */
  readonly check?: Dataset | undefined;
  /** Texts whose tokens are kept; all other rows of the word embeddings are left out. */
  readonly trimVocabulary?: Dataset | undefined;
  /** Called before each model of the check. */
  readonly onCheck?: (model: GateRow["model"]) => void;
  /** Something that a user should know. */
  readonly onWarning?: (message: string) => void;
  /** Stops the work; nothing gets its name then. */
  readonly signal?: AbortSignal | undefined;
}

/** What an export wrote and measured. */
export interface ExportReport {
  readonly files: readonly ExportedFile[];
  /** The original's row, then one for each file; undefined without `check`. */
  readonly check: readonly GateRow[] | undefined;
  /** The size of the vocabulary in tokens; undefined without `trimVocabulary`. */
  readonly vocabulary: { readonly before: number; readonly after: number } | undefined;
}

/**
 * @param openPredictor opens the classifier itself, for the check
 * @throws E_CONFIG for an option, E_STORE when it cannot be written, E_TRAINING when the check fails
 */
export async function exportClassifier(
  platform: Platform,
  state: ClassifierState,
  folder: string,
  { check, trimVocabulary: texts, onCheck, onWarning, signal, ...given }: ExportClassifierOptions,
  openPredictor: () => Promise<Predictor>,
): Promise<ExportReport> {
  const options = resolveOptions(exportOptions, given);
  const dtypes = parseDtypes(options.dtype);
  const { task, labels, maxLength, truncation, longTexts, threads } = state;
  for (const notice of exportNotices(state)) onWarning?.(notice);
  const { content, tokenizer } = texts === undefined ? whole(state) : await trimmed(platform, state, texts, signal);
  const license = options.license ?? state.rawConfig.license;
  const metadata = {
    task: "text-classification",
    problem_type: task.problemType,
    labels: JSON.stringify(labels),
    ...(typeof license === "string" ? { license } : {}),
  };
  let rows: readonly GateRow[] | undefined;
  const files = await platform.exportModels(
    folder,
    { ...content, metadata },
    {
      dtypes,
      operators: options.operators,
      check: async (written) => {
        if (check === undefined) return;
        const preparing = { what: "check data", task, labels, maxLength, truncation, longTexts, threads, signal };
        const original = await prepareTexts(platform, check, { ...preparing, onWarning, tokenizer: state.tokenizer });
        const renumbered =
          tokenizer === state.tokenizer ? original : await prepareTexts(platform, check, { ...preparing, tokenizer });
        rows = await checkExport(written, {
          runtime: platform.runtime,
          texts: renumbered.texts,
          targets: original.targets,
          task,
          labels,
          collate: { padId: tokenizer.padId, padToMultipleOf: 1, maxLength },
          original: {
            open: openPredictor,
            bytes: [...state.weights.values()].reduce((sum, { byteLength }) => sum + byteLength, 0),
            texts: original.texts,
            padId: state.tokenizer.padId,
          },
          maxDrop: options.maxDrop,
          now: platform.now,
          signal,
          ...(threads === undefined ? {} : { threads }),
          ...(onCheck === undefined ? {} : { onModel: onCheck }),
        });
      },
    },
  );
  const before = state.tokenizer.vocabularySize;
  return { files, check: rows, vocabulary: texts && { before, after: tokenizer.vocabularySize } };
}

interface Chosen {
  readonly content: Omit<ExportContent, "metadata">;
  readonly tokenizer: TextTokenizer;
}

function whole(state: ClassifierState): Chosen {
  const { weights, tokenizer } = state;
  return { content: { ...descriptionOf(state), graph: inferenceGraphOf(state), weights }, tokenizer };
}

async function trimmed(
  platform: Platform,
  state: ClassifierState,
  texts: Dataset,
  signal: AbortSignal | undefined,
): Promise<Chosen> {
  const { model, config, weights, maxLength, truncation, longTexts, threads } = state;
  const { ids } = await platform.tokenize(texts, {
    tokenizer: state.tokenizer,
    maxLength,
    truncation,
    longTexts,
    tokenCache: false,
    threads,
    signal,
    onWarning: () => {},
    onProgress: () => {},
  });
  const description = descriptionOf(state);
  const { rows, tokenizerFiles } = trimVocabulary(description.tokenizerFiles, new Set(ids));
  const tokenizer = loadTokenizer(tokenizerFiles);
  const table = weights.get(model.wordEmbeddings) as Float32Array;
  const { vocabularySize } = model.sizes(config);
  const smallTable = takeRows(table, rows, table.length / vocabularySize);
  const rawConfig = { ...renumberTokenIds(state.rawConfig, rows), vocab_size: rows.length };
  const small = { ...state, config: model.withVocabulary(config, rows.length), rawConfig, tokenizer };
  return {
    content: {
      config: configOf(small),
      tokenizerFiles,
      graph: inferenceGraphOf(small),
      weights: new Map([...weights, [model.wordEmbeddings, smallTable]]),
    },
    tokenizer,
  };
}
