/** `textune runs compare`: where runs differ. */
import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import type { RunDetails } from "../../tracking/queries/runs.js";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { jsonText, runArgument, storeFields, withStore } from "../run-options.js";
import { shortNumber, textTable } from "../text-table.js";

const EXAMPLES = `
Examples:
  $ textune runs compare k46i6ec4 p02mx9q1
  $ textune runs compare swift-otter-1 calm-lake-2 mild-oak-3 --all --json
`;

const runs = { ...runArgument, name: "runs", many: true, field: z.array(z.string()) } as const;
const fields = { all: z.boolean().default(false).describe("show what is the same, too") } as const;
const schema = z.object({ runs: runs.field, ...fields, ...storeFields });

/** One value of several runs. */
interface Difference {
  readonly what: string;
  readonly values: readonly unknown[];
  readonly same: boolean;
}

/** Adds the command to `program`. */
export function addRunsCompareCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "compare",
    summary: "show where runs differ",
    description: "Show where runs differ: configuration, results, data, versions, machine.",
    examples: EXAMPLES,
    arguments: [runs],
    groups: [
      { title: "What:", fields },
      { title: "Store:", fields: storeFields },
    ],
    schema,
    json: "print the values as JSON",
    quiet: "show no notices",
    run: compare,
  });
}

async function compare({ options, json, results, say }: CommandCall<z.output<typeof schema>>): Promise<void> {
  const { findRun } = await import("../../tracking/queries/runs.js");
  if (options.runs.length < 2)
    fail("E_USAGE", { where: "runs compare", expected: "two runs or more", got: String(options.runs.length) });
  const found = await withStore(options, async (store) => {
    const all: RunDetails[] = [];
    for (const asked of options.runs) all.push(await findRun(store, asked));
    return all;
  });
  const differences = differencesOf(found).filter(({ same }) => options.all || !same);
  if (json) {
    const ids = found.map(({ id, name }) => ({ id, name }));
    return results.write(jsonText({ runs: ids, differences }));
  }
  if (differences.length === 0) say("the runs differ in nothing that is recorded");
  const rows = differences.map(({ what, values }) => [what, ...values.map(text)]);
  await results.write(textTable(["", ...found.map(({ name }) => name)], rows));
}

function differencesOf(all: readonly RunDetails[]): Difference[] {
  const facts = all.map(factsOf);
  const names = new Set(facts.flatMap((one) => [...one.keys()]));
  return [...names].map((what) => {
    const values = facts.map((one) => one.get(what));
    const first = JSON.stringify(values[0]);
    return { what, values, same: values.every((value) => JSON.stringify(value) === first) };
  });
}

function factsOf(run: RunDetails): Map<string, unknown> {
  const { environment, config, summary } = run;
  const { git, machine, versions, data, model } = environment;
  return new Map<string, unknown>([
    ["state", run.state],
    ["seconds", Math.round(run.seconds * 10) / 10],
    ...named("config", config),
    ...named("summary", summary),
    ...named("data", data ?? {}),
    ...named("model", model ?? {}),
    ...named("versions", versions),
    ["git commit", git?.commit],
    ["git clean", git?.clean],
    ...named("machine", machine),
  ]);
}

function named(kind: string, values: object): [string, unknown][] {
  return Object.entries(values).map(([name, value]): [string, unknown] => [`${kind}.${name}`, value]);
}

function text(value: unknown): string {
  if (value === undefined) return "–";
  if (typeof value === "number") return shortNumber(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}
