import { sourceFields } from "./data-source-options.js";
import { kebabCase } from "./option-schema.js";

const NAMES = [...Object.keys(sourceFields), "revision", "smallClasses", "stratify", "overwrite"].join("|");
const GIVEN = new RegExp(`\\b(${NAMES}): ("[^"]*"|false|true)`, "g");
const PLACE = new RegExp(`^(${NAMES})(?=: expected)`);
const NAMED = new RegExp(`\\b(option|pass|with|leave out) (${NAMES})\\b(?!:)`, "g");

/**
 * A message of the library in the words of the command line: `badRows: "skip"` is `--bad-rows skip`, "pass
 * encoding" is "pass --encoding".
 */
export function inFlags(message: string): string {
  return message
    .replace(PLACE, (name) => `--${kebabCase(called(name))}`)
    .replace(GIVEN, (_, name: string, value: string) => flagOf(name, value))
    .replace(NAMED, (_, before: string, name: string) => `${before} --${kebabCase(called(name))}`);
}

function flagOf(name: string, value: string): string {
  const flag = kebabCase(called(name));
  if (value === "true") return `--${flag}`;
  if (value === "false") return name === "quote" ? `--${flag} ""` : `--no-${flag}`;
  const bare = value.slice(1, -1);
  return `--${flag} ${/^[\w./@%+-]+$/.test(bare) ? bare : value}`;
}

/** The one option that the command line calls otherwise, as it has another of that name. */
function called(name: string): string {
  return name === "revision" ? "dataRevision" : name;
}
