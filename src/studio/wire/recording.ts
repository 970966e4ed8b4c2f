/** What a report file holds: answers of the interface about some runs, for a page without a server. */
import type { Curve, MetricList } from "./curves.js";
import type { Frozen } from "./frozen.js";
import type { ConsoleLines, TablePage } from "./logged.js";
import type { RunDetails } from "./runs.js";

export interface Recording {
  /** Of Textune. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  readonly runs: readonly Frozen<RunDetails>[];
  /** By run. */
  readonly metrics: Readonly<Record<string, Frozen<MetricList["metrics"]>>>;
  readonly curves: readonly RecordedCurve[];
  /** By the id of the table. */
  readonly tables: Readonly<Record<string, Frozen<TablePage["rows"]>>>;
  /** By run. */
  readonly consoles: Readonly<Record<string, Frozen<ConsoleLines["lines"]>>>;
  /** What these runs have and the file has not, as sentences. */
  readonly leftOut: readonly string[];
}

/** A whole curve over every axis. */
export interface RecordedCurve extends Omit<Curve, "x"> {
  readonly metric: string;
  /** By axis: where each row lies, null where it has no place. */
  readonly x: Readonly<Record<string, readonly (number | null)[]>>;
}
