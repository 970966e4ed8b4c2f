/** `textune worker`: runs trials of sweeps that were queued, on any number of machines. */
import type { Command } from "commander";
import { z } from "zod";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { storeFields, withStore } from "../run-options.js";
import { describeTrial } from "../sweep/describe-sweep.js";
import { executeTrials } from "../sweep/execute-trial.js";
import { workFields } from "../sweep/work-here.js";

const EXAMPLES = `
Examples:
  $ export TEXTUNE_STORE=postgres://team@host/runs
  $ textune sweep sweep.yaml --data reviews.csv --label sentiment --queue
  $ textune worker                 # on each machine
  $ textune worker --workers 2 --drain
`;

const fields = {
  workers: workFields.workers,
  drain: z.boolean().default(false).describe("end once there is nothing left to do"),
} as const;
const schema = z.object({ ...fields, ...storeFields });

/** Adds the command to `program`. */
export function addWorkerCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "worker",
    summary: "run queued trials of sweeps, on any number of machines",
    description:
      "Take trials of sweeps from the queue on the PostgreSQL server of the store, and run them. What a worker had that dies is taken over by another.",
    examples: EXAMPLES,
    arguments: [],
    groups: [
      { title: "Worker:", fields },
      { title: "Store:", fields: storeFields },
    ],
    schema,
    json: "print a line of JSON for each trial that ended",
    quiet: "show no notices",
    stopping: "giving back the trials that run; press Ctrl-C again to stop at once",
    run: work,
  });
}

async function work({ options, signal, say, json, results }: CommandCall<z.output<typeof schema>>): Promise<void> {
  const { storeAddress } = await import("../../tracking/store/node/open-store.js");
  const { openTrialQueue } = await import("../../tracking/sweeps/trial-queue.js");
  const { workOnQueue } = await import("../../tracking/sweeps/work-on-queue.js");
  const address = storeAddress(options.dir);
  const queue = await openTrialQueue(address);
  try {
    await withStore(options, async (store) => {
      say("waiting for trials; Ctrl-C ends");
      await workOnQueue(store, queue, {
        ...{ workers: options.workers, drain: options.drain, signal },
        execute: (sweep, trial, stop) => executeTrials(sweep, address, options.workers)(trial, stop),
        onStart: (sweep, trial) => say(`sweep ${sweep.id}, trial ${trial.number}, attempt ${trial.attempt}`),
        onEnd(sweep, trial, end) {
          const { state, value, error } = end;
          if (json)
            void results.write(`${JSON.stringify({ sweep: sweep.id, number: trial.number, state, value, error })}\n`);
          const told = describeTrial(sweep, { setting: trial.setting, value });
          say(`sweep ${sweep.id}, trial ${trial.number} ${state}  ${told}${state === "failed" ? `  ${error}` : ""}`);
        },
      });
    });
  } finally {
    await queue.close();
  }
}
