/** What is in a data set that runs used. */
import { Link, useParams } from "wouter";
import type { DataReport } from "../../src/data/report/data-report.js";
import type { DataSetReport } from "../../src/studio/wire/data.js";
import { useApi } from "../asking.js";
import { DataState } from "../data/data-state.js";
import { ReportView } from "../data/report-view.js";
import { moment } from "../parts/numbers.js";
import { Answer } from "../parts/states.js";
import "../style/data.css";
import { runPage } from "../runs/run-address.js";

export function DataSetPage() {
  const { set } = useParams<{ set: string }>();
  const answer = useApi<DataSetReport>(`/api/data/${encodeURIComponent(set)}`);
  return <Answer of={answer}>{(found) => <DataSet set={found} />}</Answer>;
}

function DataSet({ set }: { readonly set: DataSetReport }) {
  const report = set.report as DataReport | undefined;
  return (
    <>
      <header className="page-head">
        <p className="crumb">
          <Link href="/data">Data</Link>
        </p>
        <h1>{report?.title ?? set.source}</h1>
        <DataState state={set.state} />
        <p className="muted">
          {set.parts.map(({ name, rows }) => `${name} ${rows.toLocaleString("en")}`).join(", ")} · {set.source}
        </p>
      </header>
      <p className={`banner ${set.reading === "same" ? "good" : ""}`}>{set.said}</p>
      {report !== undefined && <ReportView report={report} />}
      <section className="card">
        <header>
          <h2>Runs that used it</h2>
          <span className="muted">{set.runs.length}</span>
        </header>
        <ul className="used-by">
          {set.runs.map(({ id, name, createdAt }) => (
            <li key={id}>
              <Link href={runPage(id)}>{name}</Link>
              <span className="muted">{moment(createdAt)}</span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
