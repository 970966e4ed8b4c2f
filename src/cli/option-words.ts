import type { OptionSpelling, OptionValue } from "../base/errors.js";
import { kebabCase } from "./option-schema.js";
import { shellWord } from "./shell-word.js";

/** The option that the command line calls otherwise, as commands have a configuration file of that name. */
const CALLED: Readonly<Record<string, string>> = { config: "dataConfig" };

const flagName = (option: string): string => kebabCase(CALLED[option] ?? option);

/** Options as the command line has them: `{ badRows: "skip" }` is `--bad-rows skip`. */
export const AS_FLAGS: OptionSpelling = {
  name: (option) => `--${flagName(option)}`,
  values: (set) =>
    Object.entries(set)
      .map(([name, value]) => flag(flagName(name), value))
      .join(" "),
};

/** The options that are given, each value behind a space: ` --text title --text body`. */
export function flagsOf(options: Readonly<Record<string, OptionValue | readonly OptionValue[] | undefined>>): string {
  return Object.entries(options)
    .flatMap(([name, given = []]) => [given].flat().map((value) => ` ${flag(flagName(name), value)}`))
    .join("");
}

function flag(name: string, value: OptionValue): string {
  if (value === true) return `--${name}`;
  if (value === false) return `--no-${name}`;
  return `--${name} ${value === "…" ? value : shellWord(String(value))}`;
}
