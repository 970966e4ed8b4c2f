/** The work at a sweep in this process, with progress, and what it came to at the end. */
import { z } from "zod";
import { fail } from "../../base/errors.js";
import type { Store } from "../../tracking/store/node/open-store.js";
import type { StoredSweep } from "../../tracking/sweeps/trials.js";
import type { CommandCall } from "../define-command.js";
import { formatDuration } from "../report-progress.js";
import { jsonText } from "../run-options.js";
import { describeParameter, describeSweep, describeTrial, reportOf } from "./describe-sweep.js";
import { executeTrials } from "./execute-trial.js";

export const workFields = {
  workers: z.number().int().positive().default(1).describe("trials at once: processes that share the cores"),
  count: z.number().int().positive().optional().describe("trials to run now at most; by default all there are"),
} as const;

type Work = Pick<
  CommandCall<{ readonly workers: number; readonly count?: number | undefined; readonly dir?: string | undefined }>,
  "options" | "json" | "signal" | "progress" | "say" | "results" | "terminal"
>;

/** @throws E_ABORTED after Ctrl-C, E_TRAINING where all trials failed, or the first of them */
export async function workHere(call: Work, store: Store, sweep: StoredSweep): Promise<void> {
  const { options, signal, progress, say, terminal } = call;
  const { listTrials } = await import("../../tracking/sweeps/trials.js");
  const { workOnSweep } = await import("../../tracking/sweeps/work-on-sweep.js");
  const { storeAddress } = await import("../../tracking/store/node/open-store.js");
  const before = await listTrials(store, sweep.id);
  const ended = new Set(before.filter(({ endedAt }) => endedAt !== undefined).map(({ number }) => number));
  const { size, config } = sweep;
  say(
    `sweep ${sweep.id}: ${config.method} over ${sweep.space.map(describeParameter).join(", ")}; ${
      size === undefined ? "trials without end, until Ctrl-C" : `${size} trials`
    }${ended.size === 0 ? "" : `, ${ended.size} done before`}`,
  );
  const running = new Set<number>();
  const show = (): void =>
    progress.update({
      step: ended.size,
      steps: size ?? ended.size + running.size,
      examples: ended.size,
      ...(running.size === 0 ? {} : { stage: `trial ${[...running].join(", ")}` }),
      unit: "trials",
    });
  const starts = new Map<number, number>();
  const end = await workOnSweep(store, sweep, {
    workers: options.workers,
    count: options.count,
    signal,
    execute: executeTrials(sweep, storeAddress(options.dir), options.workers),
    onStart({ number }) {
      running.add(number);
      starts.set(number, terminal.now());
      show();
    },
    onEnd(trial, { state, value, error }) {
      running.delete(trial.number);
      if (state !== "waiting") ended.add(trial.number);
      const seconds = (terminal.now() - (starts.get(trial.number) ?? terminal.now())) / 1000;
      const more = state === "failed" ? `  ${error}` : "";
      say(
        `trial ${trial.number} ${state}  ${describeTrial(sweep, { setting: trial.setting, value })}  ${formatDuration(seconds)}${more}`,
      );
      show();
    },
  });
  progress.stop();
  await report(call, store, sweep);
  if (end === "stopped")
    fail("E_ABORTED", {
      where: "sweep",
      got: `stopped after ${ended.size} trials`,
      fix: `go on by textune sweep resume ${sweep.id}`,
    });
  if (end === "all failed")
    fail("E_TRAINING", {
      where: `sweep ${sweep.id}`,
      expected: "a trial that goes well",
      got: "failures alone",
      fix: `look at them with textune sweep show ${sweep.id}`,
    });
}

/** Writes what is known of a sweep. */
export async function report(
  { json, results }: Pick<Work, "json" | "results">,
  store: Store,
  sweep: StoredSweep,
): Promise<void> {
  const { listTrials } = await import("../../tracking/sweeps/trials.js");
  const trials = await listTrials(store, sweep.id);
  const summary = reportOf(sweep, trials);
  await results.write(json ? jsonText({ ...summary, trials }) : describeSweep(sweep, trials, summary));
}
