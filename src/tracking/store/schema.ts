/**
 * The tables of a store, the same in SQLite and PostgreSQL; docs/tracking.md describes them for users.
 *
 * A moment is in milliseconds since 1970, UTC. A column called `…_json` holds JSON. A value of null is NaN: SQLite has no
 * NaN of its own, infinities are stored as such.
 */
import type { Generated } from "kysely";

/** The version of the schema: one row for each migration that was applied. */
interface SchemaVersionTable {
  readonly version: number;
  readonly applied_at: number;
}

export interface RunTable {
  /** Eight small letters and digits, or what the caller chose. */
  readonly id: string;
  readonly project: string;
  readonly name: string;
  /** "" for none; so are job type and notes. */
  readonly group_name: string;
  readonly job_type: string;
  readonly notes: string;
  /** As last written: a run that was killed still says "running", see `stateOf`. */
  readonly state: "running" | "finished" | "failed" | "killed";
  readonly created_at: number;
  readonly heartbeat_at: number;
  readonly ended_at: number | null;
  readonly exit_code: number | null;
  readonly host: string;
  readonly pid: number;
  readonly config_json: string;
  readonly summary_json: string;
  /** Command line, versions, machine, Git, data: see `Environment`. */
  readonly environment_json: string;
  /** Points that found the queue full and were left out. */
  readonly dropped_points: number;
  /** When it was put aside; null for one that was not. */
  readonly archived_at: Generated<number | null>;
  /** Of the last write of the run, its tags or its artifacts; the database sets it, see the third migration. */
  readonly revision: Generated<number>;
}

/** A run that was removed, so that a page which shows it learns of it. */
interface RemovedRunTable {
  readonly revision: number;
  readonly id: string;
}

interface RunTagTable {
  readonly run_id: string;
  readonly tag: string;
}

/** Rules of `defineMetric`, by metric or by a pattern that ends in `*`. */
export interface MetricRuleTable {
  readonly run_id: string;
  readonly name: string;
  readonly rule_json: string;
}

/** One metric of one run. */
export interface SeriesTable {
  readonly id: Generated<number>;
  readonly run_id: string;
  readonly name: string;
  /** Points so far; their `seq` goes from 0 to one less. */
  readonly points: number;
  readonly first_step: number;
  readonly last_step: number;
  readonly last_value: number | null;
  /** Over the values that are numbers; null where none is. */
  readonly min_value: number | null;
  readonly max_value: number | null;
}

export interface PointTable {
  readonly series_id: number;
  /** Counted from 0 without a gap, in the order of logging. */
  readonly seq: number;
  /** Never falls from one point to the next. */
  readonly step: number;
  /** Milliseconds since the run's `created_at`, by a clock that never goes back. */
  readonly time: number;
  readonly value: number | null;
}

/**
 * Points taken together, so that a curve of a million is drawn from a few thousand rows: the row of a level and a bucket
 * stands for the points with `seq` from bucket · 16^level on, 16^level of them, all there.
 */
export interface EnvelopeTable {
  readonly series_id: number;
  readonly level: number;
  readonly bucket: number;
  readonly first_step: number;
  readonly last_step: number;
  readonly first_time: number;
  readonly last_time: number;
  /** Over the values that are numbers, likewise `max_value` and `sum_value`; null where none is. */
  readonly min_value: number | null;
  readonly max_value: number | null;
  readonly sum_value: number | null;
  /** Values that are NaN. */
  readonly nans: number;
}

/** A table that was logged: predictions, a confusion matrix, a curve. */
export interface LoggedTableTable {
  readonly id: Generated<number>;
  readonly run_id: string;
  readonly name: string;
  readonly step: number;
  readonly kind: string;
  readonly columns_json: string;
  readonly row_count: number;
}

interface LoggedRowTable {
  readonly table_id: number;
  readonly row: number;
  readonly cells_json: string;
}

