/** A file that is labelled, row by row. */
import { useEffect, useRef, useState } from "react";
import type { LabelFiles, LabelQuestion, LabelState } from "../../src/studio/wire/labels.js";
import { ask } from "../asking.js";
import { ScrolledText } from "../parts/scrolled-text.js";
import { useKeys } from "../shell/keys.js";
import { classKeys } from "./class-keys.js";
import { ExportLabels } from "./export-labels.js";
import { LabelCurve } from "./label-curve.js";
import { LabelHead } from "./label-head.js";
import { NewClass } from "./new-class.js";
import { SuspectLabels } from "./suspect-labels.js";

/** Milliseconds between looks while something is computed. */
const LOOK = 700;

interface Props {
  readonly first: LabelState;
  readonly strategies: LabelFiles["strategies"];
  readonly onLeave: () => void;
}

export function LabelFile({ first, strategies, onLeave }: Props) {
  const [state, setState] = useState(first);
  const [error, setError] = useState<string>();
  /** Rows that were decided here and not yet there, so that the next one stands at once. */
  const [sent, setSent] = useState<ReadonlySet<number>>(new Set());
  /** Keys of decisions that found no row, since the latest that did. */
  const [missed, setMissed] = useState(0);
  /** A row that is labelled once more. */
  const [again, setAgain] = useState<{ readonly row: number; readonly text: string }>();
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const { path, classes } = state;
  const question: LabelQuestion | undefined =
    again === undefined ? state.questions.find(({ row }) => !sent.has(row)) : { ...again, isCheck: false };
  const chances = question?.probabilities;
  const keys = classKeys(classes.length);

  const send = (way: string, body: object, row?: number): void => {
    if (row !== undefined) setSent((before) => new Set([...before, row]));
    queue.current = queue.current
      .then(() => ask<LabelState>(`/api/label/${way}`, { method: "POST", body: { path, ...body } }))
      .then(
        (next) => {
          setState(next);
          setError(undefined);
        },
        (reason: Error) => setError(reason.message),
      )
      .finally(() => {
        if (row !== undefined) setSent((before) => new Set([...before].filter((one) => one !== row)));
      });
  };
  const decide = (action: "label" | "skip" | "unsure", label?: string): void => {
    if (question === undefined) {
      if (sent.size > 0) setMissed((before) => before + 1);
      return;
    }
    setMissed(0);
    send("decide", { row: question.row, action, ...(label === undefined ? {} : { label }) }, question.row);
    setAgain(undefined);
  };
  useKeys([
    ...classes.slice(0, keys.length).map(({ name }, c) => ({
      keys: keys[c],
      label: name,
      run: () => decide("label", name),
    })),
    { keys: "s", label: "skip this row", run: () => decide("skip") },
    { keys: "u", label: "unsure", run: () => decide("unsure") },
    { keys: "z", label: "undo", run: () => send("undo", {}) },
  ]);
  const isWorking = state.work !== undefined;
  useEffect(() => {
    if (!isWorking) return;
    const timer = setInterval(() => {
      ask<LabelState>("/api/label", { query: { path } }).then(setState, () => {});
    }, LOOK);
    return () => clearInterval(timer);
  }, [isWorking, path]);

  const done = state.labels + state.passed;
  return (
    <>
      <LabelHead file={path} onLeave={onLeave}>
        {state.labels.toLocaleString("en")} labelled, {state.passed.toLocaleString("en")} passed over, of{" "}
        {state.rows.toLocaleString("en")}
      </LabelHead>
      <progress className="label-progress" max={state.rows} value={done} aria-label="rows decided" />
      {state.notices.map((notice) => (
        <p key={notice} className="note">
          {notice}
        </p>
      ))}
      {error !== undefined && (
        <p className="banner" role="alert">
          {error}
        </p>
      )}
      <div className="labelling">
        <section className="card ask" aria-label="The row to label">
          {question === undefined ? (
            <p className="state">
              {sent.size > 0
                ? "The next rows are on their way …"
                : "All rows are decided. Export the labels, or look through the doubts."}
            </p>
          ) : (
            <>
              <p className="muted ask-head">
                Row {question.row + 1}
                {again !== undefined && " once more"}
                {question.isCheck && " · drawn by chance"}
              </p>
              <ScrolledText className="ask-text">{question.text}</ScrolledText>
              {question.textPair !== undefined && (
                <ScrolledText className="ask-text second">{question.textPair}</ScrolledText>
              )}
            </>
          )}
          {missed > 0 && (
            <p className="note" role="status">
              {missed === 1 ? "1 key was" : `${missed} keys were`} not counted: the next row was not here yet.
            </p>
          )}
          <ul className="classes">
            {classes.map(({ name, labels }, c) => (
              <li key={name}>
                <button type="button" disabled={question === undefined} onClick={() => decide("label", name)}>
                  <kbd>{keys[c] ?? "·"}</kbd>
                  <span className="class-name">{name}</span>
                  <span className="muted">{labels}</span>
                  <meter
                    min={0}
                    max={1}
                    value={chances?.[c] ?? 0}
                    aria-label={`${name}: probability`}
                    title={chances === undefined ? "no model yet" : `${(100 * (chances[c] ?? 0)).toFixed(0)} %`}
                  />
                </button>
              </li>
            ))}
            <li>
              <NewClass isOpen={question !== undefined} onName={(name) => decide("label", name)} />
            </li>
          </ul>
          <div className="row">
            <button type="button" disabled={question === undefined} onClick={() => decide("skip")}>
              Skip <kbd>s</kbd>
            </button>
            <button type="button" disabled={question === undefined} onClick={() => decide("unsure")}>
              Unsure <kbd>u</kbd>
            </button>
            <button type="button" disabled={state.last === undefined} onClick={() => send("undo", {})}>
              Undo <kbd>z</kbd>
            </button>
            {again !== undefined && (
              <button type="button" className="quiet" onClick={() => setAgain(undefined)}>
                Back to the next row
              </button>
            )}
          </div>
          {state.last !== undefined && (
            <p className="muted last">
              Last: {state.last.label} · {state.last.text.slice(0, 90)}
            </p>
          )}
        </section>
        <section className="card" aria-label="The model">
          <header>
            <h2>The model</h2>
            <label>
              <span className="hidden">Which rows come next</span>
              <select value={state.strategy} onChange={(event) => send("strategy", { strategy: event.target.value })}>
                {strategies.map(({ name, title }) => (
                  <option key={name} value={name}>
                    {title}
                  </option>
                ))}
              </select>
            </label>
          </header>
          <p className="muted">Next come {strategies.find(({ name }) => name === state.strategy)?.summary}.</p>
          <p className={state.advice.hasStopped ? "advice stopped" : "advice"} role="status">
            {state.failure ?? state.advice.sentence}
          </p>
          <LabelCurve points={state.curve} />
          <p className="muted work">{workOf(state)}</p>
        </section>
        <SuspectLabels state={state} onOpen={setAgain} />
        <ExportLabels path={path} labels={state.labels} />
      </div>
    </>
  );
}

function workOf({ work }: LabelState): string {
  if (work === undefined) return "The model knows all labels.";
  if (work.what === "model") return "The model learns …";
  return `Reading the texts: ${work.done.toLocaleString("en")} of ${work.total.toLocaleString("en")}. Label meanwhile.`;
}
