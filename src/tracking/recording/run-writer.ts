/** One run as the recording thread holds it: takes messages, writes what they say in the caller's transaction. */
import type { Kysely } from "kysely";
import type { Environment } from "../environment.js";
import type { Json, JsonObject } from "../json.js";
import type { Schema } from "../store/schema.js";
import { MOST_LINES } from "./console-lines.js";
import type { StartedRun } from "./open-run.js";
import type { MetricRule, RunFacts, TableFacts, Waiting } from "./protocol.js";
import { readSeries } from "./read-series.js";
import { ruleFor, SYSTEM_PREFIX, summaryOf } from "./run-summary.js";
import { addPoint, emptySeries, type Series } from "./series-writer.js";
import { addEnvelopeRow, addPointRow, type WaitingRows } from "./write-points.js";

/** A run under way. All that is not in the database can be told again from {@link RunFacts} and the messages. */
export interface RunWriter {
  readonly facts: RunFacts;
  readonly started: StartedRun;
  /** Names of metrics by their index in messages. */
  readonly names: string[];
  series: Map<string, Series>;
  readonly rules: Map<string, MetricRule>;
  /** Metrics with points since the last write. */
  readonly touched: Set<Series>;
  config: JsonObject;
  summary: JsonObject;
  environment: Environment;
  /** Which columns of the row are to be written. */
  readonly changed: Set<"config" | "summary" | "environment">;
  consoleLines: number;
  alerts: number;
  step: number;
}

/** Row by row to the database: more cells to a statement than it takes are avoided. */
const TABLE_ROWS = 300;

/** The state of a run whose row is there, with what the database has of it. */
export async function openWriter(db: Kysely<Schema>, facts: RunFacts, started: StartedRun): Promise<RunWriter> {
  const writer: RunWriter = {
    facts,
    started,
    names: [],
    series: new Map(),
    rules: new Map(started.rules),
    touched: new Set(),
    config: started.config,
    summary: started.summary,
    environment: facts.environment,
    changed: new Set(),
    consoleLines: 0,
    alerts: 0,
    step: Math.max(0, started.step - 1),
  };
  await readBack(db, writer);
  return writer;
}

/**
 * Takes from the database how far it is: at the start, and after a transaction that failed, whose rows are not there
 * though they were counted.
 */
export async function readBack(db: Kysely<Schema>, writer: RunWriter): Promise<void> {
  const next = (table: "console_lines" | "alerts") =>
    db
      .selectFrom(table)
      .select(({ fn }) => fn.max("seq").as("last"))
      .where("run_id", "=", writer.facts.id)
      .executeTakeFirst()
      .then((row) => (row?.last ?? -1) + 1);
  writer.series = await readSeries(db, writer.facts.id);
  writer.consoleLines = await next("console_lines");
  writer.alerts = await next("alerts");
  writer.touched.clear();
  for (const column of ["config", "summary", "environment"] as const) writer.changed.add(column);
}

/** The points of one message: step, time, then index and value of each metric. Rows that result wait in `rows`. */
export async function takePoints(
  db: Kysely<Schema>,
  writer: RunWriter,
  message: readonly number[],
  rows: WaitingRows,
): Promise<void> {
  const [, step, time] = message;
  for (let i = 3; i < message.length; i += 2) {
    const name = writer.names[message[i]];
    const series = writer.series.get(name) ?? (await newSeries(db, writer, name));
    addOne(writer, series, { step, time, value: message[i + 1] }, rows);
  }
}

/** One look at the machine; it stands at the step where the run is. */
export async function takeMachine(
  db: Kysely<Schema>,
  writer: RunWriter,
  time: number,
  values: Readonly<Record<string, number>>,
  rows: WaitingRows,
): Promise<void> {
  for (const [key, value] of Object.entries(values)) {
    const name = `${SYSTEM_PREFIX}${key}`;
    const series = writer.series.get(name) ?? (await newSeries(db, writer, name));
    addOne(writer, series, { step: Math.max(writer.step, series.lastStep), time, value }, rows);
  }
}

function addOne(
  writer: RunWriter,
  series: Series,
  point: { readonly step: number; readonly time: number; readonly value: number },
  rows: WaitingRows,
): void {
  const seq = addPoint(series, point, (bucket) => addEnvelopeRow(rows, series.id, bucket));
  addPointRow(rows, series.id, seq, point.step, point.time, point.value);
  writer.touched.add(series);
  if (!series.name.startsWith(SYSTEM_PREFIX)) {
    writer.step = Math.max(writer.step, point.step);
    writer.changed.add("summary");
  }
}

