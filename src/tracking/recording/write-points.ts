/** The rows of points and envelopes, many to a statement: this is where a store spends its time. */
import { CompiledQuery, type Kysely } from "kysely";
import type { Engine } from "../store/migrations/migration.js";
import type { Schema } from "../store/schema.js";
import type { FullBucket } from "./series-writer.js";

const POINT_COLUMNS = ["series_id", "seq", "step", "time", "value"] as const;
const ENVELOPE_COLUMNS = [
  "series_id",
  "level",
  "bucket",
  "first_step",
  "last_step",
  "first_time",
  "last_time",
  "min_value",
  "max_value",
  "sum_value",
  "nans",
] as const;
/** SQL types of the columns, for PostgreSQL, which takes each as an array. */
const POINT_TYPES = ["int", "bigint", "bigint", "bigint", "float8"] as const;
const ENVELOPE_TYPES = [
  ...["int", "int", "bigint", "bigint", "bigint", "bigint", "bigint"],
  ...["float8", "float8", "float8", "bigint"],
] as const;
/** Rows to a statement of SQLite. More are no faster. */
const SQLITE_ROWS = 100;
const POSTGRES_ROWS = 10_000;

type Cell = number | null;

/** Rows that wait to be written, cell after cell. */
export interface WaitingRows {
  readonly points: Cell[];
  readonly envelopes: Cell[];
}

export function addPointRow(
  { points }: WaitingRows,
  id: number,
  seq: number,
  step: number,
  time: number,
  value: number,
): void {
  points.push(id, seq, step, time, Number.isNaN(value) ? null : value);
}

export function addEnvelopeRow({ envelopes }: WaitingRows, id: number, full: FullBucket): void {
  const { level, bucket, firstStep, lastStep, firstTime, lastTime, min, max, sum, nans } = full;
  const numbers = min !== undefined;
  envelopes.push(id, level, bucket, firstStep, lastStep, firstTime, lastTime);
  // Infinities of both signs have no sum.
  envelopes.push(min ?? null, max ?? null, numbers && !Number.isNaN(sum) ? sum : null, nans);
}

/** Writes all that waits, in the caller's transaction. */
export async function writeRows(db: Kysely<Schema>, engine: Engine, rows: WaitingRows): Promise<void> {
  await insert(db, engine, "points", POINT_COLUMNS, POINT_TYPES, rows.points);
  await insert(db, engine, "envelopes", ENVELOPE_COLUMNS, ENVELOPE_TYPES, rows.envelopes);
}

async function insert(
  db: Kysely<Schema>,
  engine: Engine,
  table: string,
  columns: readonly string[],
  types: readonly string[],
  cells: readonly Cell[],
): Promise<void> {
  const width = columns.length;
  const most = width * (engine === "sqlite" ? SQLITE_ROWS : POSTGRES_ROWS);
  const into = `insert into ${table} (${columns.join(", ")})`;
  for (let start = 0; start < cells.length; start += most) {
    const part = cells.slice(start, start + most);
    const rows = part.length / width;
    if (engine === "sqlite") {
      const row = `(${columns.map(() => "?").join(", ")})`;
      await db.executeQuery(CompiledQuery.raw(`${into} values ${new Array(rows).fill(row).join(", ")}`, part));
    } else {
      const arrays = columns.map((_, column) => Array.from({ length: rows }, (_, row) => part[row * width + column]));
      const given = types.map((type, i) => `$${i + 1}::${type}[]`).join(", ");
      await db.executeQuery(CompiledQuery.raw(`${into} select * from unnest(${given})`, arrays));
    }
  }
}
