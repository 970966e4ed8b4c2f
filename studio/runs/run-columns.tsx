/** Columns of the table of runs: what every run has, and a column for each name in configurations and summaries. */
import type { ReactNode } from "react";
import type { RunRow } from "../../src/studio/wire/runs.js";
import { LEAST_TELLING, tellingRank } from "../../src/tracking/telling-metrics.js";
import { duration, moment, valueText } from "../parts/numbers.js";
import { RunState } from "../parts/run-state.js";

/** What a column of runs holds: a value to sort, filter and group by, and how it is shown. */
export interface RunColumn {
  readonly id: string;
  readonly title: string;
  readonly width: number;
  readonly isNumber: boolean;
  value(run: RunRow): unknown;
  cell?(run: RunRow): ReactNode;
}

const FIXED: readonly RunColumn[] = [
  {
    id: "state",
    title: "state",
    width: 92,
    isNumber: false,
    value: ({ state }) => state,
    cell: ({ state }) => <RunState state={state} />,
  },
  {
    id: "created",
    title: "started",
    width: 146,
    isNumber: true,
    value: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => moment(createdAt),
  },
  {
    id: "duration",
    title: "took",
    width: 76,
    isNumber: true,
    value: ({ seconds }) => seconds,
    cell: ({ seconds }) => duration(seconds),
  },
  {
    id: "tags",
    title: "tags",
    width: 130,
    isNumber: false,
    value: ({ tags }) => tags.join(", "),
    cell: ({ tags }) =>
      tags.map((tag) => (
        <span key={tag} className="tag">
          {tag}
        </span>
      )),
  },
  { id: "project", title: "project", width: 110, isNumber: false, value: ({ project }) => project },
  { id: "group", title: "group", width: 110, isNumber: false, value: ({ group }) => group },
  { id: "jobType", title: "job", width: 80, isNumber: false, value: ({ jobType }) => jobType },
  { id: "notes", title: "notes", width: 180, isNumber: false, value: ({ notes }) => notes },
  { id: "id", title: "id", width: 86, isNumber: false, value: ({ id }) => id },
];

/** Every column that `runs` fill. */
export function columnsOf(runs: readonly RunRow[]): RunColumn[] {
  return [...FIXED, ...named("config", runs), ...named("summary", runs)];
}

function named(kind: "config" | "summary", runs: readonly RunRow[]): RunColumn[] {
  const numbers = new Map<string, boolean>();
  for (const run of runs) {
    for (const [name, value] of Object.entries(run[kind])) {
      if (value === null) continue;
      numbers.set(name, (numbers.get(name) ?? true) && isNumeric(value));
    }
  }
  return [...numbers]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, isNumber]) => ({
      id: `${kind}.${name}`,
      title: name,
      width: Math.min(220, Math.max(88, 36 + 7.4 * name.length)),
      isNumber,
      value: (run) => run[kind][name],
      cell: (run) => valueText(run[kind][name]),
    }));
}

/** Numbers, and the texts that stand for those which JSON cannot write. */
function isNumeric(value: unknown): boolean {
  return typeof value === "number" || value === "NaN" || value === "Infinity" || value === "-Infinity";
}

const MOST_RESULTS = 4;
const MOST_SETTINGS = 5;

/** Columns shown where none are chosen: what runs are recognised by, what differs among them, what tells most of them. */
export function defaultColumns(runs: readonly RunRow[], columns: readonly RunColumn[]): string[] {
  const differing = columns
    .filter(({ id }) => id.startsWith("config."))
    .map(({ id, value }) => ({ id, count: distinct(runs.map(value)) }))
    .filter(({ count }) => count > 1)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_SETTINGS);
  const rankOf = ({ id, value }: RunColumn): number => {
    const share = runs.filter((run) => value(run) !== undefined).length / Math.max(1, runs.length);
    return tellingRank(id.slice("summary.".length)) + (share < 0.5 ? LEAST_TELLING : 0);
  };
  const results = columns
    .filter(({ id, isNumber }) => id.startsWith("summary.") && isNumber)
    .map((column) => ({ id: column.id, rank: rankOf(column) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST_RESULTS);
  const projects = distinct(runs.map(({ project }) => project)) > 1 ? ["project"] : [];
  return [
    "state",
    ...projects,
    ...results.map(({ id }) => id),
    ...differing.map(({ id }) => id),
    "created",
    "duration",
    "tags",
  ];
}

function distinct(values: readonly unknown[]): number {
  return new Set(values.map((value) => JSON.stringify(value))).size;
}
