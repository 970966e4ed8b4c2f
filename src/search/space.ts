/** What is searched: parameters with their distributions, and when each of them counts. */
import type { z } from "zod";
import { fail } from "../base/errors.js";
import { didYouMean } from "../base/nearest.js";
import { failForIssue } from "../base/resolve-options.js";
import { DISTRIBUTIONS, type Dimension, impliedDistribution, type Value } from "./distributions.js";

/** One parameter. */
export interface Parameter {
  /** Its name; of a nested one the names on the way, joined by dots. */
  readonly name: string;
  readonly path: readonly string[];
  readonly dimension: Dimension;
  /** It counts where each of these parameters has one of these values; always where there are none. */
  readonly when: readonly { readonly name: string; readonly values: readonly Value[] }[];
}

/** The values of one trial by the parameter's name, without those that do not count. */
export type Setting = Readonly<Record<string, Value>>;

/** The parameters: one that depends on another stands after it. */
export type Space = readonly Parameter[];

type Given = Readonly<Record<string, unknown>>;

/**
 * Reads W&B's `parameters`. Beside W&B's keys a parameter may have `when: { other: value or list }`.
 *
 * @throws E_CONFIG naming the parameter, with the nearest name where one is unknown
 */
export function openSpace(parameters: Given): Space {
  const found = flatten(parameters, []).map(([path, given]) => openParameter(path, given));
  const names = found.map(({ name }) => name);
  for (const { name, when } of found)
    for (const other of when)
      if (!names.includes(other.name) || other.name === name)
        fail("E_CONFIG", {
          where: `parameter ${name}, when`,
          expected: "the name of another parameter",
          got: JSON.stringify(other.name),
          fix: didYouMean(
            other.name,
            names.filter((one) => one !== name),
          ),
        });
  return inOrder(found);
}

/** The setting of a number between 0 and 1 for each parameter. */
export function settingAt(space: Space, at: (parameter: Parameter, index: number) => number): Setting {
  const setting: Record<string, Value> = {};
  for (const [index, parameter] of space.entries())
    if (counts(parameter, setting)) setting[parameter.name] = parameter.dimension.at(at(parameter, index));
  return setting;
}

/** Whether a parameter counts beside the values of those before it. */
export function counts({ when }: Parameter, setting: Setting): boolean {
  return when.every(
    ({ name, values }) =>
      name in setting && values.some((value) => JSON.stringify(value) === JSON.stringify(setting[name])),
  );
}

/** A setting as a program takes it: nested parameters as objects in objects. */
export function nested(space: Space, setting: Setting): Record<string, Value> {
  const all: Record<string, Value> = {};
  for (const { name, path } of space) {
    if (!(name in setting)) continue;
    let inside = all as Record<string, unknown>;
    for (const part of path.slice(0, -1)) {
      inside[part] ??= {};
      inside = inside[part] as Record<string, unknown>;
    }
    inside[path[path.length - 1]] = setting[name];
  }
  return all;
}

function flatten(parameters: Given, before: readonly string[]): (readonly [readonly string[], Given])[] {
  return Object.entries(parameters).flatMap(([key, given]) => {
    const path = [...before, key];
    if (typeof given !== "object" || given === null || Array.isArray(given))
      return fail("E_CONFIG", {
        where: `parameter ${path.join(".")}`,
        expected: "value, values, or min and max",
        got: JSON.stringify(given),
        fix: `write ${key}: { value: ${JSON.stringify(given)} }`,
      });
    const inner = (given as Given).parameters;
    if (typeof inner !== "object" || inner === null) return [[path, given as Given] as const];
    return flatten(inner as Given, path);
  });
}

function openParameter(path: readonly string[], { when = {}, ...given }: Given): Parameter {
  const name = path.join(".");
  const where = `parameter ${name}`;
  const { distribution = impliedDistribution(given), ...fields } = given;
  if (distribution === undefined)
    fail("E_CONFIG", {
      where,
      expected: "value, values, min and max as numbers, or a distribution",
      got: Object.keys(given).length === 0 ? "nothing" : JSON.stringify(given),
    });
  const names = DISTRIBUTIONS.map((one) => one.name);
  const found = DISTRIBUTIONS.find((one) => one.name === distribution);
  if (found === undefined)
    return fail("E_CONFIG", {
      where: `${where}, distribution`,
      expected: "one of W&B's distributions",
      got: JSON.stringify(distribution),
      fix: didYouMean(String(distribution), names),
    });
  const parsed = found.fields.safeParse(fields);
  if (!parsed.success) return refuse(where, found.name, found.fields, parsed.error.issues[0], fields);
  const { min, max, values, probabilities } = parsed.data as Readonly<Record<string, never>>;
  if (min !== undefined && max !== undefined && min > max)
    fail("E_CONFIG", { where, expected: "min of at most max", got: `${min} and ${max}` });
  if (probabilities !== undefined && (probabilities as Value[]).length !== (values as Value[]).length)
    fail("E_CONFIG", {
      where,
      expected: `a probability for each of the ${(values as Value[]).length} values`,
      got: String((probabilities as Value[]).length),
    });
  return { name, path, dimension: found.open(parsed.data as never), when: conditions(where, when) };
}

function conditions(where: string, when: unknown): Parameter["when"] {
  if (typeof when !== "object" || when === null || Array.isArray(when))
    fail("E_CONFIG", {
      where: `${where}, when`,
      expected: "{ PARAMETER: value, or a list of values }",
      got: JSON.stringify(when),
    });
  return Object.entries(when as Record<string, Value>).map(([name, values]) => ({
    name,
    values: Array.isArray(values) ? values : [values],
  }));
}

function refuse(
  where: string,
  distribution: string,
  fields: z.ZodObject,
  issue: z.core.$ZodIssue,
  given: Given,
): never {
  if (issue.code === "unrecognized_keys")
    return fail("E_CONFIG", {
      where: `${where}, ${issue.keys[0]}`,
      expected: `what the distribution ${distribution} takes`,
      got: "something else",
      fix: didYouMean(issue.keys[0], Object.keys(fields.shape)),
    });
  const key = String(issue.path[0] ?? "");
  return failForIssue({ where: `${where}, ${key}` }, issue, given[key]);
}

/** Parameters after those that they depend on, and otherwise as they stand. */
function inOrder(parameters: readonly Parameter[]): Space {
  const done: Parameter[] = [];
  let left = parameters;
  while (left.length > 0) {
    const isReady = ({ when }: Parameter): boolean => when.every(({ name }) => done.some((one) => one.name === name));
    const next = left.find(isReady);
    if (next === undefined)
      return fail("E_CONFIG", {
        where: `parameter ${left[0]?.name}, when`,
        expected: "parameters that do not depend on each other in a circle",
        got: left.map(({ name }) => name).join(", "),
      });
    done.push(next);
    left = left.filter((one) => one !== next);
  }
  return done;
}
