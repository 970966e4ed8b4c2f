/** All runs: the table, and the curves of those that are chosen. */
import { useMemo, useState } from "react";
import type { RunList, RunRow } from "../../src/studio/wire/runs.js";
import { useApi } from "../asking.js";
import { parseSort, sortText } from "../parts/data-table.js";
import { Answer, Empty } from "../parts/states.js";
import { type Filter, filterText, fits, matches, parseFilter, sortRuns } from "../runs/arrange-runs.js";
import { ColumnChooser } from "../runs/column-chooser.js";
import { FilterBar } from "../runs/filter-bar.js";
import { colorAt } from "../runs/run-colors.js";
import { columnsOf, defaultColumns } from "../runs/run-columns.js";
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
  });
  const [choosing, setChoosing] = useState(false);
  const [filtering, setFiltering] = useState(false);
  const columns = useMemo(() => columnsOf(all), [all]);
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const projects = useMemo(() => [...new Set(all.map(({ project }) => project))].sort(), [all]);
  const filters = splitNames(settings.filters).flatMap((text) => parseFilter(text) ?? []);
  const shownIds = settings.columns === "" ? defaultColumns(all, columns) : splitNames(settings.columns);
  const shown = shownIds.flatMap((id) => byId.get(id) ?? []);
  const group = byId.get(settings.group);
  const sort = parseSort(settings.sort);
  const sortColumn = sort.by === "name" ? NAME : byId.get(sort.by);
  const found = all.filter(
    (run) =>
      (settings.project === "" || run.project === settings.project) &&
      (settings.archived !== "" || !run.archived) &&
      matches(run, settings.search) &&
      filters.every((filter) => {
        const column = filter.column === "name" ? NAME : byId.get(filter.column);
        return column !== undefined && fits(run, filter, column);
      }),
  );
  const runs = sortRuns(found, sortColumn, sort);
  const chosenIds =
    settings.runs === ""
      ? runs.slice(0, FIRST).map(({ id }) => id)
      : settings.runs === NONE
        ? []
        : splitNames(settings.runs);
  const chosen = new Map(chosenIds.map((id, index) => [id, colorAt(index)]));
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
          <input
            type="search"
            placeholder="Search name, notes, tags  /"
            aria-label="Search runs"
            value={settings.search}
            onChange={(event) => change({ search: event.target.value })}
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

/** No curves at all, in the address. */
const NONE = "none";
const NAME = { id: "name", title: "run", width: 0, isNumber: false, value: ({ name }: RunRow) => name };
