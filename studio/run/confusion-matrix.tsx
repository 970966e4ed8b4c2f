/** How often each class was taken for each: a click on a cell shows its rows. */
import type { TablePage } from "../../src/studio/wire/logged.js";
import { useApi } from "../asking.js";
import { Answer } from "../parts/states.js";
import { runPath } from "../runs/run-address.js";
import type { TableFacts } from "./logged-table.js";

export interface MatrixCell {
  readonly truth: string;
  readonly prediction: string;
}

export function ConfusionMatrix(props: {
  readonly runId: string;
  readonly table: TableFacts;
  readonly chosen: MatrixCell | undefined;
  readonly onChoose: (cell: MatrixCell | undefined) => void;
}) {
  const { runId, table, chosen, onChoose } = props;
  const page = useApi<TablePage>(`${runPath(runId)}/tables/${table.id}`, { limit: 1000 });
  const [, ...labels] = table.columns;
  return (
    <Answer of={page} height={180}>
      {({ rows }) => (
        <div className="matrix-frame">
          <table className="matrix">
            <caption>Rows are true classes, columns are predictions. Choose a cell to see its texts.</caption>
            <thead>
              <tr>
                <th scope="col">true class</th>
                {labels.map((label) => (
                  <th key={label} scope="col" title={label}>
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ row, cells: [truth, ...counts] }) => {
                const numbers = counts.map(Number);
                const all = numbers.reduce((sum, count) => sum + count, 0);
                return (
                  <tr key={row}>
                    <th scope="row" title={String(truth)}>
                      {String(truth)}
                    </th>
                    {numbers.map((count, i) => {
                      const cell = { truth: String(truth), prediction: labels[i] };
                      const isChosen = chosen?.truth === cell.truth && chosen.prediction === cell.prediction;
                      const share = all === 0 ? 0 : count / all;
                      const right = cell.truth === cell.prediction;
                      return (
                        <td key={labels[i]}>
                          <button
                            type="button"
                            className={right ? "right" : "wrong"}
                            style={{ "--share": `${Math.round(100 * share)}%` } as React.CSSProperties}
                            aria-pressed={isChosen}
                            aria-label={`${count} of ${cell.truth} predicted as ${cell.prediction}`}
                            onClick={() => onChoose(isChosen ? undefined : cell)}
                          >
                            {count}
                          </button>
                        </td>
                      );
                    })}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </Answer>
  );
}
