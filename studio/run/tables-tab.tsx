/** Every table that a run logged. */
import { useState } from "react";
import type { RunDetails } from "../../src/studio/wire/runs.js";
import { Empty } from "../parts/states.js";
import { LoggedTable } from "./logged-table.js";

export function TablesTab({ run }: { readonly run: RunDetails }) {
  const [chosen, setChosen] = useState<number>();
  const table = run.tables.find(({ id }) => id === chosen) ?? run.tables[0];
  if (table === undefined)
    return (
      <Empty title="No tables">
        <pre>{'run.log({ predictions: new Table({ columns: ["text", "label"], data }) });'}</pre>
      </Empty>
    );
  return (
    <>
      <label className="check">
        Table
        <select value={table.id} onChange={(event) => setChosen(Number(event.target.value))}>
          {run.tables.map(({ id, name, step, rows }) => (
            <option key={id} value={id}>
              {name}, step {step}, {rows} rows
            </option>
          ))}
        </select>
      </label>
      <LoggedTable key={table.id} runId={run.id} table={table} />
    </>
  );
}
