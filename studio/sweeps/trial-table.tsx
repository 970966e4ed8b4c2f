/** The table of trials. */
import { useState } from "react";
import { Link } from "wouter";
import type { SweepDetails, SweepTrial } from "../../src/studio/wire/sweeps.js";
import { type Column, DataTable, keyBeside, orderOf, parseSort, sortText } from "../parts/data-table.js";
import { duration, valueText } from "../parts/numbers.js";
import { Empty } from "../parts/states.js";
import { runPage } from "../runs/run-address.js";
import { useKeys } from "../shell/keys.js";

interface TrialColumn extends Column<SweepTrial> {
  value(trial: SweepTrial): unknown;
}

export function TrialTable(props: {
  readonly sweep: SweepDetails;
  readonly trials: readonly SweepTrial[];
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly onOpen: (trial: SweepTrial) => void;
}) {
  const { sweep, trials, onSort, onOpen } = props;
  const [active, setActive] = useState<string>();
  const columns = columnsOf(sweep);
  const sort = parseSort(props.sort);
  const column = columns.find(({ id }) => id === sort.by);
  const sorted =
    column === undefined ? trials : [...trials].sort((a, b) => orderOf(column.value(a), column.value(b), sort));
  const lines = sorted.map((trial) => ({ key: String(trial.number), row: trial }));
  const move = (by: number): void => setActive(keyBeside(lines, active, by) ?? active);
  useKeys([
    { keys: "j", label: "next trial", run: () => move(1) },
    { keys: "k", label: "trial before", run: () => move(-1) },
    {
      keys: "Enter",
      label: "open the trial's run",
      run: () => {
        const found = lines.find(({ key }) => key === active);
        if (found !== undefined) onOpen(found.row);
      },
    },
  ]);
  return (
    <DataTable
      label="Trials"
      columns={columns}
      lines={lines}
      sort={sort}
      onSort={(next) => onSort(sortText(next))}
      active={active}
      onActive={setActive}
      onOpen={onOpen}
      empty={
        <Empty title="No trial lies there">
          <p>Choose a longer part of an axis, or click it to choose it whole.</p>
        </Empty>
      }
    />
  );
}

function columnsOf(sweep: SweepDetails): readonly TrialColumn[] {
  const column = (
    id: string,
    width: number,
    value: TrialColumn["value"],
    more: Partial<TrialColumn> = {},
  ): TrialColumn => ({
    ...{ id, title: id, width, value, canSort: true },
    cell: (trial) => valueText(value(trial)),
    hint: (trial) => valueText(value(trial)),
    ...more,
  });
  const isNumeric = (name: string): boolean => sweep.trials.every(({ setting }) => typeof setting[name] === "number");
  return [
    column("trial", 70, ({ number }) => number, {
      isNumber: true,
      cell: ({ number, runId }) => <Link href={runPage(runId)}>{number}</Link>,
    }),
    column("state", 150, ({ state, violation }) =>
      state === "finished" && violation > 0 ? "breaks a constraint" : state,
    ),
    ...(sweep.metric === undefined
      ? []
      : [column("value", 120, ({ value }) => value, { title: sweep.metric.name, isNumber: true })]),
    ...sweep.parameters.map((name) =>
      column(`setting.${name}`, Math.max(96, 28 + 7.2 * name.length), ({ setting }) => setting[name], {
        title: name,
        isNumber: isNumeric(name),
      }),
    ),
    column("took", 80, ({ startedAt, endedAt }) => (endedAt === undefined ? undefined : endedAt - startedAt), {
      isNumber: true,
      cell: ({ startedAt, endedAt }) => (endedAt === undefined ? "" : duration((endedAt - startedAt) / 1000)),
    }),
    ...(sweep.trials.some(({ error }) => error !== "") ? [column("error", 280, ({ error }) => error)] : []),
  ];
}
