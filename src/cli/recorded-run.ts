/** A training on the command line as a recorded run. */
import { z } from "zod";
import { exitCode } from "../base/errors.js";
import { given } from "../base/given.js";
import type { Run } from "../tracking/run.js";
import { trackerOnceBegun } from "../tracking/tracking-callbacks.js";
import { withoutPassword } from "../tracking/without-password.js";
import type { Callbacks } from "../training/callbacks.js";
import type { HeldOutOutputs, TrainResult } from "../workflows/node/train-classifier.js";
import { storeFields } from "./run-options.js";

/** How a training is recorded. */
export const trackingFields = {
  track: z.boolean().default(true).describe("record the run: options, data, curves, console; see textune runs"),
  project: z.string().min(1).optional().describe("project of the run"),
  group: z.string().optional().describe("group of runs that it belongs to"),
  name: z.string().optional().describe("name of the run; two words and a number by default"),
  tags: z.array(z.string().min(1).max(64)).optional().describe("word to find the run by"),
  notes: z.string().optional().describe("what is to be said of the run"),
  logModel: z.boolean().default(false).describe("keep the classifier as an artifact of the run"),
  dir: storeFields.dir,
} as const;

export interface RecordingRequest {
  readonly options: z.output<z.ZodObject<typeof trackingFields>>;
  /** What the command was given, for `textune runs reproduce`. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly model: string;
  readonly warn: (line: string) => void;
}

/** A training that is recorded from the moment its data is read: a wrong file is no run. */
export interface Recording {
  /** Starts the run. */
  begin(): void;
  readonly callbacks: Callbacks;
  readonly onOutputs: (event: HeldOutOutputs) => void;
  /** The result of `training`; the run ends as it does: finished, failed, or killed by Ctrl-C. */
  around(training: Promise<TrainResult>): Promise<TrainResult>;
}

export function createRecording({ options, given: words, model, warn }: RecordingRequest): Recording {
  const { track, project, group, name, tags, notes, dir, logModel } = options;
  let starting: Promise<{ readonly run: Run; readonly tracking: Callbacks }> | undefined;
  let logHeldOut:
    | ((part: string, outputs: HeldOutOutputs["outputs"], textOf: (row: number) => string) => void)
    | undefined;
  const start = async (): Promise<{ readonly run: Run; readonly tracking: Callbacks }> => {
    const { init } = await import("../tracking/init.js");
    const { logOutputs, tracker } = await import("../tracking/tracker.js");
    const run = await init({
      ...given({ project, group, name, tags, notes, dir }),
      jobType: "train",
      mode: track ? "online" : "disabled",
      onWarning: warn,
    });
    run.describe({
      model: { source: model },
      reproduce: { command: "train", given: JSON.parse(withoutPassword(JSON.stringify(words))) },
    });
    logHeldOut = (...outputs) => logOutputs(run, ...outputs);
    return { run, tracking: tracker(run, { logModel }) };
  };
  return {
    begin() {
      starting = start();
      // Whoever waits for it hears of the failure.
      starting.catch(() => {});
    },
    callbacks: trackerOnceBegun(async () => (await starting)?.tracking),
    onOutputs({ part, dataset, outputs }) {
      logHeldOut?.(part, outputs, (row) => dataset.text(row));
    },
    async around(training) {
      try {
        const result = await training;
        const run = (await starting)?.run;
        if (run !== undefined && result.test !== undefined) {
          const { logEvaluation } = await import("../tracking/tracker.js");
          logEvaluation(run, "test", result.test);
        }
        await run?.finish({ exitCode: result.history.aborted ? 130 : 0 });
        return result;
      } catch (error) {
        const run = (await starting?.catch(() => undefined))?.run;
        run?.summary.update({ error: error instanceof Error ? error.message : String(error) });
        await run?.finish({ exitCode: exitCode(error) });
        throw error;
      }
    },
  };
}
