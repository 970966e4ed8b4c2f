/**
 * Command-line options and configuration files from one schema.
 *
 * An option is a field of a zod object: its name in camelCase is that of the API and of the configuration file, its
 * description and default make the help, its checks are those of both. On the command line the name is
 * in kebab-case, and a boolean that is true by default gets `--no-…`.
 */
import { type Command, Option } from "commander";
import type { z } from "zod";
import { fail } from "../base/errors.js";
import { type FieldFacts, factsOf } from "../base/field-facts.js";
import { optionHint } from "../base/field-names.js";
import { didYouMean } from "../base/nearest.js";
import { failForIssue } from "../base/resolve-options.js";

/** Fields under a heading of the help. */
export interface OptionGroup {
  readonly title: string;
  readonly fields: Readonly<Record<string, z.ZodType>>;
}

/** Adds the options of `groups` to `command`; the command line leaves defaults to the schema. */
export function addOptions(command: Command, groups: readonly OptionGroup[]): void {
  for (const { title, fields } of groups) {
    for (const [name, field] of Object.entries(fields)) {
      for (const option of commandOptions(name, field)) command.addOption(option.helpGroup(title));
    }
  }
}

/** The values that were given on the command line, by camelCase name; checked. */
export function givenOptions(command: Command, groups: readonly OptionGroup[]): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const { fields } of groups) {
    for (const name of Object.keys(fields)) {
      if (command.getOptionValueSource(commanderName(name)) === "cli") {
        given[name] = command.getOptionValue(commanderName(name));
      }
    }
  }
  return given;
}

/**
 * Checks the values of a configuration file against the fields of `groups`.
 *
 * @throws E_CONFIG naming the file and the option, with the nearest name where it is unknown
 */
export function checkConfig(
  config: Readonly<Record<string, unknown>>,
  groups: readonly OptionGroup[],
  file: string,
): Record<string, unknown> {
  const fields: Record<string, z.ZodType> = Object.assign({}, ...groups.map((group) => group.fields));
  for (const [name, value] of Object.entries(config)) {
    const field = fields[name];
    if (field === undefined) {
      const names = Object.keys(fields);
      fail("E_CONFIG", {
        where: `${file}, "${name}"`,
        expected: "the name of an option",
        got: "an unknown one",
        fix: optionHint(name, names) ?? didYouMean(name, names),
      });
    }
    const parsed = field.safeParse(value);
    if (!parsed.success) failForIssue({ where: `${file}, "${name}"`, option: name }, parsed.error.issues[0], value);
  }
  return { ...config };
}

/** `learningRate` as `learning-rate`. */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]|(?<=[a-z])\d+/g, (part) => (/\d/.test(part) ? part : `-${part.toLowerCase()}`));
}

/** commander makes camelCase of the flag, which need not give the same name back (`adamBeta1`). */
function commanderName(name: string): string {
  return new Option(`--${kebabCase(name)}`).attributeName();
}

function commandOptions(name: string, field: z.ZodType): Option[] {
  const facts = factsOf(field);
  const flag = `--${kebabCase(name)}`;
  const text = describe(facts);
  if (facts.kind === "boolean") {
    const off = flag.replace("--", "--no-");
    const on = new Option(flag, text);
    if (facts.fallback === false) return [on];
    // Both: a configuration file may say the opposite.
    return facts.fallback === true
      ? [on.hideHelp(), new Option(off, facts.off ?? negated(text))]
      : [on, new Option(off, facts.off ?? negated(text))];
  }
  const option = new Option(`${flag} <${placeholder(facts)}>`, text);
  const off = facts.off === undefined ? [] : [new Option(flag.replace("--", "--no-"), facts.off)];
  option.argParser((raw: string, before: unknown) => {
    const value = facts.numeric ? numberOf(raw) : raw;
    const whole = facts.kind === "list" ? gathered(field, value, before) : value;
    const parsed = field.safeParse(whole);
    if (!parsed.success)
      failForIssue({ where: flag, option: name }, parsed.error.issues[0], Number.isNaN(value) ? raw : whole);
    return whole;
  });
  return [option, ...off];
}

/** What a repeated option holds: one value as it is where the field takes one, otherwise a list; `--no-…` begins anew. */
function gathered(field: z.ZodType, value: string | number, before: unknown): unknown {
  if (before !== undefined && before !== false) return [...[before].flat(), value];
  return field.safeParse(value).success ? value : [value];
}

function numberOf(raw: string): number {
  return raw.trim() === "" ? Number.NaN : Number(raw);
}

function placeholder(facts: FieldFacts): string {
  if (facts.choices !== undefined) return "name";
  return facts.numeric ? "number" : "value";
}

function describe(facts: FieldFacts): string {
  const remarks = [
    ...(facts.choices === undefined ? [] : [facts.choices.join(", ")]),
    ...(facts.kind === "list" ? ["may be repeated"] : []),
    ...(facts.fallback === undefined || facts.kind === "boolean" ? [] : [`default ${String(facts.fallback)}`]),
  ];
  return remarks.length === 0 ? facts.description : `${facts.description} (${remarks.join("; ")})`;
}

function negated(text: string): string {
  return `do not ${text}`;
}
