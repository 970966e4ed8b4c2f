/** Correcting labels: a row that was predicted wrongly, the training texts like it, and a training with what was corrected. */
import { Link, useParams } from "wouter";
import type { CorrectionState } from "../../src/studio/wire/corrections.js";
import type { TablePage } from "../../src/studio/wire/logged.js";
import type { RunDetails } from "../../src/studio/wire/runs.js";
import { useApi } from "../asking.js";
import { correctionsPath } from "../correct/correct-address.js";
import { CorrectText } from "../correct/correct-text.js";
import { CorrectionList, TrainAgain } from "../correct/correction-list.js";
import { shortNumber } from "../parts/numbers.js";
import { Answer, Empty } from "../parts/states.js";
import { runPage, runPath } from "../runs/run-address.js";
import { useAddressState } from "../shell/address-state.js";
import "../style/correct.css";
import "../style/start.css";

export function CorrectPage() {
  const { id } = useParams<{ id: string }>();
  const run = useApi<RunDetails>(runPath(id));
  const state = useApi<CorrectionState>(correctionsPath(id));
  return (
    <Answer of={run}>
      {(details) => (
        <>
          <header className="page-head">
            <p className="crumb">
              <Link href={`${runPage(id)}?tab=evaluation`}>{details.name}</Link>
            </p>
            <h1>Correct labels</h1>
          </header>
          <Answer of={state}>
            {(found) =>
              found.why === undefined ? (
                <Correct key={details.id} run={details} state={found} />
              ) : (
                <Empty title="Nothing can be corrected here">
                  <p>{found.why}</p>
                </Empty>
              )
            }
          </Answer>
        </>
      )}
    </Answer>
  );
}

function Correct({ run, state }: { readonly run: RunDetails; readonly state: CorrectionState }) {
  const [{ table, row }] = useAddressState({ table: "", row: "" });
  return (
    <>
      {state.notices.map((notice) => (
        <p key={notice} className="note">
          {notice}
        </p>
      ))}
      <div className="correct">
        <div>
          {table === "" || row === "" ? (
            <Empty title="Choose a row">
              <p>
                Go to <Link href={`${runPage(run.id)}?tab=evaluation`}>the predictions of the run</Link>, the worst
                first, and choose Correct beside one.
              </p>
            </Empty>
          ) : (
            <PredictedRow run={run} state={state} table={table} row={row} />
          )}
        </div>
        <div>
          <CorrectionList state={state} />
          <TrainAgain state={state} />
        </div>
      </div>
    </>
  );
}

function PredictedRow(props: {
  readonly run: RunDetails;
  readonly state: CorrectionState;
  readonly table: string;
  readonly row: string;
}) {
  const { run, state, table, row } = props;
  const page = useApi<TablePage>(`${runPath(run.id)}/tables/${encodeURIComponent(table)}`, { offset: row, limit: 1 });
  const { columns = [], name = "" } = run.tables.find(({ id }) => String(id) === table) ?? {};
  const part = (["validation", "test"] as const).find((one) => name === `${one}/predictions`);
  return (
    <Answer of={page}>
      {({ rows: [found] }) => {
        if (found === undefined) return <Empty title="There is no such row" />;
        const [text, said] = ["text", "prediction"].map((column) => found.cells[columns.indexOf(column)]);
        return (
          <CorrectText
            key={found.row}
            state={state}
            asked={{ text: String(text), ...(part === undefined ? {} : { part }) }}
            prediction={typeof said === "number" ? shortNumber(said) : String(said)}
          />
        );
      }}
    </Answer>
  );
}
