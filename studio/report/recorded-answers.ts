/** The answers that a server would give, from what was recorded. */
import type { CurveList, MetricList } from "../../src/studio/wire/curves.js";
import type { TablePage } from "../../src/studio/wire/logged.js";
import type { RecordedCurve, Recording } from "../../src/studio/wire/recording.js";
import { type Query, Refusal } from "../asking.js";
import { orderOf, parseSort } from "../parts/data-table.js";

/** @throws Refusal for what is not in the file */
export function recordedAnswer(recording: Recording, path: string, query: Query): unknown {
  const { version, runs } = recording;
  if (path === "/api/studio") return { version, store: "", readOnly: true };
  if (path === "/api/runs") return { runs, total: runs.length };
  if (path === "/api/metrics") return { metrics: metricsOf(recording, query) };
  if (path === "/api/curves") return { curves: curvesOf(recording, query) };
  const [id = "", part, table = ""] = path.replace("/api/runs/", "").split("/").map(decodeURIComponent);
  const run = runs.find((one) => one.id === id);
  if (run !== undefined && part === undefined) return run;
  if (run !== undefined && part === "console") {
    const lines = recording.consoles[id] ?? [];
    return { lines: lines.slice(-Number(query.limit)) };
  }
  const rows = part === "tables" ? recording.tables[table] : undefined;
  if (rows === undefined) throw new Refusal(404, "This is not in the report.");
  return pageOf(rows, query);
}

const listOf = (value: Query[string]): string[] => (value === undefined ? [] : [value].flat().map(String));

function metricsOf({ metrics }: Recording, query: Query): MetricList["metrics"] {
  const found = new Map<string, MetricList["metrics"][number]>();
  for (const one of listOf(query.runs).flatMap((run) => metrics[run] ?? [])) {
    const { runs = 0, points = 0 } = found.get(one.name) ?? {};
    found.set(one.name, { name: one.name, runs: runs + 1, points: Math.max(points, one.points) });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function curvesOf({ curves }: Recording, { runs, metric, axis = "step", from, to }: Query): CurveList["curves"] {
  return listOf(runs).flatMap((run) => {
    const curve = curves.find((one) => one.run === run && one.metric === metric);
    return curve === undefined ? [] : [partOf(curve, String(axis), Number(from ?? -Infinity), Number(to ?? Infinity))];
  });
}

function partOf(curve: RecordedCurve, axis: string, from: number, to: number): CurveList["curves"][number] {
  const places = curve.x[axis] ?? [];
  const kept = places.flatMap((x, row) => (x !== null && x >= from && x <= to ? [row] : []));
  const column = <T>(values: readonly T[]): T[] => kept.map((row) => values[row]);
  const { run, points, step, min, max, mean, count } = curve;
  return {
    ...{ run, points, x: column(places as readonly number[]), step: column(step) },
    ...{ min: column(min), max: column(max), mean: column(mean), count: column(count) },
  };
}

type Row = Recording["tables"][string][number];

function pageOf(all: readonly Row[], { where, sort, offset = 0, limit = 100 }: Query): TablePage {
  const conditions = listOf(where).map(conditionOf);
  const found = all.filter(({ cells }) => conditions.every((holds) => holds(cells)));
  if (sort !== undefined) {
    const { by, descending } = parseSort(String(sort));
    const at = Number(by);
    found.sort((a, b) => orderOf(a.cells[at], b.cells[at], { by, descending }));
  }
  const rows = found.slice(Number(offset), Number(offset) + Number(limit));
  return { rows: rows.map(({ row, cells }) => ({ row, cells: [...cells] })), total: found.length };
}

/** Whether cells are as `2 = "spam"` has it, by the rules of the server. */
function conditionOf(text: string): (cells: readonly unknown[]) => boolean {
  const [column, is] = text.split(" ", 2);
  const value = JSON.parse(text.slice(column.length + is.length + 2)) as string | number | boolean;
  return (cells) => {
    const held = cells[Number(column)];
    const isNumber = typeof value === "number";
    if (is === "contains") return textOf(held).toLowerCase().includes(String(value).toLowerCase());
    const isSame = isNumber ? held === value : typeof held !== "number" && textOf(held) === String(value);
    if (is === "=" || is === "!=") return isSame === (is === "=");
    if (typeof held !== typeof value) return false;
    const [a, b] = [held, value] as [number, number];
    return is === "<" ? a < b : is === "<=" ? a <= b : is === ">" ? a > b : a >= b;
  };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === "number") return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
