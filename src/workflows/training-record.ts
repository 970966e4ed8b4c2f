/** What is kept of a training beside its classifier: enough to read what it was, and to repeat it. */
import type { Interval } from "../analysis/confidence-interval.js";
import type { Dataset } from "../data/dataset/dataset.js";
import type { Report } from "../metrics/report.js";
import type { DataFacts, TrainingHistory } from "../training/callbacks.js";
import type { PresetChoice } from "../training/presets.js";
import type { ResolvedTrainingOptions } from "../training/training-options.js";

/** One part of the data. */
export interface PartRecord extends DataFacts {
  /** Rows of each class; none where numbers are predicted. */
  readonly classes: Readonly<Record<string, number>>;
}

/** A metric on held-out rows; with its 95 % bootstrap interval where it was drawn. */
export interface MetricRecord extends Pick<Interval, "value">, Partial<Omit<Interval, "value">> {
  readonly metric: string;
}

/** What `training.json` holds. */
export interface TrainingRecord {
  /**
   * The options of the command, every one that changes the result: `textune train --config` reads them here. Of a
   * training in a program they do not say where the data is.
   */
  readonly config: Readonly<Record<string, unknown>>;
  readonly options: ResolvedTrainingOptions;
  /** What a preset chose of them, and why. */
  readonly choices: readonly PresetChoice[];
  readonly model: {
    readonly source: string;
    readonly modelType: string;
    readonly parameters: number;
    readonly problemType: string;
    readonly labels: readonly string[];
  };
  readonly data: {
    readonly train: PartRecord;
    readonly validation?: PartRecord | undefined;
    readonly test?: PartRecord | undefined;
  };
  /** What was said of the data: texts that were cut, rows that were left out, columns that were guessed. */
  readonly notices: readonly string[];
  readonly history: TrainingHistory;
  /** On the test part, or else the validation part. */
  readonly results?:
    | { readonly part: "validation" | "test"; readonly report: Report; readonly metrics: readonly MetricRecord[] }
    | undefined;
  readonly versions: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly finishedAt: string;
  /** Duration of the whole training, with reading and evaluating. */
  readonly seconds: number;
}

/** What is kept of a data set. */
export function partRecord({ source, length, fingerprint, labels }: Dataset): PartRecord {
  const classes = Object.fromEntries(labels.names.map((name, id) => [name, labels.counts[id] as number]));
  return { source, rows: length, fingerprint, classes };
}

/** The options that `record` repeats its training with. */
export function configIn(record: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof record !== "object" || record === null || !("config" in record && "versions" in record)) return undefined;
  const { config } = record;
  return typeof config === "object" && config !== null ? (config as Record<string, unknown>) : undefined;
}
