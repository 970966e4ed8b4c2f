/** What a report file holds of runs: what their pages ask for, as much of it as a file can bear. */
import { fail } from "../base/errors.js";
import { packageVersion } from "../base/node/package-version.js";
import { countsEpochs } from "../tracking/epoch-metric.js";
import { listMetricNames } from "../tracking/queries/metric-names.js";
import { readConsole, readTable, type TablePage } from "../tracking/queries/pages.js";
import type { Store } from "../tracking/store/node/open-store.js";
import { recordedCurve } from "./curve-of.js";
import { detailsOf } from "./run-details.js";
import type { RecordedCurve, Recording } from "./wire/recording.js";

/** Runs in one file. */
export const MOST_RECORDED = 20;
/** Rows of a curve, and of all of them together. */
const CURVE_ROWS = 1000;
const ALL_CURVE_ROWS = 500_000;
const LEAST_CURVE_ROWS = 100;
/** Rows of a table, and characters of its cells. */
const TABLE_ROWS = 5000;
const TABLE_CHARACTERS = 4e6;
const ROWS_AT_ONCE = 500;
const CONSOLE_LINES = 2000;

/**
 * Runs as a page without a server shows them.
 *
 * @param asked ids, beginnings of them, or names; one that is named twice counts once
 * @throws E_STORE for a run that is not there, E_USAGE for more than {@link MOST_RECORDED}
 */
export async function recordRuns(store: Store, asked: readonly string[], now: number): Promise<Recording> {
  const found = new Map<string, Details>();
  for (const name of asked) {
    const run = await detailsOf(store, name);
    found.set(run.id, run);
  }
  if (found.size > MOST_RECORDED)
    fail("E_USAGE", { where: "report", expected: `at most ${MOST_RECORDED} runs`, got: String(found.size) });
  const runs = [...found.values()];
  const names = await Promise.all(runs.map(({ id }) => listMetricNames(store, [id])));
  const all = names.reduce((sum, metrics) => sum + metrics.length, 0);
  const rows = Math.min(CURVE_ROWS, Math.max(LEAST_CURVE_ROWS, Math.floor(ALL_CURVE_ROWS / Math.max(1, all))));
  const leftOut: string[] = [];
  const curves: RecordedCurve[] = [];
  for (const [index, { id }] of runs.entries()) {
    const axes = ["step", "time", ...names[index].map(({ name }) => name).filter(countsEpochs)];
    for (const { name } of names[index]) {
      const curve = await recordedCurve(store, id, { metric: name, axes, rows });
      if (curve !== undefined) curves.push(curve);
    }
  }
  if (curves.some(({ points }) => points > rows))
    leftOut.push(
      `Curves are kept in about ${rows} parts, each with its lowest, highest and mean value: a longer one cannot be zoomed further.`,
    );
  const parts = { tables: {} as Record<string, TablePage["rows"]>, consoles: {} as Record<string, Lines> };
  for (const run of runs) {
    for (const { id, name, rows: total } of run.tables) {
      const kept = await firstRows(store, id);
      parts.tables[id] = kept;
      if (kept.length < total) leftOut.push(`${run.name}, ${name}: the first ${kept.length} of ${total} rows.`);
    }
    const { id, consoleLines: total } = run;
    parts.consoles[id] = await readConsole(store, id, { offset: -CONSOLE_LINES, limit: CONSOLE_LINES });
    if (total > CONSOLE_LINES) leftOut.push(`${run.name}, console: the last ${CONSOLE_LINES} of ${total} lines.`);
  }
  if (runs.some(({ artifacts }) => artifacts.length > 0))
    leftOut.push("Artifacts are named here; their files are not.");
  const metrics = Object.fromEntries(runs.map(({ id }, index) => [id, names[index]]));
  return { version: packageVersion(), madeAt: now, runs, metrics, curves, ...parts, leftOut };
}

type Details = Awaited<ReturnType<typeof detailsOf>>;
type Lines = Awaited<ReturnType<typeof readConsole>>;

async function firstRows(store: Store, table: number): Promise<TablePage["rows"]> {
  const kept: TablePage["rows"][number][] = [];
  let characters = 0;
  while (kept.length < TABLE_ROWS) {
    const { rows } = await readTable(store, table, { offset: kept.length, limit: ROWS_AT_ONCE });
    for (const row of rows) {
      characters += JSON.stringify(row.cells).length;
      if (characters > TABLE_CHARACTERS) return kept;
      kept.push(row);
    }
    if (rows.length < ROWS_AT_ONCE) break;
  }
  return kept;
}
