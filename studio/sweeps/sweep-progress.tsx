import type { SweepRow } from "../../src/studio/wire/sweeps.js";

/** How far a sweep is, as a bar and in words. */
export function SweepProgress({ sweep }: { readonly sweep: SweepRow }) {
  const { counts, size } = sweep;
  const ended = counts.finished + counts.stopped + counts.failed;
  return (
    <span className="sweep-progress">
      {size !== undefined && <progress max={size} value={ended} aria-label="Trials that ended" />}
      {progressText(sweep)}
    </span>
  );
}

/** "12 of 30 trials, 1 running, 2 failed". */
export function progressText({ counts, size }: Pick<SweepRow, "counts" | "size">): string {
  const ended = counts.finished + counts.stopped + counts.failed;
  const others = (["running", "waiting", "stopped", "failed"] as const)
    .filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${state === "stopped" ? "stopped early" : state}`);
  const first = size === undefined ? `${ended} ${ended === 1 ? "trial" : "trials"}` : `${ended} of ${size} trials`;
  return [first, ...others].join(", ");
}
