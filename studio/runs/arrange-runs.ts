/** Runs as the table shows them: filtered, sorted, in groups. */
import type { RunRow } from "../../src/studio/wire/runs.js";
import { orderOf, type Sort } from "../parts/data-table.js";
import { hasWords } from "../parts/search-field.js";
import type { RunColumn } from "./run-columns.js";

export const OPERATORS = ["=", "≠", "<", ">", "contains"] as const;

/** A condition on a column. */
export interface Filter {
  readonly column: string;
  readonly operator: (typeof OPERATORS)[number];
  readonly value: string;
}

/** "config.learningRate > 0.001", as it stands in the address. */
export function filterText({ column, operator, value }: Filter): string {
  return `${column} ${operator} ${value}`;
}

export function parseFilter(text: string): Filter | undefined {
  const found = /^(.+?) (=|≠|<|>|contains) (.*)$/s.exec(text);
  if (found === null) return undefined;
  const [, column, operator, value] = found;
  return { column, operator: operator as Filter["operator"], value };
}

export function fits(run: RunRow, { operator, value }: Filter, column: RunColumn): boolean {
  const held = column.value(run);
  const text = held === undefined || held === null ? "" : typeof held === "string" ? held : JSON.stringify(held);
  switch (operator) {
    case "=":
      return text === value || (value !== "" && Number(text) === Number(value));
    case "≠":
      return text !== value;
    case "<":
      return text !== "" && Number(held) < Number(value);
    case ">":
      return text !== "" && Number(held) > Number(value);
    case "contains":
      return text.toLowerCase().includes(value.toLowerCase());
  }
}

/** Part of the name, the id, the notes, a tag, the project or the group, wherever it stands. */
export function matches(run: RunRow, search: string): boolean {
  return hasWords([run.name, run.id, run.notes, run.project, run.group, ...run.tags].join("\n"), search);
}

/** Sorted by a column; runs without a value come last, whichever way. */
export function sortRuns(runs: readonly RunRow[], column: RunColumn | undefined, sort: Sort): RunRow[] {
  if (column === undefined) return [...runs];
  const keyed = runs.map((run) => {
    const value = column.value(run);
    return { run, key: value === "NaN" ? undefined : value };
  });
  keyed.sort((a, b) => orderOf(a.key, b.key, sort));
  return keyed.map(({ run }) => run);
}

export interface RunGroup {
  readonly name: string;
  readonly runs: readonly RunRow[];
}

/** What the group of a run is called. */
export function groupName(run: RunRow, column: RunColumn): string {
  const value = column.value(run);
  if (value === undefined || value === null || value === "") return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Runs by the value of a column, in the order in which the values come. */
export function groupRuns(runs: readonly RunRow[], column: RunColumn): RunGroup[] {
  const groups = new Map<string, RunRow[]>();
  for (const run of runs) {
    const name = groupName(run, column);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [run]);
    else group.push(run);
  }
  return [...groups].map(([name, all]) => ({ name, runs: all }));
}

/** Mean of a column over runs that have a number there; undefined where none has. */
export function meanOf(runs: readonly RunRow[], column: RunColumn): number | undefined {
  const numbers = runs.map(column.value).filter((value): value is number => typeof value === "number");
  return numbers.length === 0 ? undefined : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
