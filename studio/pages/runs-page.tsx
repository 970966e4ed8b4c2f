/** All runs: the table, and the curves of those that are chosen. */
import { useDeferredValue, useMemo, useState } from "react";
import { Link } from "wouter";
import type { RunList, RunRow } from "../../src/studio/wire/runs.js";
import { useApi } from "../asking.js";
import { CurveGrid, type CurveRun } from "../curves/curve-grid.js";
import { parseSort, sortText } from "../parts/data-table.js";
import { SearchField } from "../parts/search-field.js";
import { Answer, Empty } from "../parts/states.js";
import { type Filter, filterText, fits, groupName, matches, parseFilter, sortRuns } from "../runs/arrange-runs.js";
import { ColumnChooser } from "../runs/column-chooser.js";
import { FilterBar } from "../runs/filter-bar.js";
import { comparePage } from "../runs/run-address.js";
import { colorAt } from "../runs/run-colors.js";
import { columnsOf, defaultColumns, type RunColumn } from "../runs/run-columns.js";
import { RunTable } from "../runs/run-table.js";
import { joinNames, splitNames, useAddressState } from "../shell/address-state.js";
import { useKeys } from "../shell/keys.js";

/** Runs whose curves are shown where none are chosen. */
const FIRST = 5;

export function RunsPage() {
  const list = useApi<RunList>("/api/runs", { limit: 10_000, archived: "with" });
  return (
    <Answer of={list}>
      {({ runs, total }) =>
        total === 0 ? (
          <Empty title="No runs yet">
            <p>Train something in this folder, and it appears here while it runs:</p>
            <pre>textune train reviews.csv --text text --label label</pre>
          </Empty>
        ) : (
          <Runs all={runs} />
        )
      }
    </Answer>
  );
}

