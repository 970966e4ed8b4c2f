/** One run. */
import { Link, useParams } from "wouter";
import type { RunDetails } from "../../src/studio/wire/runs.js";
import { useApi } from "../asking.js";
import { duration, moment } from "../parts/numbers.js";
import { RunState } from "../parts/run-state.js";
import { Answer } from "../parts/states.js";
import { ValueList } from "../parts/value-list.js";
import { RunRemarks } from "../runs/run-remarks.js";

export function RunPage() {
  const { id } = useParams<{ id: string }>();
  const run = useApi<RunDetails>(`/api/runs/${encodeURIComponent(id)}`);
  return <Answer of={run}>{(details) => <Run run={details} />}</Answer>;
}

function Run({ run }: { readonly run: RunDetails }) {
  return (
    <>
      <header className="page-head">
        <p className="crumb">
          <Link href="/runs">Runs</Link>
        </p>
        <h1>{run.name}</h1>
        <RunState state={run.state} />
        <p className="muted">
          {run.project} · {run.id} · {moment(run.createdAt)} · {duration(run.seconds)}
        </p>
      </header>
      <RunRemarks run={run} />
      <div className="cards">
        <ValueList title="Results" values={run.summary} />
        <ValueList title="Configuration" values={run.config} />
      </div>
    </>
  );
}
