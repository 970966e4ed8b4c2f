/** What a run's held-out rows say: confusion, curves over thresholds, classes, the worst errors. */
import { useState } from "react";
import type { RunDetails } from "../../src/studio/wire/runs.js";
import type { StudioFacts } from "../../src/studio/wire/studio.js";
import { useApi } from "../asking.js";
import { correctPage } from "../correct/correct-address.js";
import { Empty } from "../parts/states.js";
import { ConfusionMatrix, type MatrixCell } from "./confusion-matrix.js";
import { type CellFilter, LoggedTable, type TableFacts } from "./logged-table.js";
import { ThresholdCurves } from "./threshold-curves.js";

export function EvaluationTab({ run }: { readonly run: RunDetails }) {
  const parts = partsOf(run);
  const [asked, setPart] = useState<string>();
  const [cell, setCell] = useState<MatrixCell>();
  const studio = useApi<StudioFacts>("/api/studio");
  const canCorrect = studio.data?.readOnly === false && run.environment.reproduce !== undefined;
  const names = [...parts.keys()];
  const part = asked ?? names.find((name) => parts.get(name)?.has("predictions")) ?? names[0];
  const tables = part === undefined ? undefined : parts.get(part);
  if (part === undefined || tables === undefined)
    return (
      <Empty title="Nothing was evaluated yet">
        <p>A training with validation rows shows its errors here; a run of your own, what logEvaluation is given.</p>
      </Empty>
    );
  const confusion = tables.get("confusion");
  const predictions = tables.get("predictions");
  const perClass = tables.get("perClass");
  const filters: CellFilter[] =
    cell === undefined
      ? []
      : [
          { column: "truth", is: "=", value: cell.truth },
          { column: "prediction", is: "=", value: cell.prediction },
        ];
  return (
    <>
      {names.length > 1 && (
        <label className="check">
          Rows of
          <select
            value={part}
            onChange={(event) => {
              setPart(event.target.value);
              setCell(undefined);
            }}
          >
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
      <div className="side-by-side">
        {confusion !== undefined && (
          <section className="card">
            <header>
              <h2>Confusion matrix</h2>
            </header>
            <ConfusionMatrix key={confusion.id} runId={run.id} table={confusion} chosen={cell} onChoose={setCell} />
          </section>
        )}
        {perClass !== undefined && (
          <section>
            <h2>Classes</h2>
            <LoggedTable key={perClass.id} runId={run.id} table={perClass} />
          </section>
        )}
      </div>
      {predictions !== undefined ? (
        <section>
          <h2>
            {cell === undefined ? "Predictions, the worst first" : `${cell.truth} predicted as ${cell.prediction}`}
          </h2>
          <LoggedTable
            key={predictions.id}
            runId={run.id}
            table={predictions}
            filters={filters}
            {...(!canCorrect
              ? {}
              : { link: { title: "Correct", href: (row) => correctPage(run.id, { table: predictions.id, row }) } })}
          />
        </section>
      ) : (
        cell !== undefined && <Empty title="Its texts were not recorded">Predictions are kept of other rows.</Empty>
      )}
      <ThresholdCurves key={part} runId={run.id} tables={tables} />
    </>
  );
}

/** The newest tables of each part, by the last word of their names: "test/confusion" is the confusion of test. */
function partsOf({ tables }: RunDetails): Map<string, Map<string, TableFacts>> {
  const parts = new Map<string, Map<string, TableFacts>>();
  for (const table of [...tables].sort((a, b) => a.step - b.step)) {
    const [, part, name] = /^(?:(.*)\/)?([^/]*)$/.exec(table.name) ?? [];
    if (!EVALUATED.has(name)) continue;
    parts.set(part ?? "", (parts.get(part ?? "") ?? new Map<string, TableFacts>()).set(name, table));
  }
  return parts;
}

const EVALUATED: ReadonlySet<string> = new Set([
  "confusion",
  "perClass",
  "predictions",
  "precisionRecall",
  "roc",
  "reliability",
]);
