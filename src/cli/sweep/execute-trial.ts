/** How the command line runs a trial: by `textune train`, or by the sweep's program. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fail } from "../../base/errors.js";
import { nested } from "../../search/space.js";
import { runProgram } from "../../tracking/sweeps/run-program.js";
import { trialCommand } from "../../tracking/sweeps/trial-command.js";
import type { StoredSweep, Trial } from "../../tracking/sweeps/trials.js";
import type { Execution } from "../../tracking/sweeps/work-on-sweep.js";
import { trainingOptionsOf } from "./training-options.js";

/** Runs trials of `sweep`, `workers` of them at once: each has its share of the processor's cores. */
export function executeTrials(
  sweep: StoredSweep,
  address: string,
  workers: number,
): (trial: Trial, signal: AbortSignal) => Promise<Execution> {
  const { recipe, space, config } = sweep;
  if (recipe.kind === "function")
    return fail("E_USAGE", {
      where: `sweep ${sweep.id}`,
      expected: "a sweep of a command",
      got: "one of a function in a program",
      fix: "run its program again, which calls agent",
    });
  const threads = Math.max(1, Math.floor(availableParallelism() / workers));
  return async ({ setting, runId }, signal) => {
    const place = await mkdtemp(join(tmpdir(), "textune-trial-"));
    try {
      const parameters = recipe.kind === "train" ? trainingOptionsOf(space, setting) : nested(space, setting);
      const trial = { runId, project: sweep.project, group: sweep.id, config: parameters, address };
      const argsFile = join(place, "parameters.json");
      const options =
        recipe.kind === "train"
          ? { threads, saveStrategy: "no", ...recipe.options, ...parameters, output: join(place, "classifier") }
          : parameters;
      await writeFile(argsFile, JSON.stringify(options));
      const command =
        recipe.kind === "train"
          ? [process.execPath, ...process.execArgv, process.argv[1] as string, "train", "--config", argsFile, "--json"]
          : trialCommand({ ...config, config: parameters, argsFile, environment: process.env });
      // Libraries of other programs read this one.
      const environment = { OMP_NUM_THREADS: String(threads) };
      return await runProgram({ command, directory: recipe.directory, trial, environment, signal });
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  };
}
