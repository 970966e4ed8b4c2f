/**
 * The command line of a trial's program, by W&B's `program` and `command`.
 *
 * @source https://docs.wandb.ai/models/sweeps/sweep-config-keys#command; wandb/wandb_agent.py for how values are written
 */
import { fail } from "../../base/errors.js";
import type { Value } from "../../search/distributions.js";

export interface CommandSource {
  readonly program?: string | undefined;
  readonly command?: readonly string[] | undefined;
  /** Parameters by name; nested ones as objects. */
  readonly config: Readonly<Record<string, Value>>;
  /** A file for `${args_json_file}`, which is to hold the parameters as JSON. */
  readonly argsFile: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const BY_DEFAULT = ["env", "interpreter", "program", "args"].map((name) => `\${${name}}`);

/** @throws E_CONFIG for a word in `${…}` that W&B does not have */
export function trialCommand(source: CommandSource): string[] {
  const words = (source.command ?? BY_DEFAULT).flatMap((word) => {
    const name = /^\$\{(\w+)\}$/.exec(word)?.[1];
    return name === undefined ? [withVariables(word, source)] : expand(name, source);
  });
  if (words.length === 0)
    fail("E_CONFIG", {
      where: "sweep, command",
      expected: "a program to run",
      got: "nothing",
      fix: "write program: train.py",
    });
  return words;
}

function expand(name: string, { program, config, argsFile }: CommandSource): string[] {
  const entries = Object.entries(config);
  const assigned = entries.map(([key, value]) => `${key}=${written(value)}`);
  switch (name) {
    case "env":
      return process.platform === "win32" ? [] : ["/usr/bin/env"];
    case "interpreter":
      return interpreterOf(program ?? "");
    case "program":
      if (program === undefined)
        return fail("E_CONFIG", {
          where: "sweep, command",
          expected: "a program, as the command names it",
          got: "none",
        });
      return [program];
    case "args":
      return assigned.map((word) => `--${word}`);
    case "args_no_hyphens":
      return assigned;
    case "args_no_boolean_flags":
      return entries.flatMap(([key, value]) =>
        typeof value === "boolean" ? (value ? [`--${key}`] : []) : [`--${key}=${written(value)}`],
      );
    case "args_json":
      return [JSON.stringify(config)];
    case "args_json_file":
      return [argsFile];
    default:
      return fail("E_CONFIG", {
        where: "sweep, command",
        expected:
          "env, interpreter, program, args, args_no_hyphens, args_no_boolean_flags, args_json, args_json_file or envvar:NAME",
        got: `\${${name}}`,
      });
  }
}

function withVariables(word: string, { environment }: CommandSource): string {
  return word.replace(/\$\{envvar:(\w+)\}/g, (_, name: string) => environment[name] ?? "");
}

/** As Python writes a value, which is how W&B does. */
function written(value: Value): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value === null) return "None";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** W&B's is `python`; programs in JavaScript and TypeScript have one of their own. */
function interpreterOf(program: string): string[] {
  if (/\.[cm]?js$/.test(program)) return [process.execPath];
  if (/\.[cm]?ts$/.test(program)) return [process.execPath, "--import", "tsx"];
  return ["python"];
}