async function newSeries(db: Kysely<Schema>, writer: RunWriter, name: string): Promise<Series> {
  const { id } = await db
    .insertInto("series")
    .values({
      run_id: writer.facts.id,
      name,
      points: 0,
      first_step: 0,
      last_step: -1,
      last_value: null,
      min_value: null,
      max_value: null,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const series = emptySeries(name, id);
  writer.series.set(name, series);
  return series;
}

type Said<K> = Extract<Waiting, { readonly kind: K }>;

/** Everything else that is said of a run under way. */
export async function takeMessage(
  db: Kysely<Schema>,
  writer: RunWriter,
  message: Said<"series" | "config" | "summary" | "rule" | "table" | "lines" | "alert" | "environment">,
): Promise<void> {
  const { id } = writer.facts;
  switch (message.kind) {
    case "series":
      writer.names[message.index] = message.name;
      return;
    case "config":
      writer.config = { ...writer.config, ...message.values };
      writer.changed.add("config");
      return;
    case "summary":
      writer.summary = { ...writer.summary, ...message.values };
      writer.changed.add("summary");
      return;
    case "environment":
      writer.environment = { ...writer.environment, ...message.environment };
      writer.changed.add("environment");
      return;
    case "rule":
      writer.rules.set(message.name, message.rule);
      writer.changed.add("summary");
      await db
        .insertInto("metric_rules")
        .values({ run_id: id, name: message.name, rule_json: JSON.stringify(message.rule) })
        .onConflict((conflict) =>
          conflict.columns(["run_id", "name"]).doUpdateSet({ rule_json: JSON.stringify(message.rule) }),
        )
        .execute();
      return;
    case "table":
      return writeTable(db, id, message.table);
    case "lines":
      return writeLines(db, writer, message);
    case "alert": {
      const { time, level, title, text } = message;
      await db
        .insertInto("alerts")
        .values({ run_id: id, seq: writer.alerts++, time, level, title, text })
        .execute();
      return;
    }
  }
}

async function writeTable(db: Kysely<Schema>, runId: string, table: TableFacts): Promise<void> {
  const { name, step, kind, columns, rows } = table;
  await db.deleteFrom("tables").where("run_id", "=", runId).where("name", "=", name).where("step", "=", step).execute();
  const { id } = await db
    .insertInto("tables")
    .values({ run_id: runId, name, step, kind, columns_json: JSON.stringify(columns), row_count: rows.length })
    .returning("id")
    .executeTakeFirstOrThrow();
  for (let start = 0; start < rows.length; start += TABLE_ROWS) {
    const part: readonly (readonly Json[])[] = rows.slice(start, start + TABLE_ROWS);
    await db
      .insertInto("table_rows")
      .values(part.map((cells, i) => ({ table_id: id, row: start + i, cells_json: JSON.stringify(cells) })))
      .execute();
  }
}

async function writeLines(
  db: Kysely<Schema>,
  writer: RunWriter,
  { stream, time, lines }: Said<"lines">,
): Promise<void> {
  const kept = lines.slice(0, Math.max(0, MOST_LINES - writer.consoleLines));
  for (let start = 0; start < kept.length; start += TABLE_ROWS) {
    await db
      .insertInto("console_lines")
      .values(
        kept
          .slice(start, start + TABLE_ROWS)
          .map((text) => ({ run_id: writer.facts.id, seq: writer.consoleLines++, time, stream, text })),
      )
      .execute();
  }
}

/** Brings the rows of the run and of its metrics up to what came in. */
export async function writeRun(db: Kysely<Schema>, writer: RunWriter, now: number): Promise<void> {
  await writeSeries(db, writer);
  writer.touched.clear();
  const { changed, config, environment } = writer;
  const summary = (): JsonObject =>
    summaryOf(writer.series.values(), (name) => ruleFor(writer.rules, name), writer.summary);
  await db
    .updateTable("runs")
    .set({
      heartbeat_at: now,
      ...(changed.has("config") ? { config_json: JSON.stringify(config) } : {}),
      ...(changed.has("environment") ? { environment_json: JSON.stringify(environment) } : {}),
      ...(changed.has("summary") ? { summary_json: JSON.stringify(summary()) } : {}),
    })
    .where("id", "=", writer.facts.id)
    .execute();
  changed.clear();
}

/** The metrics that have new points, many to a statement: this is done several times a second, while a model trains. */
async function writeSeries(db: Kysely<Schema>, writer: RunWriter): Promise<void> {
  const touched = [...writer.touched];
  for (let start = 0; start < touched.length; start += TABLE_ROWS) {
    const rows = touched.slice(start, start + TABLE_ROWS).map((series) => ({
      id: series.id,
      run_id: writer.facts.id,
      name: series.name,
      points: series.points,
      first_step: series.firstStep,
      last_step: series.lastStep,
      last_value: Number.isNaN(series.lastValue) ? null : series.lastValue,
      min_value: series.min ?? null,
      max_value: series.max ?? null,
    }));
    await db
      .insertInto("series")
      .values(rows)
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet(({ ref }) => ({
          points: ref("excluded.points"),
          first_step: ref("excluded.first_step"),
          last_step: ref("excluded.last_step"),
          last_value: ref("excluded.last_value"),
          min_value: ref("excluded.min_value"),
          max_value: ref("excluded.max_value"),
        })),
      )
      .execute();
  }
}

/** The end of a run. */
export async function endRun(db: Kysely<Schema>, writer: RunWriter, message: Said<"finish">): Promise<void> {
  const { state, exitCode, endedAt, dropped } = message;
  writer.changed.add("summary");
  await writeRun(db, writer, endedAt);
  await db
    .updateTable("runs")
    .set({ state, exit_code: exitCode, ended_at: endedAt, dropped_points: dropped })
    .where("id", "=", writer.facts.id)
    .execute();
}
