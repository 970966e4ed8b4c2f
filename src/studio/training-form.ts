/** The options of a training as a form: what is asked, and what an answer means. */
import type { z } from "zod";
import { fail } from "../base/errors.js";
import { type FieldFacts, factsOf } from "../base/field-facts.js";
import { didYouMean } from "../base/nearest.js";
import { failForIssue } from "../base/resolve-options.js";
import type { TrainingCommand } from "./training-command.js";
import type { FormField, TrainingList } from "./wire/trainings.js";

/** Where things go is asked for beside the options, or is the Studio's matter. */
const LEFT_OUT = new Set(["output", "overwrite", "resume", "plots", "dir", "track", "cacheDir"]);
/** Options that name files. */
const FILES: ReadonlySet<string> = new Set(["validation", "test", "corrections"]);

type Groups = TrainingCommand["groups"];

/** The fields of the form, by group. */
export function formOf(groups: Groups): TrainingList["form"] {
  return groups
    .map(({ title, fields }) => ({
      title: title.replace(/:$/, ""),
      fields: Object.entries(fields)
        .filter(([name]) => !LEFT_OUT.has(name))
        .map(([name, field]) => formField(name, factsOf(field))),
    }))
    .filter(({ fields }) => fields.length > 0);
}

function formField(name: string, { kind, choices, fallback, description }: FieldFacts): FormField {
  return {
    name,
    kind,
    description,
    ...(choices === undefined ? {} : { choices: [...choices] }),
    ...(fallback === undefined ? {} : { fallback: String(fallback) }),
  };
}

/**
 * The values of a filled form, checked as those of the command line are.
 *
 * @param file the whole path of a file that an option names
 * @throws E_CONFIG naming the option, with the nearest name where it is unknown
 */
export async function readForm(
  groups: Groups,
  given: Readonly<Record<string, string>>,
  file: (path: string) => Promise<string>,
): Promise<Record<string, unknown>> {
  const fields: Record<string, z.ZodType> = Object.assign({}, ...groups.map((group) => group.fields));
  const names = Object.keys(fields).filter((name) => !LEFT_OUT.has(name));
  const values: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(given)) {
    const field = names.includes(name) ? fields[name] : undefined;
    if (field === undefined)
      return fail("E_CONFIG", {
        option: name,
        expected: "the name of an option",
        got: "an unknown one",
        fix: didYouMean(name, names),
      });
    values[name] = FILES.has(name) ? await file(text) : readAnswer(name, field, text);
  }
  return values;
}

/**
 * The options that a training was given, for another one: without what says where things go, and without its name.
 *
 * @param file the whole path of a file that an option names
 */
export async function readAgain(
  groups: Groups,
  given: Readonly<Record<string, unknown>>,
  file: (path: string) => Promise<string>,
): Promise<Record<string, unknown>> {
  const names = groups.flatMap(({ fields }) => Object.keys(fields)).filter((name) => !LEFT_OUT.has(name));
  const values: Record<string, unknown> = {};
  for (const name of names) {
    const value = given[name];
    if (value === undefined || name === "name") continue;
    values[name] = FILES.has(name) ? await Promise.all([value].flat().map((one) => file(String(one)))) : value;
  }
  return values;
}

/** The value that a text means: the first of its readings that the option takes. */
function readAnswer(name: string, field: z.ZodType, text: string): unknown {
  const facts = factsOf(field);
  const readings = readingsOf(facts, text.trim());
  const found = readings.find((value) => field.safeParse(value).success);
  if (found !== undefined) return found;
  const parsed = field.safeParse(readings[0]);
  return failForIssue({ option: name }, (parsed.error as z.ZodError).issues[0] as z.core.$ZodIssue, text);
}

function readingsOf({ kind, numeric }: FieldFacts, text: string): readonly unknown[] {
  if (kind === "boolean") return [text === "true" ? true : text === "false" ? false : text];
  const number = text === "" ? Number.NaN : Number(text);
  const one = Number.isNaN(number) ? [text] : numeric ? [number] : [text, number];
  const others = text === "false" ? [false] : [];
  if (kind !== "list") return [...one, ...others];
  const parts = text.split(",").map((part) => part.trim());
  return [...(parts.length > 1 ? [] : one), numeric ? parts.map(Number) : parts, ...one, ...others];
}
