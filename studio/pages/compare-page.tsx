/** Several runs beside one another: where they differ, what they came to, their curves. */
import { type UseQueryResult, useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link } from "wouter";
import type { RunDetails, RunList } from "../../src/studio/wire/runs.js";
import { keptAnswer, useApi } from "../asking.js";
import { ChangedRowsCard } from "../compare/changed-rows-card.js";
import { compareValues, surroundings } from "../compare/compare-values.js";
import { ComparedTable } from "../compare/compared-table.js";
import { CurveGrid } from "../curves/curve-grid.js";
import { Empty, Failure, Loading } from "../parts/states.js";
import { ReportLink } from "../report/report-link.js";
import { colorAt } from "../runs/run-colors.js";
import { joinNames, splitNames, useAddressState } from "../shell/address-state.js";
import "../style/compare.css";
import { compareResults } from "../runs/result-order.js";
import { MOST_COMPARED, runPage, runPath } from "../runs/run-address.js";

/** Runs that are compared where none are chosen. */
const FIRST = 3;

export function ComparePage() {
  const [{ runs: text, same }, change] = useAddressState({ runs: "", same: "" });
  const list = useApi<RunList>("/api/runs", { limit: 500 });
  const all = list.data?.runs ?? [];
  const ids = (text === "" ? all.slice(0, FIRST).map(({ id }) => id) : splitNames(text)).slice(0, MOST_COMPARED);
  const { runs, failure } = useQueries({
    queries: ids.map((id) => keptAnswer<RunDetails>(runPath(id))),
    combine: foundOf,
  });
  const setRuns = (next: readonly string[]): void => change({ runs: joinNames(next) });
  return (
    <>
      <header className="page-head">
        <h1>Compare</h1>
        <div className="row grow">
          <select
            aria-label="Add a run"
            value=""
            onChange={(event) => event.target.value !== "" && setRuns([...ids, event.target.value])}
          >
            <option value="">Add a run …</option>
            {all
              .filter(({ id }) => !ids.includes(id))
              .map(({ id, name }) => (
                <option key={id} value={id}>
                  {name} ({id})
                </option>
              ))}
          </select>
          <label className="check">
            <input
              type="checkbox"
              checked={same !== ""}
              onChange={(event) => change({ same: event.target.checked ? "shown" : "" })}
            />
            Show what is the same
          </label>
          {runs.length > 0 && <ReportLink runs={runs.map(({ id }) => id)} />}
        </div>
      </header>
      <div className="row">
        {runs.map(({ id, name }) => (
          <span className="chip-row" key={id}>
            <Link href={runPage(id)}>{name}</Link>
            <button
              type="button"
              className="quiet"
              aria-label={`Compare without ${name}`}
              onClick={() => setRuns(ids.filter((other) => other !== id))}
            >
              ✕
            </button>
          </span>
        ))}
      </div>
      {failure !== undefined && <Failure error={failure} />}
      {failure === undefined && runs.length < ids.length && <Loading />}
      {list.isSuccess && runs.length < 2 && runs.length === ids.length && (
        <Empty title="Two runs or more">
          <p>Add runs above, or mark them in the table of runs and choose Compare.</p>
        </Empty>
      )}
      {runs.length >= 2 && runs.length === ids.length && <Compared runs={runs} showsSame={same !== ""} />}
    </>
  );
}

function foundOf(answers: readonly UseQueryResult<RunDetails>[]) {
  return {
    runs: answers.flatMap(({ data }) => data ?? []),
    failure: answers.map(({ error }) => error).find((error) => error !== null),
  };
}

function Compared({ runs, showsSame }: { readonly runs: readonly RunDetails[]; readonly showsSame: boolean }) {
  const shown = useMemo(() => runs.map(({ id, name }, index) => ({ id, name, color: colorAt(index) })), [runs]);
  const partOf = (values: readonly Readonly<Record<string, unknown>>[]) =>
    compareValues(values).filter(({ isSame }) => showsSame || !isSame);
  const results = compareValues(runs.map(({ summary }) => summary))
    // An interval needs the number of rows, which is the same in most comparisons.
    .filter(({ isSame, name }) => showsSame || !isSame || /\/examples$/.test(name))
    .sort((a, b) => compareResults(a.name, b.name));
  const config = partOf(runs.map(({ config: values }) => values));
  const made = partOf(runs.map(surroundings));
  return (
    <>
      {config.length + made.length === 0 && (
        <p className="muted">Configuration, data, versions and machine are the same.</p>
      )}
      <ComparedTable title="Configuration" runs={shown} values={config} />
      <ComparedTable title="Results" runs={shown} values={results} areResults />
      {runs.length === 2 && <ChangedRowsCard runs={runs} />}
      <ComparedTable title="Data, versions, machine" runs={shown} values={made} />
      <CurveGrid runs={shown} />
    </>
  );
}