function Runs({ all }: { readonly all: readonly RunRow[] }) {
  const [settings, change] = useAddressState({
    search: "",
    project: "",
    group: "",
    sort: "-created",
    columns: "",
    filters: "",
    archived: "",
    runs: "",
    average: "",
  });
  const [choosing, setChoosing] = useState(false);
  const [filtering, setFiltering] = useState(false);
  const columns = useMemo(() => columnsOf(all), [all]);
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const projects = useMemo(() => [...new Set(all.map(({ project }) => project))].sort(), [all]);
  const filters = useMemo(
    () => splitNames(settings.filters).flatMap((text) => parseFilter(text) ?? []),
    [settings.filters],
  );
  const shownIds = useMemo(
    () => (settings.columns === "" ? defaultColumns(all, columns) : splitNames(settings.columns)),
    [all, columns, settings.columns],
  );
  const shown = useMemo(() => shownIds.flatMap((id) => byId.get(id) ?? []), [shownIds, byId]);
  const group = byId.get(settings.group);
  const sort = useMemo(() => parseSort(settings.sort), [settings.sort]);
  const sortColumn = sort.by === "name" ? NAME : byId.get(sort.by);
  const { search, project, archived: shownArchived } = settings;
  const runs = useMemo(() => {
    const found = all.filter(
      (run) =>
        (project === "" || run.project === project) &&
        (shownArchived !== "" || !run.archived) &&
        matches(run, search) &&
        filters.every((filter) => {
          const column = filter.column === "name" ? NAME : byId.get(filter.column);
          return column !== undefined && fits(run, filter, column);
        }),
    );
    return sortRuns(found, sortColumn, sort);
  }, [all, byId, search, project, shownArchived, filters, sortColumn, sort]);
  const chosenIds =
    settings.runs === ""
      ? runs.slice(0, FIRST).map(({ id }) => id)
      : settings.runs === NONE
        ? []
        : splitNames(settings.runs);
  const chosenText = joinNames(chosenIds);
  const chosen = new Map(chosenIds.map((id, index) => [id, colorAt(index)]));
  const curveRunsNow = useMemo(
    () => curveRunsOf(chosenText, runs, settings.average === "" ? undefined : group),
    [chosenText, runs, settings.average, group],
  );
  // The table answers at once; charts are drawn after it.
  const curveRuns = useDeferredValue(curveRunsNow);
  const choose = (ids: readonly string[]): void => change({ runs: ids.length === 0 ? NONE : joinNames(ids) });
  const setFilters = (next: readonly Filter[]): void => change({ filters: joinNames(next.map(filterText)) });
  useKeys([
    { keys: "c", label: "choose columns", run: () => setChoosing(true) },
    { keys: "f", label: "add a condition", run: () => setFiltering((before) => !before) },
  ]);
  const archived = all.filter((run) => run.archived).length;
  return (
    <>
      <header className="page-head">
        <h1>Runs</h1>
        <p className="muted">{runs.length === all.length ? `${all.length}` : `${runs.length} of ${all.length}`}</p>
        <div className="row grow">
          <SearchField
            label="Search runs"
            hint="Search name, notes, tags  /"
            value={settings.search}
            onChange={(next) => change({ search: next })}
          />
          {projects.length > 1 && (
            <select
              aria-label="Project"
              value={settings.project}
              onChange={(event) => change({ project: event.target.value })}
            >
              <option value="">All projects</option>
              {projects.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          )}
          <select
            aria-label="Group by"
            value={settings.group}
            onChange={(event) => change({ group: event.target.value })}
          >
            <option value="">No groups</option>
            {columns.map(({ id }) => (
              <option key={id} value={id}>
                By {id}
              </option>
            ))}
          </select>
          <button type="button" aria-expanded={filtering} onClick={() => setFiltering(!filtering)}>
            Filter
          </button>
          <button type="button" onClick={() => setChoosing(true)}>
            Columns
          </button>
          {archived > 0 && (
            <label className="check">
              <input
                type="checkbox"
                checked={settings.archived !== ""}
                onChange={(event) => change({ archived: event.target.checked ? "shown" : "" })}
              />
              {archived} archived
            </label>
          )}
        </div>
      </header>
      <FilterBar columns={columns} filters={filters} onChange={setFilters} open={filtering} />
      <RunTable
        runs={runs}
        columns={shown}
        group={group}
        sort={sort}
        onSort={(next) => change({ sort: sortText(next) })}
        chosen={chosen}
        onChoose={(id, on) => choose(on ? [...chosenIds, id] : chosenIds.filter((other) => other !== id))}
        empty={
          <Empty title="No run fits">
            <p>
              <button type="button" onClick={() => change({ search: "", project: "", filters: "" })}>
                Show all runs
              </button>
            </p>
          </Empty>
        }
      />
      <div className="row">
        <p className="muted">
          {chosenIds.length} of {runs.length} marked
        </p>
        <Link className="button" href={comparePage(chosenIds)}>
          Compare
        </Link>
        <button type="button" disabled={chosenIds.length === 0} onClick={() => choose([])}>
          Unmark all
        </button>
        {group !== undefined && (
          <label className="check">
            <input
              type="checkbox"
              checked={settings.average !== ""}
              onChange={(event) => change({ average: event.target.checked ? "yes" : "" })}
            />
            Average the curves of each group
          </label>
        )}
      </div>
      <CurveGrid runs={curveRuns} />
      {choosing && (
        <ColumnChooser
          columns={columns}
          chosen={shownIds}
          onChoose={(ids) => change({ columns: ids === undefined ? "" : joinNames(ids) })}
          onClose={() => setChoosing(false)}
        />
      )}
    </>
  );
}

function curveRunsOf(chosenText: string, runs: readonly RunRow[], group: RunColumn | undefined): CurveRun[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const found = splitNames(chosenText).flatMap((id, index) => {
    const run = byId.get(id);
    return run === undefined ? [] : [{ id, name: run.name, color: colorAt(index), run }];
  });
  if (group === undefined) return found.map(({ id, name, color }) => ({ id, name, color }));
  const names = found.map(({ run }) => groupName(run, group));
  const order = [...new Set(names)];
  return found.map(({ id, name }, i) => ({ id, name, group: names[i], color: colorAt(order.indexOf(names[i])) }));
}

/** No curves at all, in the address. */
const NONE = "none";
const NAME = { id: "name", title: "run", width: 0, isNumber: false, value: ({ name }: RunRow) => name };
