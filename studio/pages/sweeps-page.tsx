/** All sweeps. */
import { Link } from "wouter";
import type { SweepList, SweepRow } from "../../src/studio/wire/sweeps.js";
import { useApi } from "../asking.js";
import { moment, shortNumber, valueText } from "../parts/numbers.js";
import { Answer, Empty } from "../parts/states.js";
import { SweepProgress, whileRunning } from "../sweeps/sweep-progress.js";
import "../style/sweeps.css";

export function SweepsPage() {
  const list = useApi<SweepList>("/api/sweeps", {}, { every: ({ sweeps }) => whileRunning(sweeps) });
  return (
    <Answer of={list}>
      {({ sweeps }) => (
        <>
          <header className="page-head">
            <h1>Sweeps</h1>
            {sweeps.length > 0 && <p className="muted">{sweeps.length}</p>}
          </header>
          {sweeps.length === 0 ? (
            <Empty title="No sweeps yet">
              <p>A sweep trains with many settings and tells which matter. Say in a file what to try, and start it:</p>
              <pre>textune sweep sweep.yaml</pre>
            </Empty>
          ) : (
            <div className="cards sweep-cards">
              {sweeps.map((sweep) => (
                <SweepCard key={sweep.id} sweep={sweep} />
              ))}
            </div>
          )}
        </>
      )}
    </Answer>
  );
}

function SweepCard({ sweep }: { readonly sweep: SweepRow }) {
  const { id, name, project, createdAt, method, metric, parameters, best } = sweep;
  return (
    <section className="card">
      <header>
        <h2>
          <Link href={`/sweeps/${encodeURIComponent(id)}`}>{name === "" ? id : name}</Link>
        </h2>
        <span className="muted">{method}</span>
      </header>
      <p className="muted">
        {project} · {moment(createdAt)}
      </p>
      <p>
        <SweepProgress sweep={sweep} />
      </p>
      <dl className="values">
        <div>
          <dt>searched</dt>
          <dd>{parameters.join(", ")}</dd>
        </div>
        {best !== undefined && typeof best.value === "number" && (
          <div>
            <dt>best {metric?.name}</dt>
            <dd>{shortNumber(best.value)}</dd>
          </div>
        )}
        {best !== undefined && (
          <div>
            <dt>with</dt>
            <dd>
              {Object.entries(best.setting)
                .map(([parameter, value]) => `${parameter} ${valueText(value)}`)
                .join(", ")}
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
