import type { SweepRow } from "../../src/studio/wire/sweeps.js";

/** Milliseconds after which running sweeps are asked for again: the end of a trial is no change of its run. */
const EVERY = 3000;

export function whileRunning(sweeps: readonly Pick<SweepRow, "counts">[]): number | undefined {
  return sweeps.some(({ counts }) => counts.running > 0) ? EVERY : undefined;
}

/** How far a sweep is, as a bar and in words: "12 of 30 trials, 1 running, 2 failed". */
export function SweepProgress({ sweep: { counts, size } }: { readonly sweep: SweepRow }) {
  const ended = counts.finished + counts.stopped + counts.failed;
  const first = size === undefined ? `${ended} ${ended === 1 ? "trial" : "trials"}` : `${ended} of ${size} trials`;
  const others = (["running", "waiting", "stopped", "failed"] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${state === "stopped" ? "stopped early" : state}`);
  return (
    <span className="sweep-progress">
      {size !== undefined && <progress max={size} value={ended} aria-label="Trials that ended" />}
      {[first, ...others].join(", ")}
    </span>
  );
}
