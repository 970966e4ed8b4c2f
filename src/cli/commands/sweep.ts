/** `textune sweep`: many trainings, to find the best setting. */
import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { readSweepConfig } from "../../search/read-sweep-config.js";
import { type OpenSweep, openSweepConfig, type SweepConfigInput } from "../../search/sweep-config.js";
import type { Json } from "../../tracking/json.js";
import type { Recipe } from "../../tracking/sweeps/recipe.js";
import type { TrialQueue } from "../../tracking/sweeps/trial-queue.js";
import type { CommandContext } from "../command-context.js";
import { dataArgument } from "../data-source-options.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import type { OptionGroup } from "../option-schema.js";
import { jsonText, storeFields, withStore } from "../run-options.js";
import { checkParameters, trainingOptionsOf } from "../sweep/training-options.js";
import { workFields, workHere } from "../sweep/work-here.js";
import { trainGroups, trainSchema } from "../train-options.js";
import { addSweepLookCommands } from "./sweep-look.js";

const EXAMPLES = `
Examples:
  $ textune sweep sweep.yaml --data reviews.csv --text text --label sentiment
  $ textune sweep sweep.yaml --data reviews.csv --label sentiment --workers 2 --epochs 1
  $ textune sweep program.yaml --count 10
  $ textune sweep show k46i6ec4
  $ textune sweep resume k46i6ec4

The file is W&B's. Parameters are options of training; W&B's spelling of them (learning_rate) is understood:
  method: bayes                    # or grid, random
  metric: { name: best/macroF1, goal: maximize }
  parameters:
    learning_rate: { distribution: log_uniform_values, min: 1e-5, max: 1e-3 }
    batch_size: { values: [16, 32] }
  run_cap: 20
With "program" or "command" in the file, that is run instead of textune train.
`;

const file = { name: "sweep", description: "sweep in W&B's YAML, or JSON", field: z.string() } as const;

const sweepFields = {
  data: dataArgument.field.optional().describe("data to train on, as textune train takes it"),
  ...workFields,
  queue: z.boolean().default(false).describe("hand the trials to textune worker, through the PostgreSQL store"),
  project: z.string().min(1).optional().describe("project of the runs; by default what the file says"),
  ...storeFields,
} as const;

/** What the sweep itself decides of a training, or has no use for. */
const LEFT_OUT = ["Output:", "Recording:"];
const trainingGroups: readonly OptionGroup[] = trainGroups.filter(({ title }) => !LEFT_OUT.includes(title));
const { output, overwrite, resume, track, group, name, tags, notes, logModel, data, project, dir, ...trainingFields } =
  trainSchema.shape;

const schema = z.object({ sweep: file.field, ...trainingFields, ...sweepFields });
type Call = CommandCall<z.output<typeof schema>>;

/** Adds the command to `program`. */
export function addSweepCommand(program: Command, context: CommandContext): void {
  const command = defineCommand(program, context, {
    name: "sweep",
    summary: "try many settings, and find the best",
    description:
      "Try many settings of training, each as a recorded run, and find the best. Nothing leaves this machine.",
    examples: EXAMPLES,
    arguments: [file],
    groups: [{ title: "Sweep:", fields: sweepFields }, ...trainingGroups],
    schema,
    json: "print the trials, the best and the importance of parameters as JSON",
    quiet: "show neither progress nor notices",
    unit: "trials",
    stopping: "stopping the trials that run; press Ctrl-C again to stop at once",
    run: sweep,
  });
  command.enablePositionalOptions();
  addSweepLookCommands(command, context);
}

async function sweep(call: Call): Promise<void> {
  const { options } = call;
  const config = readSweepConfig(await read(options.sweep), options.sweep);
  const opened = openSweepConfig(config, options.sweep);
  const recipe = recipeOf(call, opened);
  const { createSweep, findSweep } = await import("../../tracking/sweeps/trials.js");
  const handed = await openQueue(call, opened);
  try {
    await withStore(
      options,
      async (store) => {
        const id = await createSweep(store, config as SweepConfigInput, {
          project: options.project ?? opened.config.project ?? "uncategorized",
          recipe,
          now: Date.now(),
        });
        if (handed === undefined) return workHere(call, store, await findSweep(store, id));
        const { trials, queue } = handed;
        await queue.add(
          id,
          Array.from({ length: trials }, (_, number) => number),
        );
        if (call.json) await call.results.write(jsonText({ id, trials }));
        call.say(`sweep ${id}: ${trials} trials wait for textune worker; see textune sweep show ${id}`);
      },
      false,
    );
  } finally {
    await handed?.queue.close();
  }
}

/** Where trials are handed to whoever works at the queue, their number and the queue. */
async function openQueue(
  { options }: Call,
  { size }: OpenSweep,
): Promise<{ trials: number; queue: TrialQueue } | undefined> {
  if (!options.queue) return undefined;
  const { storeAddress } = await import("../../tracking/store/node/open-store.js");
  const { openTrialQueue } = await import("../../tracking/sweeps/trial-queue.js");
  const trials = Math.min(size ?? Number.POSITIVE_INFINITY, options.count ?? Number.POSITIVE_INFINITY);
  if (!Number.isFinite(trials))
    fail("E_CONFIG", {
      where: options.sweep,
      expected: "a number of trials for the queue",
      got: "a sweep without end",
      fix: "write run_cap in the file, or add --count N",
    });
  return { trials, queue: await openTrialQueue(storeAddress(options.dir)) };
}

async function read(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) =>
    fail("E_CONFIG", {
      where: path,
      expected: "a sweep in W&B's YAML",
      got: error.code === "ENOENT" ? "no such file" : error.code === "EISDIR" ? "a folder" : error.message,
    }),
  );
}

/** How the trials are run: by the program of the file, or else by `textune train` with what was given here. */
function recipeOf({ given, options }: Call, { config, space }: OpenSweep): Recipe {
  const directory = process.cwd();
  const fixed = Object.entries(given).filter(([key]) => key in trainingFields || key === "data");
  if (config.program !== undefined || config.command !== undefined) {
    const [first] = fixed;
    if (first !== undefined)
      fail("E_USAGE", {
        option: first[0],
        expected: "nothing of training beside a program",
        got: `a sweep file with ${config.program === undefined ? "a command" : "a program"}`,
        fix: "leave it out, or the program in the file",
      });
    return { kind: "program", directory };
  }
  if (options.data === undefined)
    fail("E_USAGE", {
      option: "data",
      expected: "data to train on, or a program in the sweep file",
      got: "neither",
      fix: "add --data FILE",
    });
  checkParameters(space);
  const searched = Object.keys(trainingOptionsOf(space, Object.fromEntries(space.map((one) => [one.name, ""]))));
  const twice = fixed.find(([key]) => searched.includes(key));
  if (twice !== undefined)
    fail("E_USAGE", { option: twice[0], expected: "it in the sweep file or here", got: "both", fix: "leave one out" });
  return { kind: "train", directory, options: Object.fromEntries(fixed) as Readonly<Record<string, Json>> };
}
