/** What a run printed and logged besides numbers, page by page. */
import type { Json } from "../json.js";
import type { Store } from "../store/node/open-store.js";

export interface Page {
  readonly offset?: number | undefined;
  /** 100 by default. */
  readonly limit?: number | undefined;
}

/** Rows of a table that was logged, each with a cell for each column. */
export async function readTableRows(
  store: Store,
  tableId: number,
  page: Page = {},
): Promise<readonly (readonly Json[])[]> {
  const offset = page.offset ?? 0;
  const rows = await store.db
    .selectFrom("table_rows")
    .select("cells_json")
    .where("table_id", "=", tableId)
    .where("row", ">=", offset)
    .where("row", "<", offset + (page.limit ?? 100))
    .orderBy("row")
    .execute();
  return rows.map(({ cells_json }) => JSON.parse(cells_json) as Json[]);
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
