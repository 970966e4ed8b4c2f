/** `textune runs reproduce`: the same training again, and whether it comes to the same. */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { oneLine } from "../../base/printable.js";
import { stopIfAborted } from "../../base/stop-if-aborted.js";
import type { RunDetails } from "../../tracking/queries/runs.js";
import type { MetricDifference, SurroundingDifference } from "../../tracking/queries/same-results.js";
import type { Store } from "../../tracking/store/node/open-store.js";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { jsonText, runArgument, storeFields, withStore } from "../run-options.js";
import { shellWord } from "../shell-word.js";
import { shortNumber, textTable } from "../text-table.js";

const EXAMPLES = `
Examples:
  $ textune runs reproduce k46i6ec4
  $ textune runs reproduce swift-otter-12 --output again --json
`;

const fields = {
  output: z.string().optional().describe("folder to keep the classifier in; by default it is thrown away"),
} as const;
const schema = z.object({ run: runArgument.field, ...fields, ...storeFields });
type Call = CommandCall<z.output<typeof schema>>;

/** Options that say where things go, not what is done. */
const PLACES = ["output", "overwrite", "track", "name", "tags", "notes", "logModel", "dir"];

/** Adds the command to `program`. */
export function addRunsReproduceCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "reproduce",
    summary: "train again as a run did, and compare",
    description:
      "Train again with the options of a run on its data, say what differs, and compare every number. On the same machine they are the same bits.",
    examples: EXAMPLES,
    arguments: [runArgument],
    groups: [
      { title: "Output:", fields },
      { title: "Store:", fields: storeFields },
    ],
    schema,
    json: "print what differs as JSON",
    quiet: "show no progress",
    run: reproduce,
  });
}

async function reproduce(call: Call): Promise<void> {
  const { findRun, listRuns } = await import("../../tracking/queries/runs.js");
  const { compareMetrics, surroundingDifferences } = await import("../../tracking/queries/same-results.js");
  const { options } = call;
  const then = await withStore(options, (store) => findRun(store, options.run));
  const tag = `reproduces-${then.id}`;
  await trainAgain(call, then, tag);
  await withStore(options, async (store: Store) => {
    const { runs } = await listRuns(store, { tags: [tag], limit: 1 });
    const now = await findRun(store, runs[0]?.id ?? tag);
    const surroundings = surroundingDifferences(then.environment, now.environment);
    const metrics = await compareMetrics(store, then, now);
    const different = metrics.filter(({ firstStep }) => firstStep !== undefined);
    if (call.json) {
      const same = different.length === 0;
      await call.results.write(jsonText({ run: then.id, again: now.id, same, surroundings, metrics }));
    } else await call.results.write(describe(then, now, surroundings, metrics));
    if (different.length > 0)
      fail("E_TRAINING", {
        where: "runs reproduce",
        expected: `the numbers of ${then.id}`,
        got: `${different.length} of ${metrics.length} metrics that differ, the first at step ${Math.min(...different.map(({ firstStep }) => firstStep ?? 0))}`,
      });
  });
}

/** Runs the command in a process of its own, in the folder where it ran. */
async function trainAgain(call: Call, then: RunDetails, tag: string): Promise<void> {
  const { reproduce: recipe, directory } = then.environment;
  if (recipe?.command !== "train")
    fail("E_USAGE", {
      where: `run ${then.id}`,
      expected: "a run of textune train",
      got: `one of ${oneLine(then.environment.command.join(" "), 80)}`,
      fix: "run its program again",
    });
  if (!existsSync(directory))
    fail("E_DATA", { where: `run ${then.id}`, expected: `the folder it ran in, ${directory}`, got: "none" });
  const given = Object.entries(recipe.given as Readonly<Record<string, unknown>>);
  const { storeAddress } = await import("../../tracking/store/node/open-store.js");
  const place = await mkdtemp(join(tmpdir(), "textune-reproduce-"));
  try {
    const config = {
      ...Object.fromEntries(given.filter(([name]) => !PLACES.includes(name))),
      output: call.options.output === undefined ? join(place, "classifier") : resolve(call.options.output),
      tags: [tag],
      project: then.project,
    };
    await writeFile(join(place, "options.json"), JSON.stringify(config));
    const words = ["train", "--config", join(place, "options.json"), "--json", ...(call.quiet ? ["--quiet"] : [])];
    const main = process.argv[1] as string;
    call.say(`training as ${then.id} did, in ${shellWord(directory)}`);
    const child = spawn(process.execPath, [...process.execArgv, main, ...words], {
      cwd: directory,
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, TEXTUNE_STORE: storeAddress(call.options.dir) },
    });
    const stop = (): void => void child.kill("SIGINT");
    call.signal.addEventListener("abort", stop);
    const code = await new Promise<number | null>((done, failed) => child.once("error", failed).once("close", done));
    call.signal.removeEventListener("abort", stop);
    stopIfAborted(call.signal, "runs reproduce");
    if (code !== 0)
      fail("E_TRAINING", { where: "runs reproduce", expected: "the training to end well", got: `exit code ${code}` });
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

function describe(
  then: RunDetails,
  now: RunDetails,
  surroundings: readonly SurroundingDifference[],
  metrics: readonly MetricDifference[],
): string {
  const different = metrics.filter(({ firstStep }) => firstStep !== undefined);
  const text = (value: unknown): string => (value === undefined ? "none" : String(value));
  const heading = `${then.id} and again ${now.id}\n`;
  const around =
    surroundings.length === 0
      ? "\nThe same versions, machine, source and data.\n"
      : `\n${textTable(
          ["differs", "then", "now"],
          surroundings.map((one) => [one.what, text(one.before), text(one.after)]),
          60,
        )}`;
  if (different.length === 0) {
    const points = metrics.reduce((sum, one) => sum + one.points[0], 0);
    return `${heading}${around}\nThe same bits: ${points} values of ${metrics.length} metrics.\n`;
  }
  const rows = different.map((one) => [
    one.metric,
    `${one.points[0]} / ${one.points[1]}`,
    String(one.firstStep),
    shortNumber(one.largest),
  ]);
  return `${heading}${around}\n${textTable(["metric", "points", "differs from step", "at most by"], rows)}`;
}
