/** What a run printed and logged besides numbers, page by page. */
import type { Json } from "../json.js";
import type { Store } from "../store/node/open-store.js";
import { type Condition, holds, inOrder, ofJson } from "./field-value.js";

export interface Page {
  readonly offset?: number | undefined;
  /** 100 by default. */
  readonly limit?: number | undefined;
}

export interface TableQuery extends Page {
  /** Columns are counted from 0. By default rows come as they were logged. */
  readonly sort?: { readonly column: number; readonly descending?: boolean | undefined } | undefined;
  /** All of these. */
  readonly where?: readonly (Condition & { readonly column: number })[] | undefined;
}

export interface TablePage {
  readonly rows: readonly {
    /** Its place in the table, counted from 0. */
    readonly row: number;
    /** A cell for each column. NaN and infinities are the texts "NaN", "Infinity" and "-Infinity". */
    readonly cells: readonly Json[];
  }[];
  /** Rows that fulfil the conditions. */
  readonly total: number;
}

/** Rows of a table that was logged, filtered and sorted in the database. */
export async function readTable({ db, engine }: Store, tableId: number, query: TableQuery = {}): Promise<TablePage> {
  const { sort, where = [], offset = 0, limit = 100 } = query;
  let rows = db.selectFrom("table_rows").where("table_id", "=", tableId);
  const cell = (column: number) => ofJson(engine, "cells_json", Math.trunc(column));
  for (const condition of where) rows = rows.where(holds(engine, cell(condition.column), condition));
  const { count } = await rows.select(({ fn }) => fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
  let sorted = rows.select(["row", "cells_json"]);
  if (sort !== undefined)
    for (const [value, direction] of inOrder(engine, cell(sort.column), sort.descending === true))
      sorted = sorted.orderBy(value, direction);
  const found = await sorted.orderBy("row").limit(limit).offset(offset).execute();
  return {
    rows: found.map(({ row, cells_json }) => ({ row, cells: JSON.parse(cells_json) as Json[] })),
    total: Number(count),
  };
}

export interface ConsoleLine {
  /** Counted from 0. */
  readonly line: number;
  /** Milliseconds since the start of the run. */
  readonly time: number;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** Lines that a run printed. With a negative offset the last ones. */
export async function readConsole(store: Store, runId: string, page: Page = {}): Promise<readonly ConsoleLine[]> {
  const { offset = 0, limit = 100 } = page;
  const last = await store.db
    .selectFrom("console_lines")
    .select(({ fn }) => fn.max("seq").as("seq"))
    .where("run_id", "=", runId)
    .executeTakeFirst();
  const start = offset < 0 ? Math.max(0, (last?.seq ?? -1) + 1 + offset) : offset;
  const rows = await store.db
    .selectFrom("console_lines")
    .select(["seq", "time", "stream", "text"])
    .where("run_id", "=", runId)
    .where("seq", ">=", start)
    .where("seq", "<", start + limit)
    .orderBy("seq")
    .execute();
  return rows.map(({ seq, ...line }) => ({ line: seq, ...line }));
}

export interface Alert {
  readonly time: number;
  readonly level: string;
  readonly title: string;
  readonly text: string;
}

/** What a run asked a person to look at. */
export async function readAlerts(store: Store, runId: string): Promise<readonly Alert[]> {
  return store.db
    .selectFrom("alerts")
    .select(["time", "level", "title", "text"])
    .where("run_id", "=", runId)
    .orderBy("seq")
    .execute();
}
