/**
 * Commands from records: arguments, options by group, help, a configuration file, and what every run has
 * in common, so that the file of a command says only what is its own.
 */
import type { Command } from "commander";
import type { z } from "zod";
import { fail } from "../base/errors.js";
import { resolveOptions } from "../base/resolve-options.js";
import type { CommandContext } from "./command-context.js";
import { readConfigFile } from "./config-file.js";
import { interruptible } from "./interrupt.js";
import { addOptions, checkConfig, givenOptions, type OptionGroup } from "./option-schema.js";
import { createNotices, createResultWriter, type ResultWriter } from "./output.js";
import { createProgressReporter, type ProgressReporter } from "./report-progress.js";
import type { Terminal } from "./terminal.js";

/** A positional argument. A configuration file may hold it under its name. */
export interface CommandArgument {
  readonly name: string;
  readonly description: string;
  readonly field: z.ZodType;
  /** Takes one or more. */
  readonly many?: boolean;
  /** May be left out. */
  readonly optional?: boolean;
}

/** All there is to know of a command. */
export interface CommandRecord<T extends z.ZodRawShape> {
  readonly name: string;
  /** Meant where the command above it is written alone. */
  readonly isDefault?: boolean;
  readonly summary: string;
  readonly description: string;
  readonly examples: string;
  readonly arguments: readonly CommandArgument[];
  readonly groups: readonly OptionGroup[];
  /** The options and arguments that `run` gets. */
  readonly schema: z.ZodObject<T>;
  /** What `--json` does. */
  readonly json: string;
  /** What `--quiet` does. */
  readonly quiet: string;
  /** What progress is counted in; by default examples. */
  readonly unit?: string;
  /** Said at the first Ctrl-C. */
  readonly stopping?: string;
  run(call: CommandCall<z.output<z.ZodObject<T>>>): Promise<void>;
}

/** One run of a command. */
export interface CommandCall<O> {
  readonly options: O;
  /** What the command line and the configuration file say, without defaults. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly terminal: Terminal;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly results: ResultWriter;
  readonly progress: ProgressReporter;
  /** Says how things go, on standard error; nothing with `--quiet`. */
  say(line: string): void;
  /** Says what a user should know though it is no error; with `--quiet` too. */
  warn(line: string): void;
}

interface Flags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly config?: string;
}

/** Adds the command of `record` to `program`, and gives it, for those that have commands below them. */
export function defineCommand<T extends z.ZodRawShape>(
  program: Command,
  context: CommandContext,
  record: CommandRecord<T>,
): Command {
  const command = program
    .command(record.name, { isDefault: record.isDefault ?? false })
    .summary(record.summary)
    .description(record.description)
    .usage(`${record.arguments.map(shape).join(" ")} [options]`)
    .addHelpText("after", record.examples);
  // Optional to commander, for a configuration file may have them.
  for (const { name, many, description } of record.arguments)
    command.argument(many === true ? `[${name}...]` : `[${name}]`, description);
  addOptions(command, record.groups);
  command
    .optionsGroup("General:")
    .option("--config <file>", "JSON file with options under their names in camelCase, and arguments")
    .option("--json", record.json)
    .option("--quiet", record.quiet)
    .action(() => runCommand(command, context, record));
  return command;
}

async function runCommand<T extends z.ZodRawShape>(
  command: Command,
  { terminal }: CommandContext,
  record: CommandRecord<T>,
): Promise<void> {
  const { json = false, quiet = false, config } = command.opts<Flags>();
  const given = {
    ...(config === undefined ? {} : checkConfig(await readConfigFile(config), configGroups(record), config)),
    ...givenArguments(command, record.arguments),
    ...givenOptions(command, record.groups),
  };
  for (const argument of record.arguments) if (argument.optional !== true) assertGiven(command, argument, given);
  const options = resolveOptions(record.schema, given);
  const results = createResultWriter(terminal.stdout);
  const progress = createProgressReporter(terminal, quiet, record.unit);
  const notices = createNotices(terminal, quiet);
  const announce = (): void => progress.note(record.stopping ?? "stopping; press Ctrl-C again to stop at once");
  try {
    await interruptible(terminal, { announce, leave: progress.stop }, (signal) =>
      record.run({
        options,
        given,
        json,
        quiet,
        terminal,
        signal,
        results,
        progress,
        say: (line) => progress.note(line),
        warn: (line) => notices.warn(line),
      }),
    );
  } finally {
    progress.stop();
  }
}

function configGroups<T extends z.ZodRawShape>(record: CommandRecord<T>): readonly OptionGroup[] {
  const fields = Object.fromEntries(record.arguments.map(({ name, field }) => [name, field]));
  return [...record.groups, { title: "Arguments:", fields }];
}

function givenArguments(command: Command, specs: readonly CommandArgument[]): Record<string, unknown> {
  const values = specs.map(({ name, many }, i): [string, unknown] => [
    name,
    many === true ? command.args.slice(i) : command.args[i],
  ]);
  return Object.fromEntries(
    values.filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value !== undefined)),
  );
}

function assertGiven(command: Command, argument: CommandArgument, given: Readonly<Record<string, unknown>>): void {
  if (given[argument.name] !== undefined) return;
  const path = [command.name()];
  for (let parent = command.parent; parent !== null; parent = parent.parent) path.unshift(parent.name());
  fail("E_USAGE", {
    where: path.slice(1).join(" "),
    expected: `<${argument.name}>`,
    got: "none",
    fix: `write ${path.join(" ")} ${command.usage()}`,
  });
}

function shape({ name, many, optional }: CommandArgument): string {
  const inside = many === true ? `${name}...` : name;
  return optional === true ? `[${inside}]` : `<${inside}>`;
}
