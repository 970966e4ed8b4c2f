/** The labelled rows as a file. */
import { useState } from "react";
import type { ExportAnswer } from "../../src/studio/wire/labels.js";
import { ask } from "../asking.js";

export function ExportLabels({ path, labels }: { readonly path: string; readonly labels: number }) {
  const [to, setTo] = useState(`${path.replace(/\.\w+$/, "")}-labelled.csv`);
  const [said, setSaid] = useState<{ readonly text: string; readonly isBad: boolean }>();
  const write = (): void => {
    ask<ExportAnswer>("/api/label/export", { method: "POST", body: { path, to, overwrite: true } }).then(
      ({ path: written, rows }) => setSaid({ text: `${rows} rows are in ${written}. Train with it:`, isBad: false }),
      (error: Error) => setSaid({ text: error.message, isBad: true }),
    );
  };
  return (
    <section className="card" aria-label="Export">
      <header>
        <h2>Export</h2>
      </header>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          write();
        }}
      >
        <label className="grow">
          <span className="hidden">File to write: .csv, .tsv, .jsonl or .parquet</span>
          <input value={to} onChange={(event) => setTo(event.target.value)} />
        </label>
        <button type="submit" disabled={labels === 0}>
          Write
        </button>
      </form>
      <p className="muted">.csv, .tsv, .jsonl or .parquet, by the name. A file of that name is replaced.</p>
      {said !== undefined && <p role="status">{said.text}</p>}
      {said?.isBad === false && <pre>textune train {to}</pre>}
    </section>
  );
}
