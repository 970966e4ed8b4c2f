/** One sweep: how far it is, what its trials came to, which parameters matter. */
import { useState } from "react";
import { Link, useLocation, useParams } from "wouter";
import type { SweepDetails, SweepTrial } from "../../src/studio/wire/sweeps.js";
import { useApi } from "../asking.js";
import { moment, shortNumber } from "../parts/numbers.js";
import { Answer, Empty } from "../parts/states.js";
import { ValueList } from "../parts/value-list.js";
import { useAddressState } from "../shell/address-state.js";
import { ImportanceTable } from "../sweeps/importance-table.js";
import { axesOf, isInParts, ParallelCoordinates, type Parts } from "../sweeps/parallel-coordinates.js";
import { SweepProgress, whileRunning } from "../sweeps/sweep-progress.js";
import { TrialChart } from "../sweeps/trial-chart.js";
import { TrialTable } from "../sweeps/trial-table.js";
import "../style/sweeps.css";
import { runPage } from "../runs/run-address.js";

export function SweepPage() {
  const { id } = useParams<{ id: string }>();
  const path = `/api/sweeps/${encodeURIComponent(id)}`;
  const sweep = useApi<SweepDetails>(path, {}, { every: (answer) => whileRunning([answer]) });
  return <Answer of={sweep}>{(details) => <Sweep sweep={details} />}</Answer>;
}

function Sweep({ sweep }: { readonly sweep: SweepDetails }) {
  const [, go] = useLocation();
  const [parts, setParts] = useState<Parts>({});
  const { best, metric, trials } = sweep;
  const [{ sort }, change] = useAddressState({ sort: metric?.goal === "maximize" ? "-value" : "value" });
  const axes = axesOf(sweep);
  const kept = isInParts(axes, parts);
  const shown = trials.filter(kept);
  const open = ({ runId }: SweepTrial): void => go(runPage(runId));
  return (
    <>
      <header className="page-head">
        <p className="crumb">
          <Link href="/sweeps">Sweeps</Link>
        </p>
        <h1>{sweep.name === "" ? sweep.id : sweep.name}</h1>
        <SweepProgress sweep={sweep} />
        <p className="muted">
          {sweep.project} · {sweep.id} · {sweep.method}
          {metric === undefined ? "" : `, ${metric.goal} ${metric.name}`} · {moment(sweep.createdAt)}
        </p>
      </header>
      {trials.length === 0 ? (
        <Empty title="No trials yet">
          <p>They appear here as they begin. A process that works on the sweep is started with:</p>
          <pre>textune sweep resume {sweep.id}</pre>
        </Empty>
      ) : (
        <>
          <div className="cards">
            {best !== undefined && (
              <ValueList
                title={`Best: trial ${best.number}${typeof best.value === "number" ? `, ${metric?.name} ${shortNumber(best.value)}` : ""}`}
                values={best.setting}
              >
                <p className="below">
                  <Link href={runPage(best.runId)}>Open its run</Link>
                </p>
              </ValueList>
            )}
            {metric !== undefined && (
              <section className="card">
                <header>
                  <h2>{metric.name} over trials</h2>
                </header>
                <TrialChart sweep={sweep} kept={kept} onOpen={open} />
              </section>
            )}
            {metric !== undefined && (
              <section className="card">
                <header>
                  <h2>Which parameters matter</h2>
                </header>
                <ImportanceTable importance={sweep.importance} />
              </section>
            )}
          </div>
          <section className="card">
            <header>
              <h2>Settings and results</h2>
              {shown.length < trials.length && (
                <button type="button" onClick={() => setParts({})}>
                  Show all {trials.length} trials
                </button>
              )}
            </header>
            <p className="muted">
              Drag along an axis to choose a part of it, click it to choose it whole; by keyboard, move the handles at
              its ends.
            </p>
            <ParallelCoordinates sweep={sweep} axes={axes} parts={parts} kept={kept} onParts={setParts} />
          </section>
          <p className="muted" role="status">
            {shown.length === trials.length ? `${trials.length} trials` : `${shown.length} of ${trials.length} trials`}
          </p>
          <TrialTable
            sweep={sweep}
            trials={shown}
            sort={sort}
            onSort={(next) => change({ sort: next })}
            onOpen={open}
          />
        </>
      )}
    </>
  );
}
