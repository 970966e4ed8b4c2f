/** Node.js: files, worker threads, and onnxruntime-node. */
import { openCheckpoint } from "../../checkpoints/node/open-checkpoint.js";
import { saveCheckpoint } from "../../checkpoints/node/save-checkpoint.js";
import { exportFolder } from "../../export/node/export-folder.js";
import { openExported } from "../../inference/node/open-exported.js";
import { nodeRuntime } from "../../runtime/node/onnxruntime.js";
import { userTokenCache } from "../../tokenizing/node/token-cache.js";
import { tokenizeDataset } from "../../tokenizing/node/tokenize-dataset.js";
import { openScratch } from "../../training/node/scratch-file.js";
import { openStateFolder } from "../../training/node/state-folder.js";
import type { Platform } from "../platform.js";
import { openPredictorThreads } from "./predictor-threads.js";
import { startTrainingThread } from "./start-training-thread.js";

export const nodePlatform: Platform = {
  runtime: nodeRuntime,
  openCheckpoint,
  saveCheckpoint,
  openExported,
  exportModels: exportFolder,
  openStates: openStateFolder,
  openScratch,
  tokenize: (dataset, { tokenCache, ...options }) =>
    tokenizeDataset(dataset, { ...options, cache: tokenCache ? userTokenCache() : undefined }),
  // What the system would give, and a container allows.
  freeMemory: () => process.availableMemory(),
  now: () => performance.now(),
  openPredictorThreads,
  openTrainingThread: startTrainingThread,
};
