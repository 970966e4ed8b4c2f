import { Command, CommanderError, type Option } from "commander";
import { exitCode, messageOf, TextuneError } from "../base/errors.js";
import { camelCase, optionHint } from "../base/field-names.js";
import { packageVersion } from "../base/node/package-version.js";
import { printable } from "../base/printable.js";
import { commands } from "./command-registry.js";
import { kebabCase } from "./option-schema.js";
import { AS_FLAGS } from "./option-words.js";
import { OutputClosed } from "./output.js";
import { mayColor, styled, type Terminal } from "./terminal.js";

const WRONG_USE = 2;
const INTERRUPTED = 130;

const EXAMPLES = `
Examples:
  $ textune train reviews.csv --text text --label sentiment --output my-classifier
  $ textune evaluate my-classifier reviews-2026.csv
  $ textune predict my-classifier "A wonderful little film."

"textune help train" tells all about a command.
`;

/**
 * Does what the arguments (without "node" and the script) say.
 *
 * @returns the exit code: 0 done, 1 failed, 2 used wrongly, 130 stopped by Ctrl-C
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  const { stdout, stderr } = terminal;
  // A closed pipe is noticed where results are written; the event alone must not end the process.
  stdout.on("error", () => {});
  stderr.on("error", () => {});
  const program = createProgram(terminal);
  try {
    if (args.length === 0) {
      stderr.write(program.helpInformation());
      return WRONG_USE;
    }
    await program.parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof OutputClosed) return 0;
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    stderr.write(`${styled(terminal, stderr, "red", "textune:")} ${printable(sentenceOf(error, args, program))}\n`);
    if (terminal.environment.TEXTUNE_DEBUG !== undefined && error instanceof Error) stderr.write(`${error.stack}\n`);
    return codeOf(error);
  }
}

function createProgram(terminal: Terminal): Command {
  const { stdout, stderr } = terminal;
  const program = new Command("textune")
    .description("Fine-tune BERT-family models for text classification.")
    .version(packageVersion(), "-v, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .addHelpText("after", EXAMPLES)
    // What stands after the name of a command is that command's: sweep has options, and commands below it with some too.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      getOutHelpWidth: () => stdout.columns || 100,
      getErrHelpWidth: () => stderr.columns || 100,
      getOutHasColors: () => mayColor(terminal, stdout),
      getErrHasColors: () => mayColor(terminal, stderr),
      // The message of the error is shown by runCommandLine, on one line.
      outputError: () => {},
    });
  for (const add of commands) add(program, { terminal });
  return program;
}

function sentenceOf(error: unknown, args: readonly string[], program: Command): string {
  if (error instanceof CommanderError) {
    const [head, hint] = error.message.replace(/^error: /, "").split("\n");
    const { command, path } = commandOf(args, program);
    const unknown = error.code === "commander.unknownOption" ? /'--([\w-]+)/.exec(head)?.[1] : undefined;
    const own = command.options.filter((option) => !option.hidden).map(nameOf);
    const suggestion =
      unknown === undefined ? hint?.replace(/^\(Did/, "did").replace(/\)$/, "") : optionHint(unknown, own, flagOf);
    return `${head}${suggestion === undefined ? "" : `; ${suggestion}`}; see "${path} --help"`;
  }
  if (error instanceof TextuneError)
    return error.complaint === undefined ? error.message : messageOf(error.complaint, AS_FLAGS);
  if (isAbort(error)) return "stopped";
  const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
  return `unexpected failure: ${message}; set TEXTUNE_DEBUG=1 to see where, and please report it`;
}

/** An option by the name that the API has for it, where it has one. */
const nameOf = (option: Option): string => camelCase(option.long ?? option.flags);
const flagOf = (name: string): string => `--${kebabCase(name)}`;

/** The command that `args` name, and all its names, as in "textune data report". */
function commandOf(args: readonly string[], program: Command): { readonly command: Command; readonly path: string } {
  const names = [program.name()];
  let command = program;
  for (const arg of args) {
    const next = command.commands.find((one) => one.name() === arg);
    if (next === undefined) break;
    command = next;
    names.push(arg);
  }
  return { command, path: names.join(" ") };
}

function codeOf(error: unknown): number {
  if (error instanceof CommanderError) return WRONG_USE;
  return isAbort(error) ? INTERRUPTED : exitCode(error);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
