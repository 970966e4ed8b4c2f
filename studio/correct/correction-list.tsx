/** The labels that were corrected, a file of them, and a training with them. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import type { CorrectionState } from "../../src/studio/wire/corrections.js";
import type { Training, TrainingList } from "../../src/studio/wire/trainings.js";
import { ask, type Refusal, useApi, useChange } from "../asking.js";
import { Failure } from "../parts/states.js";
import { comparePage } from "../runs/run-address.js";
import { TrainingCards } from "../start/training-list.js";
import { correctionsPath } from "./correct-address.js";
import { labelOf, readable } from "./row-label.js";

const EVERY = 1000;

export function CorrectionList({ state }: { readonly state: CorrectionState }) {
  const { run, kind, corrections, rows, file } = state;
  const relabel = useChange<object>(`${correctionsPath(run)}/relabel`, "POST", ["/api/corrections"]);
  const heldOut = rows.validation + rows.test;
  return (
    <section className="card" aria-label="Corrections">
      <header>
        <h2>Corrections</h2>
      </header>
      {corrections.length === 0 ? (
        <p className="muted">None yet. The data itself is never changed: corrections are written to {file}.</p>
      ) : (
        <>
          <p>
            {rows.train} {rows.train === 1 ? "row" : "rows"} to train on, {heldOut} held out. Those held out change what
            is measured, not what is learned. They are in {file}.
          </p>
          <ul className="corrections">
            {corrections.map((one) => (
              <li key={`${one.part} ${one.row}`}>
                <span>
                  {readable(kind, one.label)} → <strong>{readable(kind, labelOf(one))}</strong>
                </span>
                <span className="cut" title={one.text}>
                  {one.text}
                </span>
                <button
                  type="button"
                  onClick={() => relabel.mutate({ part: one.part, row: one.row, label: one.label })}
                  aria-label={`Take back: ${one.text.slice(0, 80)}`}
                >
                  Take back
                </button>
              </li>
            ))}
          </ul>
          {relabel.error !== null && <Failure error={relabel.error} />}
          <ExportData state={state} />
        </>
      )}
    </section>
  );
}

function ExportData({ state: { run, source } }: { readonly state: CorrectionState }) {
  const [to, setTo] = useState(`${source.replace(/^.*\//, "").replace(/(\.\w+)?(\.gz)?$/, "")}-corrected.csv`);
  /** What this page wrote it may write once more. */
  const [written, setWritten] = useState<string>();
  const writing = useMutation<{ path: string; rows: number }, Refusal>({
    mutationFn: () =>
      ask(`${correctionsPath(run)}/export`, { method: "POST", body: { to, overwrite: to === written } }),
    onSuccess: () => setWritten(to),
  });
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        writing.mutate();
      }}
    >
      <label className="grow">
        <span className="hidden">File for the corrected data: .csv, .tsv, .jsonl or .parquet</span>
        <input value={to} onChange={(event) => setTo(event.target.value)} />
      </label>
      <button type="submit" disabled={to === ""}>
        Write the corrected data
      </button>
      {writing.data !== undefined && (
        <p role="status">
          {writing.data.rows.toLocaleString("en")} rows are in {writing.data.path}.
        </p>
      )}
      {writing.error !== null && <Failure error={writing.error} />}
    </form>
  );
}

/** Trains as the run did, with the corrections, and leads to what that changed. */
export function TrainAgain({ state }: { readonly state: CorrectionState }) {
  const { run, canTrain, corrections } = state;
  const [asked, setOutput] = useState<string>();
  const output = asked ?? state.output;
  const client = useQueryClient();
  const list = useApi<TrainingList>(
    "/api/trainings",
    {},
    { every: ({ trainings }) => (trainings.some(({ endedAt }) => endedAt === undefined) ? EVERY : undefined) },
  );
  const start = useMutation<Training, Refusal>({
    mutationFn: () => ask(`${correctionsPath(run)}/train`, { method: "POST", body: { output } }),
    onSuccess: () => {
      setOutput(undefined);
      return client.invalidateQueries({
        predicate: ({ queryKey }) => /^\/api\/(trainings|corrections)/.test(String(queryKey[0])),
      });
    },
  });
  const trainings = (list.data?.trainings ?? []).filter(({ again }) => again === run);
  if (!canTrain || (corrections.length === 0 && trainings.length === 0)) return null;
  return (
    <section aria-label="Train again">
      <form
        className="card"
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate();
        }}
      >
        <header>
          <h2>Train again</h2>
        </header>
        <p className="muted">As this run did, with the same options and the same rows in each part.</p>
        <p className="row">
          <label className="grow">
            <span className="hidden">A new folder for the classifier</span>
            <input required value={output} onChange={(event) => setOutput(event.target.value)} />
          </label>
          <button type="submit" className="primary" disabled={corrections.length === 0 || start.isPending}>
            Train with the corrections
          </button>
        </p>
        {start.error !== null && <Failure error={start.error} />}
      </form>
      {trainings
        .filter(({ state: one }) => one === "finished")
        .map(({ id, output: to }) => (
          <p key={id} className="changed">
            <Link href={comparePage([run, id])}>What {to} does otherwise</Link>
          </p>
        ))}
      <TrainingCards trainings={trainings} />
    </section>
  );
}
