import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { personsTerminal } from "../../tests/support/terminal.js";
import { commands } from "./command-registry.js";
import { textFields } from "./data-source-options.js";
import { type CommandCall, type CommandRecord, defineCommand } from "./define-command.js";
import { kebabCase } from "./option-schema.js";

const fields = { rate: z.number().default(2).describe("rate"), deep: z.boolean().default(false).describe("deep") };
const several = z.union([z.string(), z.array(z.string())]);
const schema = z.object({ place: z.string(), files: several.optional(), ...fields });
type Call = CommandCall<z.output<typeof schema>>;

function recordOf(run: (call: Call) => Promise<void>): CommandRecord<typeof schema.shape> {
  return {
    name: "go",
    summary: "go",
    description: "Go.",
    examples: "",
    arguments: [
      { name: "place", description: "a place", field: z.string() },
      { name: "files", description: "files", field: several, many: true, optional: true },
    ],
    groups: [{ title: "All:", fields }],
    schema,
    json: "print JSON",
    quiet: "be quiet",
    run,
  };
}

async function run(
  args: readonly string[],
  work: (call: Call) => Promise<void>,
  terminal = personsTerminal().terminal,
) {
  const program = new Command("textune").exitOverride().configureOutput({ outputError: () => {} });
  defineCommand(program, { terminal }, recordOf(work));
  await program.parseAsync(["go", ...args], { from: "user" });
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "textune-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a command", () => {
  it("gets arguments and options from the command line before the configuration file before the defaults", async () => {
    const config = join(folder, "run.json");
    await writeFile(config, JSON.stringify({ place: "there", files: ["a", "b"], rate: 3, deep: true }));
    const seen: unknown[] = [];
    const look = async ({ options, given, json }: Call): Promise<void> => void seen.push(options, given, json);
    await run(["here", "--json"], look);
    await run(["--config", config], look);
    await run(["here", "x", "--config", config, "--rate", "4"], look);
    expect(seen).toEqual([
      { place: "here", rate: 2, deep: false },
      { place: "here" },
      true,
      { place: "there", files: ["a", "b"], rate: 3, deep: true },
      { place: "there", files: ["a", "b"], rate: 3, deep: true },
      false,
      { place: "here", files: ["x"], rate: 4, deep: true },
      { place: "here", files: ["x"], rate: 4, deep: true },
      false,
    ]);
  });

  it("says how it is written where an argument is missing, and what an unknown option was meant to be", async () => {
    const nothing = async (): Promise<void> => {};
    await expect(run([], nothing)).rejects.toMatchObject({
      code: "E_USAGE",
      message: "go: expected <place>, got none; write textune go <place> [files...] [options]",
    });
    const config = join(folder, "wrong.json");
    await writeFile(config, '{ "place": "x", "rates": 3 }');
    await expect(run(["--config", config], nothing)).rejects.toThrow(/"rates": .* did you mean "rate"\?/);
  });

  it("stops at Ctrl-C, and at the second gives the cursor back before it leaves", async () => {
    const { terminal, log, press } = personsTerminal();
    const work = async ({ progress, signal }: Call): Promise<void> => {
      progress.update({ step: 1, steps: 2, examples: 1 });
      expect(log.join("")).toContain("\u001b[?25l");
      expect(log.join("")).not.toContain("\u001b[?25h");
      press();
      expect(signal.aborted).toBe(true);
      expect(log.join("")).not.toContain("exit");
      press();
      expect(log.indexOf("\u001b[?25h")).toBeGreaterThan(log.indexOf("\u001b[?25l"));
      expect(log.at(-1)).toBe("exit 130");
      signal.throwIfAborted();
    };
    await expect(run(["here"], work, terminal)).rejects.toMatchObject({ name: "AbortError" });
    expect(log.join("")).toContain("stopping; press Ctrl-C again to stop at once");
    press();
    expect(log.filter((text) => text.startsWith("exit"))).toEqual(["exit 130"]);
  });
});

it("has the options of every data source under the same names in every command", () => {
  const program = new Command("textune");
  for (const add of commands) add(program, { terminal: personsTerminal().terminal });
  const reading = program.commands.filter(
    (command) =>
      !["runs", "artifacts", "studio", "sweep", "worker", "doctor", "convert", "serve", "summary", "models"].includes(
        command.name(),
      ),
  );
  const all = reading.flatMap((command) => (command.commands.length > 0 ? command.commands : [command]));
  const names = Object.keys(textFields).map((name) => `--${kebabCase(name)}`);
  for (const command of all) {
    const flags = command.options.map((option) => option.long);
    expect([command.name(), names.filter((name) => !flags.includes(name))]).toEqual([command.name(), []]);
  }
  expect(all.map((command) => command.name())).toEqual([
    "train",
    "evaluate",
    "predict",
    "export",
    "report",
    "clean",
    "split",
  ]);
});