interface ConsoleLineTable {
  readonly run_id: string;
  readonly seq: number;
  readonly time: number;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

interface AlertTable {
  readonly run_id: string;
  readonly seq: number;
  readonly time: number;
  readonly level: string;
  readonly title: string;
  readonly text: string;
}

interface ArtifactTable {
  readonly id: Generated<number>;
  readonly project: string;
  readonly name: string;
  readonly type: string;
  readonly description: string;
}

interface ArtifactVersionTable {
  readonly id: Generated<number>;
  readonly artifact_id: number;
  /** Counted from 0: `v0`, `v1`, … */
  readonly version: number;
  /** SHA-256 over the paths and hashes of the files. */
  readonly digest: string;
  readonly bytes: number;
  readonly metadata_json: string;
  readonly created_at: number;
  /** The run that logged it first; null for one that was put by hand. */
  readonly run_id: string | null;
}

interface ArtifactAliasTable {
  readonly artifact_id: number;
  readonly alias: string;
  readonly version: number;
}

interface ArtifactFileTable {
  readonly version_id: number;
  readonly path: string;
  /** SHA-256 of the content, in hexadecimal: its name among the blobs. */
  readonly hash: string;
  readonly bytes: number;
}

interface ArtifactUseTable {
  readonly run_id: string;
  readonly version_id: number;
  readonly time: number;
}

/** The content of artifacts where the store is a server; beside SQLite it stands in files. */
interface BlobPartTable {
  readonly hash: string;
  readonly part: number;
  readonly content: Uint8Array;
}

/** A sweep: what is searched, and how a trial is run. */
interface SweepTable {
  readonly id: string;
  readonly project: string;
  /** "" for none. */
  readonly name: string;
  readonly created_at: number;
  /** W&B's configuration of the sweep. */
  readonly config_json: string;
  /** See `Recipe` of src/tracking/sweeps. */
  readonly recipe_json: string;
}

/** One setting that is tried. */
export interface TrialTable {
  readonly sweep_id: string;
  /** Counted from 0 without a gap. */
  readonly number: number;
  /**
   * "running"; then "finished", "stopped" by early termination, or "failed"; "waiting" where it was interrupted and is to
   * be taken up again.
   */
  readonly state: "running" | "finished" | "stopped" | "failed" | "waiting";
  readonly setting_json: string;
  /** How often it was taken up, counted from 1. */
  readonly attempt: number;
  /** The run of this attempt, which need not be there yet. */
  readonly run_id: string;
  readonly host: string;
  readonly pid: number;
  readonly started_at: number;
  readonly heartbeat_at: number;
  readonly ended_at: number | null;
  /** Of the sweep's metric; null where there is none, and for NaN. */
  readonly value: number | null;
  /** By how much it breaks the constraints; 0 where it keeps them. */
  readonly violation: number;
  /** Why it failed; "" where it did not. */
  readonly error: string;
}

/** All tables, as kysely takes them. */
export interface Schema {
  readonly schema_versions: SchemaVersionTable;
  readonly runs: RunTable;
  readonly removed_runs: RemovedRunTable;
  readonly run_tags: RunTagTable;
  readonly metric_rules: MetricRuleTable;
  readonly series: SeriesTable;
  readonly points: PointTable;
  readonly envelopes: EnvelopeTable;
  readonly tables: LoggedTableTable;
  readonly table_rows: LoggedRowTable;
  readonly console_lines: ConsoleLineTable;
  readonly alerts: AlertTable;
  readonly artifacts: ArtifactTable;
  readonly artifact_versions: ArtifactVersionTable;
  readonly artifact_aliases: ArtifactAliasTable;
  readonly artifact_files: ArtifactFileTable;
  readonly artifact_uses: ArtifactUseTable;
  readonly blob_parts: BlobPartTable;
  readonly sweeps: SweepTable;
  readonly trials: TrialTable;
}

/** Points in a bucket of a level are this to the level. */
export const FANOUT = 16;
/** Levels of envelopes: 16^6 points, 16 million, are one bucket of the last. */
export const LEVELS = 6;
