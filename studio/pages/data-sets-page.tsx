/** The data sets that runs were trained on. */
import { Link, useLocation } from "wouter";
import type { DataSetList, DataSetRow } from "../../src/studio/wire/data.js";
import { useApi } from "../asking.js";
import { DataState } from "../data/data-state.js";
import { type Column, DataTable } from "../parts/data-table.js";
import { moment } from "../parts/numbers.js";
import { Answer, Empty } from "../parts/states.js";

export function DataSetsPage() {
  const [, go] = useLocation();
  const list = useApi<DataSetList>("/api/data");
  return (
    <Answer of={list}>
      {({ sets }) => (
        <>
          <header className="page-head">
            <h1>Data</h1>
            {sets.length > 0 && <p className="muted">{sets.length}</p>}
          </header>
          {sets.length === 0 ? (
            <Empty title="No data yet">
              <p>What a training reads is listed here. To look at a file before, in the terminal:</p>
              <pre>textune data report reviews.csv</pre>
            </Empty>
          ) : (
            <DataTable
              label="Data sets"
              columns={COLUMNS}
              lines={sets.map((row) => ({ key: row.fingerprint, row }))}
              onOpen={({ fingerprint }) => go(`/data/${fingerprint}`)}
            />
          )}
        </>
      )}
    </Answer>
  );
}

const COLUMNS: readonly Column<DataSetRow>[] = [
  {
    id: "source",
    title: "data",
    width: 260,
    cell: ({ source, fingerprint }) => <Link href={`/data/${encodeURIComponent(fingerprint)}`}>{source}</Link>,
    hint: ({ source }) => source,
  },
  { id: "state", title: "state", width: 160, cell: ({ state }) => <DataState state={state} /> },
  {
    id: "rows",
    title: "rows",
    width: 240,
    cell: ({ parts }) => parts.map(({ name, rows }) => `${name} ${rows.toLocaleString("en")}`).join(", "),
  },
  { id: "runs", title: "runs", width: 70, isNumber: true, cell: ({ runs }) => runs.length },
  {
    id: "last",
    title: "last used",
    width: 140,
    isNumber: true,
    cell: ({ runs }) => (runs[0] === undefined ? "" : moment(runs[0].createdAt)),
  },
];
