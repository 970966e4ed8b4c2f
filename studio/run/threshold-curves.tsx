/** Precision against recall, ROC and reliability of a run's held-out rows, and a threshold to try. */
import { useState } from "react";
import type { TablePage } from "../../src/studio/wire/logged.js";
import { useApi } from "../asking.js";
import { shortNumber } from "../parts/numbers.js";
import { Answer } from "../parts/states.js";
import { type Line, XyPlot } from "../parts/xy-plot.js";
import { runPath } from "../runs/run-address.js";
import { colorAt } from "../runs/run-colors.js";
import type { TableFacts } from "./logged-table.js";

interface Tables {
  readonly runId: string;
  /** The tables of one part, by the last word of their names. */
  readonly tables: ReadonlyMap<string, TableFacts>;
}

/** Rows of a logged curve, which has at most some thousands. */
function useRows(runId: string, table: TableFacts | undefined) {
  const path = `${runPath(runId)}/tables/${table?.id}`;
  const query = { limit: 1000 };
  const first = useApi<TablePage>(path, query, { enabled: table !== undefined });
  const more = (table?.rows ?? 0) > 1000;
  const rest = useApi<TablePage>(path, { ...query, offset: 1000 }, { enabled: more });
  return {
    ...first,
    rows: [...(first.data?.rows ?? []), ...(more ? (rest.data?.rows ?? []) : [])].map(({ cells }) => cells),
  };
}

export function ThresholdCurves({ runId, tables }: Tables) {
  const precisionRecall = useRows(runId, tables.get("precisionRecall"));
  const roc = useRows(runId, tables.get("roc"));
  const reliability = useRows(runId, tables.get("reliability"));
  const labels = [...new Set(precisionRecall.rows.map(([label]) => String(label)))];
  const [label, setLabel] = useState<string>();
  const [threshold, setThreshold] = useState(0.5);
  const chosen = label ?? labels[0];
  if (tables.get("precisionRecall") === undefined) return null;
  const point = pointAt(precisionRecall.rows, chosen, threshold);
  const rocPoint = pointAt(roc.rows, chosen, threshold);
  return (
    <Answer of={precisionRecall} height={260}>
      {() => (
        <>
          <div className="row">
            <label className="check">
              Class
              <select value={chosen} onChange={(event) => setLabel(event.target.value)}>
                {labels.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            </label>
            <label className="check">
              Threshold
              <input
                type="range"
                min={0}
                max={1}
                step={0.005}
                value={threshold}
                onChange={(event) => setThreshold(Number(event.target.value))}
              />
              <output>{threshold.toFixed(3)}</output>
            </label>
            {point !== undefined && (
              <p className="figures" role="status">
                precision <b>{shortNumber(point[1])}</b> recall <b>{shortNumber(point[0])}</b> F1{" "}
                <b>{shortNumber(point[0] + point[1] === 0 ? 0 : (2 * point[0] * point[1]) / (point[0] + point[1]))}</b>
              </p>
            )}
          </div>
          <div className="cards">
            <XyPlot
              title="Precision against recall"
              x="recall"
              y="precision"
              lines={linesOf(precisionRecall.rows, labels, chosen)}
              {...(point === undefined ? {} : { mark: point })}
            />
            <XyPlot
              title="ROC"
              x="false positive rate"
              y="true positive rate"
              diagonal
              lines={linesOf(roc.rows, labels, chosen)}
              {...(rocPoint === undefined ? {} : { mark: rocPoint })}
            />
            <XyPlot
              title="Reliability"
              x="confidence"
              y="accuracy"
              diagonal
              lines={[
                {
                  id: "reliability",
                  color: colorAt(0),
                  points: reliability.rows
                    .filter(([, , count]) => Number(count) > 0)
                    .map(([, , , confidence, accuracy]): [number, number] => [Number(confidence), Number(accuracy)]),
                  isMarked: true,
                },
              ]}
            />
          </div>
        </>
      )}
    </Answer>
  );
}

/** A curve for each label; that which is looked at in front. */
function linesOf(rows: readonly (readonly unknown[])[], labels: readonly string[], chosen: string | undefined): Line[] {
  const lines = labels.map((label, index) => ({
    id: label,
    color: colorAt(index),
    isFaint: label !== chosen,
    points: rows.filter(([of]) => of === label).map(([, x, y]): [number, number] => [Number(x), Number(y)]),
  }));
  return lines.sort((a, b) => Number(b.isFaint) - Number(a.isFaint));
}

/** Where a threshold lies on the curve of a label: at the lowest threshold of the curve that is not below it. */
function pointAt(
  rows: readonly (readonly unknown[])[],
  label: string | undefined,
  threshold: number,
): readonly [number, number] | undefined {
  const held = rows.filter(([of, , , at]) => of === label && Number(at) >= threshold);
  const [first] = held.sort((a, b) => Number(a[3]) - Number(b[3]));
  return first === undefined ? undefined : [Number(first[1]), Number(first[2])];
}
