/** One run. */
import { Link, useParams } from "wouter";
import type { RunDetails } from "../../src/studio/wire/runs.js";
import { useApi } from "../asking.js";
import { CurveGrid } from "../curves/curve-grid.js";
import { duration, moment } from "../parts/numbers.js";
import { RunState } from "../parts/run-state.js";
import { Answer } from "../parts/states.js";
import { Tabs } from "../parts/tabs.js";
import { useReport } from "../report/report-context.js";
import { ReportLink } from "../report/report-link.js";
import { ConsoleTab } from "../run/console-tab.js";
import { EvaluationTab } from "../run/evaluation-tab.js";
import { OverviewTab } from "../run/overview-tab.js";
import { TablesTab } from "../run/tables-tab.js";
import { colorAt } from "../runs/run-colors.js";
import { useAddressState } from "../shell/address-state.js";
import { useKeys } from "../shell/keys.js";
import "../style/run.css";
import { runPath } from "../runs/run-address.js";

const TABS = [
  { id: "overview", title: "Overview" },
  { id: "curves", title: "Curves" },
  { id: "evaluation", title: "Evaluation" },
  { id: "tables", title: "Tables" },
  { id: "console", title: "Console" },
  { id: "system", title: "System" },
] as const;

export function RunPage() {
  const { id } = useParams<{ id: string }>();
  const run = useApi<RunDetails>(runPath(id));
  return <Answer of={run}>{(details) => <Run key={details.id} run={details} />}</Answer>;
}

function Run({ run }: { readonly run: RunDetails }) {
  const [{ tab }, change] = useAddressState({ tab: "overview" });
  useKeys(
    TABS.map(({ id, title }, index) => ({ keys: String(index + 1), label: title, run: () => change({ tab: id }) })),
  );
  const report = useReport();
  const shown = [{ id: run.id, name: run.name, color: colorAt(0) }];
  return (
    <>
      <header className="page-head">
        {report?.runs.length !== 1 && (
          <p className="crumb">
            <Link href="/runs">Runs</Link>
          </p>
        )}
        <h1>{run.name}</h1>
        <RunState state={run.state} />
        <p className="muted">
          {run.project} · {run.id} · {moment(run.createdAt)} · {duration(run.seconds)}
        </p>
        <ReportLink runs={[run.id]} />
      </header>
      <Tabs label="Parts of the run" tabs={TABS} chosen={tab} onChoose={(next) => change({ tab: next })} />
      <div className="tab-panel" role="tabpanel" aria-label={TABS.find(({ id }) => id === tab)?.title}>
        {tab === "overview" && <OverviewTab run={run} />}
        {tab === "curves" && <CurveGrid runs={shown} />}
        {tab === "evaluation" && <EvaluationTab run={run} />}
        {tab === "tables" && <TablesTab run={run} />}
        {tab === "console" && <ConsoleTab run={run} />}
        {tab === "system" && <CurveGrid runs={shown} only="system" />}
      </div>
    </>
  );
}
