/** Textune: fine-tune BERT-family models for text classification. */
export { type ErrorCode, TextuneError } from "./base/errors.js";
export type { LoadingReport } from "./classifier/load-weights.js";
export type { Prediction } from "./classifier/predict.js";
export {
  type FitOptions,
  type FromPretrainedOptions,
  type PredictOptions,
  TextClassifier,
} from "./classifier/text-classifier.js";
export type { Dataset } from "./data/dataset.js";
export type { Labels } from "./data/labels.js";
export { type ReadOptions, readDataset } from "./data/read-dataset.js";
export type { ClassificationReport } from "./metrics/classification-metrics.js";
export { formatReport } from "./metrics/format-report.js";
export type { Callbacks, EpochResult, EvaluateProgress, StepEnd, TrainBegin } from "./training/callbacks.js";
export type { TrainingHistory } from "./training/fit.js";
export type { TrainingOptions } from "./training/options.js";
