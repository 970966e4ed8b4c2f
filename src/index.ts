/**
 * Textune: fine-tune BERT-family models for text classification.
 *
 * @module textune
 */
export { confidenceInterval, type Interval, type IntervalOptions } from "./analysis/confidence-interval.js";
export { type Curves, curvesOf, type PrecisionRecallCurve, type RocCurve } from "./analysis/curves.js";
export { type FoundThreshold, findThreshold, type ThresholdGoal } from "./analysis/find-threshold.js";
export { findLabelErrors, type LabelError } from "./analysis/label-errors.js";
export { hardestFirst, rowLosses } from "./analysis/row-losses.js";
export { quarters, type Slice, sliceBy } from "./analysis/slices.js";
export { fitTemperature } from "./analysis/temperature.js";
export { type Complaint, type ErrorCode, type OptionValue, type Place, TextuneError } from "./base/errors.js";
export type { ModelFormat } from "./checkpoints/model-formats.js";
export { type ConvertOptions, convertModel } from "./checkpoints/node/convert-model.js";
export {
  listModels,
  type ModelCacheOptions,
  type ModelEntry,
  removeModel,
  type VerifiedModel,
  verifyModels,
} from "./checkpoints/node/model-cache.js";
export { pullModel } from "./checkpoints/node/pull-model.js";
export type { Attribution, ExplainOptions, Explanation } from "./classifier/explain.js";
export type { ExportClassifierOptions, ExportReport } from "./classifier/export-classifier.js";
export type { Features, FeaturesOptions } from "./classifier/features.js";
export type { CheckpointOptions, FitOptions } from "./classifier/fit-options.js";
export type { LoadingReport } from "./classifier/load-weights.js";
export type { FromPretrainedOptions } from "./classifier/open-classifier.js";
export type { EvaluateOptions, OutputsOptions, PredictOptions } from "./classifier/predict-options.js";
export type { SummaryOptions } from "./classifier/summarize.js";
export type { Classifier } from "./classifier/text-classifier.js";
export { type Cleaned, type CleanOptions, type CleanStepReport, cleanDataset } from "./data/cleaning/clean-dataset.js";
export type {
  BadRow,
  BalanceOptions,
  ColumnInfo,
  Dataset,
  MappedRow,
  Row,
  SplitParts,
} from "./data/dataset/dataset.js";
export { type DatasetFromOptions, datasetFrom, type Example, fromArrays } from "./data/dataset/dataset-from.js";
export { readDataset } from "./data/dataset/node/read-dataset.js";
export type { ReadOptions } from "./data/dataset/node/read-options.js";
export { type TextDirectoryOptions, textDatasetFromDirectory } from "./data/dataset/node/text-directory.js";
export { type WriteOptions, writeDataset, writeSplit } from "./data/dataset/node/write-dataset.js";
export type { PartSize, SplitOptions } from "./data/dataset/split.js";
export type { TargetKind } from "./data/dataset/target.js";
export type { ElementSpec } from "./data/pipeline/element-spec.js";
export { fileStore } from "./data/pipeline/node/file-store.js";
export {
  type BucketOptions,
  type Pipeline,
  type PipelineRecording,
  type PipelineStore,
  pipelineOf,
} from "./data/pipeline/pipeline.js";
export type { AlikeClasses } from "./data/report/alike-classes.js";
export type { PartComparison } from "./data/report/compare-parts.js";
export type {
  ClassWords,
  ColumnProfile,
  DataReport,
  DuplicateReport,
  Finding,
  LengthReport,
  NearDuplicateReport,
  ReportOptions,
  ReportTokenizer,
  ShownRow,
  TokenReport,
  VocabularyReport,
} from "./data/report/data-report.js";
export type { LanguageShare } from "./data/report/languages.js";
export type { LengthHistogram, LengthSummary } from "./data/report/length-statistics.js";
export { renderReportHtml } from "./data/report/node/render-html.js";
export { writeReportImages } from "./data/report/node/write-images.js";
export type { NumberSummary } from "./data/report/number-summary.js";
export { type ReportTextOptions, renderReportText } from "./data/report/render-text.js";
export { reportDataset } from "./data/report/report-dataset.js";
export type { TellingWord } from "./data/report/telling-words.js";
export type { Cell, ColumnKind, RawCell } from "./data/table/cell.js";
export type { ColumnChoice } from "./data/table/choose-columns.js";
export type { LabelRule, Labels } from "./data/table/labels.js";
export type { ExportedFile } from "./export/export-content.js";
export type { ExportOptions } from "./export/export-options.js";
export type { Estimate, GateRow } from "./export/quality-gate.js";
export type { PooledHeadOptions } from "./heads/pooled-options.js";
export type { HeadContext, HeadFunction } from "./heads/recording.js";
export type { DownloadProgress, HubOptions } from "./hub/hub-options.js";
export { type ChosenMetric, chooseMetric, metricNames } from "./metrics/choose-metric.js";
export { createMetrics, type Metrics, type MetricsOptions } from "./metrics/create-metrics.js";
export type { Decision } from "./metrics/decide.js";
export type { Direction } from "./metrics/define-metric.js";
export type { ClassFamily, Family } from "./metrics/family.js";
export { formatReport } from "./metrics/format-report.js";
export { atTemperature, type Outputs } from "./metrics/outputs.js";
export type { ReliabilityBin } from "./metrics/reliability.js";
export type {
  Averages,
  ClassificationReport,
  ClassReport,
  ClassValues,
  MultiLabelReport,
  RegressionReport,
  Report,
  ReportOf,
} from "./metrics/report.js";
export type { LabelsPrediction, NumberPrediction, Prediction, PredictionOf } from "./tasks/prediction.js";
export type { FamilyOf, ProblemType } from "./tasks/registry.js";
export type { TextExample, TextPair, TruncationStrategy } from "./tokenizers/tokenizer.js";
export type { TokenizeProgress } from "./tokenizing/tokenized-texts.js";
export { type RecordedFitOptions, TextClassifier, type TrackOptions } from "./tracking/recorded-classifier.js";
export type {
  Answer,
  Artifact,
  Callbacks,
  DataFacts,
  EpochBegin,
  EpochResult,
  EvaluateProgress,
  EvaluationBegin,
  EvaluationEnd,
  EvaluationResult,
  Logged,
  StepBegin,
  StepEnd,
  TrainBegin,
  TrainError,
  TrainingHistory,
} from "./training/callbacks.js";
export { formatSummary, type SummaryDetail } from "./training/format-summary.js";
export type { LayerSummary, ModelSummary } from "./training/model-summary.js";
export { plotHistory } from "./training/node/plot-history.js";
export { plotModel } from "./training/node/plot-model.js";
export type { ResolvedTrainingOptions, TrainingOptions } from "./training/training-options.js";
