/**
 * A sweep as W&B's YAML says it: its keys unchanged, and three more: `constraints`, `seed`, and `when` of a parameter.
 *
 * @source https://docs.wandb.ai/models/sweeps/sweep-config-keys
 */
import { z } from "zod";
import { fail } from "../base/errors.js";
import { didYouMean } from "../base/nearest.js";
import { failForIssue } from "../base/resolve-options.js";
import { bandsOf, earlyTermination } from "./early-termination.js";
import type { Method } from "./method.js";
import { METHODS } from "./methods.js";
import { openSpace, type Space } from "./space.js";

const METHOD_NAMES = METHODS.map(({ name }) => name);

const text = z.string().optional();

const schema = z.strictObject({
  method: z.enum(METHOD_NAMES),
  parameters: z.record(z.string().regex(/^[A-Za-z_][\w.-]*$/, "letters, digits, _, . and -"), z.json()),
  metric: z
    .strictObject({
      name: z.string().min(1),
      goal: z.enum(["minimize", "maximize"]).default("minimize"),
      target: z.number().optional(),
      // Of W&B's service: what it takes for trials that failed is here always the worst.
      impute: text,
      impute_while_running: z.union([z.string(), z.boolean()]).optional(),
    })
    .optional(),
  early_terminate: earlyTermination.optional(),
  run_cap: z.number().int().positive().optional(),
  program: text,
  command: z
    .array(z.union([z.string(), z.number()]).transform(String))
    .min(1)
    .optional(),
  name: text,
  description: text,
  project: text,
  /** Bounds on other metrics, as Optuna's constraints: a trial that breaks one is none of the best. */
  constraints: z
    .array(
      z
        .strictObject({ metric: z.string().min(1), min: z.number().optional(), max: z.number().optional() })
        .refine(({ min, max }) => min !== undefined || max !== undefined, "min or max"),
    )
    .default([]),
  /** Of what is drawn. */
  seed: z.number().int().min(0).default(0),
  // What only W&B's service reads.
  ...{ entity: text, apiVersion: text, kind: text, job: text, image_uri: text, controller: z.json().optional() },
});

/** A sweep's configuration, defaults filled in. */
export type SweepConfig = z.output<typeof schema>;
/** A sweep's configuration as it is written: W&B's keys. */
export type SweepConfigInput = z.input<typeof schema>;

/** A configuration and what follows from it. */
export interface OpenSweep {
  readonly config: SweepConfig;
  readonly space: Space;
  readonly method: Method;
  /** Trials that there will be; undefined for as many as are asked for. */
  readonly size: number | undefined;
}

/**
 * Checks a configuration and opens its space.
 *
 * @throws E_CONFIG naming the key, with the nearest name where it is unknown
 */
export function openSweepConfig(given: unknown, where = "sweep"): OpenSweep {
  const config = check(given, where);
  const method = METHODS.find(({ name }) => name === config.method) as Method;
  const space = openSpace(config.parameters);
  if (space.length === 0)
    fail("E_CONFIG", { where: `${where}, parameters`, expected: "one parameter at least", got: "none" });
  const needs = method.needsMetric
    ? `method ${method.name}`
    : config.early_terminate === undefined
      ? undefined
      : "early_terminate";
  if (needs !== undefined && config.metric === undefined)
    fail("E_CONFIG", {
      where: `${where}, metric`,
      expected: `a metric, which ${needs} goes by`,
      got: "none",
      fix: "write metric: { name: best/macroF1, goal: maximize }",
    });
  if (config.early_terminate !== undefined && bandsOf(config.early_terminate).length === 0)
    fail("E_CONFIG", {
      where: `${where}, early_terminate`,
      expected: "a max_iter of at least eta",
      got: String(config.early_terminate.max_iter),
    });
  const all = method.size(space);
  const size = all === undefined ? config.run_cap : Math.min(all, config.run_cap ?? all);
  return { config, space, method, size };
}

function check(given: unknown, where: string): SweepConfig {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return fail("E_CONFIG", {
      where,
      expected: "method, parameters and metric, as W&B writes a sweep",
      got: given === null || given === undefined ? "nothing" : JSON.stringify(given).slice(0, 60),
    });
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys")
    return fail("E_CONFIG", {
      where: `${where}, ${[...issue.path, issue.keys[0]].join(".")}`,
      expected: "a key that W&B's sweeps have",
      got: "an unknown one",
      ...(path === "" ? { fix: didYouMean(issue.keys[0], Object.keys(schema.shape)) } : {}),
    });
  const value = issue.path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
    given,
  );
  if (issue.code === "invalid_union")
    return fail("E_CONFIG", {
      where: `${where}, ${path}`,
      expected: path.startsWith("early_terminate") ? "hyperband or asha" : "something else",
      got: JSON.stringify(value),
    });
  return failForIssue({ where: `${where}, ${path}` }, issue, value);
}
