/** Textune: fine-tune BERT-family models for text classification. */
export { confidenceInterval, type Interval, type IntervalOptions } from "./analysis/confidence-interval.js";
export { type Curves, curvesOf, type PrecisionRecallCurve, type RocCurve } from "./analysis/curves.js";
export { type FoundThreshold, findThreshold, type ThresholdGoal } from "./analysis/find-threshold.js";
export { findLabelErrors, type LabelError } from "./analysis/label-errors.js";
export { hardestFirst, rowLosses } from "./analysis/row-losses.js";
export { quarters, type Slice, sliceBy } from "./analysis/slices.js";
export { fitTemperature } from "./analysis/temperature.js";
export { type ErrorCode, TextuneError } from "./base/errors.js";
export type { LoadingReport } from "./classifier/load-weights.js";
export { TextClassifier } from "./classifier/node/text-classifier.js";
export type { FromPretrainedOptions } from "./classifier/open-classifier.js";
export type { EvaluateOptions, OutputsOptions, PredictOptions } from "./classifier/predict-options.js";
export type { FitOptions } from "./classifier/training-session.js";
export { type Cleaned, type CleanOptions, cleanDataset } from "./data/cleaning/clean-dataset.js";
export type { Dataset, Row } from "./data/dataset/dataset.js";
export { datasetFrom, fromArrays } from "./data/dataset/dataset-from.js";
export { readDataset } from "./data/dataset/node/read-dataset.js";
export type { ReadOptions } from "./data/dataset/node/read-options.js";
export { type TextDirectoryOptions, textDatasetFromDirectory } from "./data/dataset/node/text-directory.js";
export { type WriteOptions, writeDataset, writeSplit } from "./data/dataset/node/write-dataset.js";
export type { SplitOptions } from "./data/dataset/split.js";
export { fileStore } from "./data/pipeline/node/file-store.js";
export { type Pipeline, type PipelineStore, pipelineOf } from "./data/pipeline/pipeline.js";
export type { DataReport, ReportOptions } from "./data/report/data-report.js";
export { renderReportHtml } from "./data/report/node/render-html.js";
export { writeReportImages } from "./data/report/node/write-images.js";
export { renderReportText } from "./data/report/render-text.js";
export { reportDataset } from "./data/report/report-dataset.js";
export type { LabelRule, Labels } from "./data/table/labels.js";
export type { HeadContext, HeadFunction } from "./heads/recording.js";
export { type ChosenMetric, chooseMetric, metricNames } from "./metrics/choose-metric.js";
export { createMetrics, type Metrics, type MetricsOptions } from "./metrics/create-metrics.js";
export type { Decision } from "./metrics/decide.js";
export type { Family } from "./metrics/family.js";
export { formatReport } from "./metrics/format-report.js";
export { atTemperature, type ClassOutputs, type Outputs } from "./metrics/outputs.js";
export type { ReliabilityBin } from "./metrics/reliability.js";
export type { ClassificationReport, MultiLabelReport, RegressionReport, Report } from "./metrics/report.js";
export type { Prediction } from "./tasks/prediction.js";
export type { TextExample, TextPair, TruncationStrategy } from "./tokenizers/tokenizer.js";
export type { TokenizeProgress } from "./tokenizing/tokenized-texts.js";
export type {
  Answer,
  Artifact,
  Callbacks,
  DataFacts,
  EpochResult,
  EvaluateProgress,
  EvaluationEnd,
  StepEnd,
  TrainBegin,
  TrainError,
  TrainingHistory,
} from "./training/callbacks.js";
export type { ResolvedTrainingOptions, TrainingOptions } from "./training/training-options.js";
