/** What the newer of two runs answers otherwise, row by row. */
import type { TablePage } from "../../src/studio/wire/logged.js";
import type { RunDetails } from "../../src/studio/wire/runs.js";
import { useApi } from "../asking.js";
import { Answer } from "../parts/states.js";
import { runPath } from "../runs/run-address.js";
import { type ChangedRow, changedRows, type PredictedRow } from "./changed-rows.js";

/** Rows of a table that are read: a training records 500 at most. */
const MOST_ROWS = 1000;
const SHOWN = 50;
const UNLIKELY = 0.05;

type TableFacts = RunDetails["tables"][number];

/** @param props.runs two */
export function ChangedRowsCard({ runs }: { readonly runs: readonly RunDetails[] }) {
  const [before, after] = [...runs].sort((a, b) => a.createdAt - b.createdAt);
  const found = ["test/predictions", "validation/predictions"]
    .map((name) => ({ name, tables: [before, after].map((run) => newest(run, name)) }))
    .find(({ tables }) => tables.every((table) => table !== undefined));
  if (found === undefined) return null;
  const [first, second] = found.tables as TableFacts[];
  return <Card name={found.name} before={{ run: before, table: first }} after={{ run: after, table: second }} />;
}

interface Side {
  readonly run: RunDetails;
  readonly table: TableFacts;
}

function Card({ name, before, after }: { readonly name: string; readonly before: Side; readonly after: Side }) {
  const first = useRows(before);
  const second = useRows(after);
  return (
    <section className="card" aria-label="Rows that changed">
      <header>
        <h2>Rows that changed</h2>
      </header>
      <Answer of={first}>
        {(older) => (
          <Answer of={second}>
            {(newer) => {
              if (!hasClasses(newer, after.table)) return <p className="muted">Numbers are not right or wrong.</p>;
              const changed = changedRows(rowsOf(older, before.table), rowsOf(newer, after.table));
              const { rows, relabelled, better, worse, rightBefore, rightAfter, pValue } = changed;
              if (rows === 0)
                return <p className="muted">The two runs held out different rows: nothing can be said row by row.</p>;
              return (
                <>
                  <p>
                    Of {rows} rows of {name.replace("/predictions", "")} that both recorded, {before.run.name} has{" "}
                    {rightBefore} right and {after.run.name} {rightAfter}
                    {relabelled > 0 &&
                      `, both by the labels of the newer run: ${relabelled} of them ${relabelled === 1 ? "was" : "were"} labelled otherwise before`}
                    .{" "}
                    {better.length + worse.length === 0
                      ? "No row changed sides."
                      : pValue < UNLIKELY
                        ? `This is more than chance (McNemar's exact test, p = ${pValue.toFixed(3)}).`
                        : `This can be chance (McNemar's exact test, p = ${pValue.toFixed(2)}).`}
                  </p>
                  <Changes title="Wrong before, right now" rows={better} />
                  <Changes title="Right before, wrong now" rows={worse} />
                </>
              );
            }}
          </Answer>
        )}
      </Answer>
    </section>
  );
}

function Changes({ title, rows }: { readonly title: string; readonly rows: readonly ChangedRow[] }) {
  if (rows.length === 0) return null;
  return (
    <>
      <h3>
        {title}: {rows.length}
      </h3>
      <ul className="changed-rows" aria-label={title}>
        {rows.slice(0, SHOWN).map(({ row, text, truth, truthBefore, before, after }) => (
          <li key={`${row} ${text}`}>
            <span>
              {before} → <strong>{after}</strong>
              {truthBefore === undefined ? `, is ${truth}` : `, is ${truth}, was labelled ${truthBefore}`}
            </span>
            <span title={text}>{text}</span>
          </li>
        ))}
      </ul>
      {rows.length > SHOWN && <p className="muted">The first {SHOWN} are shown.</p>}
    </>
  );
}

function hasClasses({ rows }: TablePage, { columns }: TableFacts): boolean {
  const truth = columns.indexOf("truth");
  return rows.every(({ cells }) => typeof cells[truth] === "string");
}

function newest({ tables }: RunDetails, name: string): TableFacts | undefined {
  return tables.filter((table) => table.name === name).sort((a, b) => b.step - a.step)[0];
}

function useRows({ run, table }: Side) {
  return useApi<TablePage>(`${runPath(run.id)}/tables/${table.id}`, { limit: MOST_ROWS });
}

function rowsOf({ rows }: TablePage, { columns }: TableFacts): PredictedRow[] {
  const [row, text, truth, prediction] = ["row", "text", "truth", "prediction"].map((name) => columns.indexOf(name));
  return rows.map(({ cells }) => ({
    row: String(cells[row]),
    text: String(cells[text]),
    truth: String(cells[truth]),
    prediction: String(cells[prediction]),
  }));
}
