/** What a classifier needs of the machine it runs on: `node/platform.ts` is Node.js. */

import type { Checkpoint, CheckpointContent } from "../checkpoints/checkpoint.js";
import type { OnnxDtype } from "../checkpoints/onnx-files.js";
import type { Dataset } from "../data/dataset/dataset.js";
import type { ExportContent, ExportedFile, ExportFolderOptions } from "../export/export-content.js";
import type { HubOptions } from "../hub/hub-options.js";
import type { ExportedModel } from "../inference/exported-model.js";
import type { Runtime } from "../runtime/session.js";
import type { EncodeOptions, TextExample, TextTokenizer } from "../tokenizers/tokenizer.js";
import type { TokenizedTexts, TokenizeProgress } from "../tokenizing/tokenized-texts.js";
import type { ScratchFile } from "../training/frozen-layers.js";
import type { Predictor } from "../training/predictor.js";
import type { StateStore } from "../training/training-state.js";
import type { ClassifierState } from "./classifier-state.js";
import type { FitOptions, TrainingSession } from "./fit-options.js";

/** How the texts of a data set become tokens. */
export interface TokenizingOptions extends EncodeOptions {
  readonly tokenizer: TextTokenizer;
  /** Whether the tokens of large data are kept for the next time. */
  readonly tokenCache: boolean;
  readonly threads?: number | undefined;
  readonly onWarning: (message: string) => void;
  readonly onProgress: (progress: TokenizeProgress) => void;
  readonly signal?: AbortSignal | undefined;
  /** Whether few texts are tokenized in other threads too; by default this one does it. */
  readonly inThreads?: boolean | undefined;
}

/** A predictor in threads of its own, which tokenizes too. */
export interface ThreadPredictor extends Predictor {
  tokenize(examples: readonly TextExample[]): Promise<TokenizedTexts>;
}

export interface Platform {
  readonly runtime: Runtime;
  /** Finds and opens a model. @throws E_WEIGHTS, E_TOKENIZER or E_HUB when it cannot be read */
  openCheckpoint(source: string, options: HubOptions): Promise<Checkpoint>;
  /** Writes a model, whole or not at all. @throws E_STORE when it cannot be written */
  saveCheckpoint(place: string, content: CheckpointContent): Promise<void>;
  /** Finds a folder of ONNX models. Undefined where there is none, or where there are weights and no `dtype`. */
  openExported(source: string, dtype: OnnxDtype | undefined): Promise<ExportedModel | undefined>;
  /** Writes a folder of ONNX models, whole or not at all. @throws E_STORE when it cannot be written, what `check` throws */
  exportModels(place: string, content: ExportContent, options: ExportFolderOptions): Promise<readonly ExportedFile[]>;
  /** Opens a folder of training states, which no other training uses until it is closed. @throws E_STORE */
  openStates(folder: string, limit: number): Promise<StateStore>;
  /** A new file for `bytes`, gone when it is closed; undefined where the disk has no room for it. @throws E_STORE */
  openScratch(bytes: number): ScratchFile | undefined;
  /** Bytes that a process may still take. */
  freeMemory(): number;
  tokenize(dataset: Dataset, options: TokenizingOptions): Promise<TokenizedTexts>;
  /** {@link openPredictor} in threads of their own, as many as the `workers` of the state. */
  openPredictorThreads(state: ClassifierState): Promise<ThreadPredictor>;
  /** {@link openTraining} in a thread of its own. @throws E_CONFIG for options that cannot be sent to it */
  openTrainingThread(state: ClassifierState, train: Dataset, options: FitOptions): Promise<TrainingSession>;
  /** Milliseconds from any fixed point. */
  now(): number;
}
