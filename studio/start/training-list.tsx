import { Link } from "wouter";
import type { Training } from "../../src/studio/wire/trainings.js";
import { useChange } from "../asking.js";
import { moment } from "../parts/numbers.js";
import { Failure } from "../parts/states.js";
import { runPage } from "../runs/run-address.js";

const LOOKS = {
  running: "running",
  stopping: "running",
  finished: "finished",
  stopped: "killed",
  failed: "failed",
} as const;

/** The trainings that were started from here, the newest first, with what they say. */
export function TrainingCards({ trainings }: { readonly trainings: readonly Training[] }) {
  return (
    <div className="trainings" aria-live="polite">
      {trainings.map((training) => (
        <TrainingCard key={training.id} training={training} />
      ))}
    </div>
  );
}

function TrainingCard({ training }: { readonly training: Training }) {
  const { id, data, output, state, startedAt, recorded, lines } = training;
  const stop = useChange<object>(`/api/trainings/${encodeURIComponent(id)}/stop`, "POST", ["/api/trainings"]);
  const isRunning = state === "running" || state === "stopping";
  return (
    <section className="card" aria-label={`Training of ${data} to ${output}`}>
      <header>
        <h2>
          {data} → {output}
        </h2>
        <span className={`run-state ${LOOKS[state]}`}>{state}</span>
      </header>
      <p className="row">
        <span className="muted">{moment(startedAt)}</span>
        {recorded ? (
          <Link href={runPage(id)}>Watch its run</Link>
        ) : (
          <span className="muted">{isRunning ? "Its run is there once the data is read." : "It left no run."}</span>
        )}
        {state === "finished" && <Link href={tryPage(output)}>Try it</Link>}
        {isRunning && (
          <button type="button" onClick={() => stop.mutate({})}>
            {state === "running" ? "Stop" : "Stop at once"}
          </button>
        )}
      </p>
      {state === "failed" && (
        <p className="said-why" role="alert">
          {whyOf(lines)}
        </p>
      )}
      {stop.error !== null && <Failure error={stop.error} />}
      {lines.length > 0 && (
        <details open={isRunning}>
          <summary>What it said</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
          <pre tabIndex={0}>{lines.join("\n")}</pre>
        </details>
      )}
    </section>
  );
}

/** The page that tries the classifier in a folder. */
const tryPage = (folder: string): string => `/try?model=${encodeURIComponent(`folder:${folder}`)}`;

/** The sentence among the last lines that says what went wrong. */
function whyOf(lines: readonly string[]): string {
  const telling = lines.findLast((line) => /: expected|error/i.test(line));
  return telling ?? lines.at(-1) ?? "It ended without a word.";
}
