/** The table of runs, with a mark before each run whose curves are shown. */
import { useMemo, useState } from "react";
import { Link, useLocation } from "wouter";
import type { RunRow } from "../../src/studio/wire/runs.js";
import { type Column, DataTable, keyBeside, type Line, type Sort } from "../parts/data-table.js";
import { shortNumber, valueText } from "../parts/numbers.js";
import { useKeys } from "../shell/keys.js";
import { groupRuns, meanOf } from "./arrange-runs.js";
import { runPage } from "./run-address.js";
import type { RunColumn } from "./run-columns.js";

export interface RunTableProps {
  /** Filtered and sorted. */
  readonly runs: readonly RunRow[];
  readonly columns: readonly RunColumn[];
  readonly group: RunColumn | undefined;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  /** Ids of the runs whose curves are shown, with their colours. */
  readonly chosen: ReadonlyMap<string, string>;
  readonly onChoose: (id: string, chosen: boolean) => void;
  readonly empty: React.ReactNode;
}

export function RunTable({ runs, columns, group, sort, onSort, chosen, onChoose, empty }: RunTableProps) {
  const [, go] = useLocation();
  const [active, setActive] = useState<string>();
  const lines = useMemo(() => linesOf(runs, columns, group), [runs, columns, group]);
  const move = (by: number): void => setActive(keyBeside(lines, active, by));
  const open = (id: string): void => go(runPage(id));
  useKeys([
    { keys: "j", label: "next run", run: () => move(1) },
    { keys: "k", label: "run before", run: () => move(-1) },
    {
      keys: "x",
      label: "show the run's curves, or not",
      run: () => active !== undefined && onChoose(active, !chosen.has(active)),
    },
    { keys: "Enter", label: "open the run", run: () => active !== undefined && open(active) },
  ]);
  const shown: Column<RunRow>[] = [
    {
      id: "name",
      title: "run",
      width: 220,
      canSort: true,
      cell: (run) => (
        <span className="run-name">
          <input
            type="checkbox"
            checked={chosen.has(run.id)}
            style={{ accentColor: chosen.get(run.id) }}
            aria-label={`Show the curves of ${run.name}`}
            onChange={(event) => onChoose(run.id, event.target.checked)}
          />
          <Link href={runPage(run.id)}>{run.name}</Link>
        </span>
      ),
      hint: ({ name, id, notes }) => [`${name} (${id})`, notes].filter((part) => part !== "").join("\n"),
    },
    ...columns.map(
      (column): Column<RunRow> => ({
        ...column,
        canSort: true,
        cell: (run) => column.cell?.(run) ?? valueText(column.value(run)),
        hint: (run) => {
          const value = column.value(run);
          return typeof value === "number" ? String(value) : valueText(value);
        },
      }),
    ),
  ];
  return (
    <DataTable
      label="Runs"
      columns={shown}
      lines={lines}
      sort={sort}
      onSort={onSort}
      active={active}
      onActive={setActive}
      onOpen={({ id }) => open(id)}
      empty={empty}
    />
  );
}

function linesOf(runs: readonly RunRow[], columns: readonly RunColumn[], group: RunColumn | undefined): Line<RunRow>[] {
  const lineOf = (run: RunRow): Line<RunRow> => ({ key: run.id, row: run });
  if (group === undefined) return runs.map(lineOf);
  return groupRuns(runs, group).flatMap(({ name, runs: all }) => {
    const means = columns
      .filter(({ id, isNumber }) => isNumber && id !== "created")
      .flatMap((column) => {
        const mean = meanOf(all, column);
        return mean === undefined ? [] : [[column.id, `⌀ ${shortNumber(mean)}`] as const];
      });
    const heading = `${group.title}: ${name} · ${all.length} ${all.length === 1 ? "run" : "runs"}`;
    return [{ key: `group ${name}`, heading, cells: Object.fromEntries(means) }, ...all.map(lineOf)];
  });
}
