import type { OptionSpelling } from "../base/errors.js";
import { kebabCase } from "./option-schema.js";
import { shellWord } from "./shell-word.js";

/** The option that the command line calls otherwise, as commands have a configuration file of that name. */
const CALLED: Readonly<Record<string, string>> = { config: "dataConfig" };

const flagName = (option: string): string => kebabCase(CALLED[option] ?? option);

/** Options as the command line has them: `{ badRows: "skip" }` is `--bad-rows skip`. */
export const AS_FLAGS: OptionSpelling = {
  name: (option) => `--${flagName(option)}`,
  values: (set) => flagsOf(set).join(" "),
};

/** Options as words of the command line, a flag for each value: `["--text title", "--text body"]`. */
export function flagsOf(options: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => flags(flagName(name), value));
}

function flags(name: string, value: unknown): string[] {
  if (value === undefined) return [];
  if (typeof value === "boolean") return [value ? `--${name}` : `--no-${name}`];
  if (Array.isArray(value)) return value.flatMap((one) => flags(name, one));
  if (typeof value === "object" && value !== null)
    return Object.entries(value).map(([key, one]) => `--${name} ${shellWord(`${key}=${one}`)}`);
  return [`--${name} ${value === "…" ? value : shellWord(String(value))}`];
}
