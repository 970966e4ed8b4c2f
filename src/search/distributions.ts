/**
 * The distributions that a parameter may have: those of W&B, by its names. Each is a record that a number between 0 and 1
 * makes a value of, as `wandb/sweeps` does with the quantile functions of scipy.
 *
 * @source https://github.com/wandb/sweeps, src/sweeps/params.py and src/sweeps/config/schema.json
 */
import { z } from "zod";
import { betaCdf, betaQuantile, normalCdf, normalQuantile } from "./quantiles.js";

/** What a parameter may be: what JSON can say. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value };

/** One parameter's values, laid out between 0 and 1 by their probability. */
export interface Dimension {
  /** Whether values near each other in rank are alike. */
  readonly ordered: boolean;
  /** All values in their order, where they are finitely many and equally probable: what a grid goes through. */
  readonly choices?: readonly Value[];
  /** The value at `u` in [0, 1). */
  at(u: number): Value;
  /** Where a value stands, in [0, 1]: the number of a choice, or P(X < value). */
  rank(value: Value): number;
}

interface Distribution {
  readonly name: string;
  /** What it is given beside its name. */
  readonly fields: z.ZodObject;
  open(given: Readonly<Record<string, never>>): Dimension;
}

const number = z.number();
const positive = z.number().positive();
const deviation = z.number().min(0).default(1);
const step = positive.default(1);

function define<T extends z.ZodRawShape>(
  name: string,
  shape: T,
  open: (given: z.output<z.ZodObject<T>>) => Dimension,
): Distribution {
  return { name, fields: z.strictObject(shape), open: open as Distribution["open"] };
}

/** A continuous dimension of its quantile function and its inverse. */
function continuous(quantile: (u: number) => number, cdf: (x: number) => number): Dimension {
  return { ordered: true, at: quantile, rank: (value) => Math.min(1, Math.max(0, cdf(Number(value)))) };
}

/** The values of `inner`, each rounded to the next multiple of `q`. */
function rounded(inner: Dimension, q: number, choices?: readonly number[]): Dimension {
  return { ...inner, ...(choices === undefined ? {} : { choices }), at: (u) => multiple(Number(inner.at(u)) / q, q) };
}

/** `of` rounded, half to even as numpy does, times `q`; without the last digits that binary fractions bring. */
function multiple(of: number, q: number): number {
  const floor = Math.floor(of);
  const odd = of - floor > 0.5 || (of - floor === 0.5 && floor % 2 !== 0);
  return Number(((odd ? floor + 1 : floor) * q).toPrecision(12));
}

function uniform(min: number, max: number): Dimension {
  return continuous(
    (u) => min + u * (max - min),
    (x) => (max === min ? 0 : (x - min) / (max - min)),
  );
}

/** Uniform in the logarithm, between e^low and e^high. */
function logUniform(low: number, high: number): Dimension {
  const inner = uniform(low, high);
  return continuous(
    (u) => Math.exp(Number(inner.at(u))),
    (x) => inner.rank(Math.log(x)),
  );
}

/** As `wandb/sweeps` has it: e^-x of x uniform, so that it is log-uniform too. */
function inverseLogUniform(low: number, high: number): Dimension {
  const inner = uniform(low, high);
  return continuous(
    (u) => Math.exp(-Number(inner.at(1 - u))),
    (x) => 1 - inner.rank(-Math.log(x)),
  );
}

function normal(mu: number, sigma: number): Dimension {
  return continuous(
    (u) => mu + sigma * normalQuantile(Math.min(Math.max(u, 1e-12), 1 - 1e-12)),
    (x) => (sigma === 0 ? 0.5 : normalCdf((x - mu) / sigma)),
  );
}

function logNormal(mu: number, sigma: number): Dimension {
  const inner = normal(mu, sigma);
  return continuous(
    (u) => Math.exp(Number(inner.at(u))),
    (x) => inner.rank(Math.log(x)),
  );
}

function beta(a: number, b: number): Dimension {
  return continuous(
    (u) => betaQuantile(u, a, b),
    (x) => betaCdf(x, a, b),
  );
}

function choice(values: readonly Value[]): Dimension {
  const keys = values.map((value) => JSON.stringify(value));
  // Numbers in rising order are near each other as numbers are.
  const ordered = values.every((value, i) => typeof value === "number" && (i === 0 || value > Number(values[i - 1])));
  return {
    ordered: ordered && values.length > 2,
    choices: values,
    at: (u) => values[Math.min(values.length - 1, Math.floor(u * values.length))] as Value,
    rank: (value) => (Math.max(0, keys.indexOf(JSON.stringify(value))) + 0.5) / values.length,
  };
}

function weightedChoice(values: readonly Value[], probabilities: readonly number[]): Dimension {
  const { choices: _, ...plain } = choice(values);
  const all = probabilities.reduce((sum, one) => sum + one, 0);
  const at = (u: number): Value => {
    let left = u * all;
    const found = values.findIndex((_, i) => {
      left -= probabilities[i] as number;
      return left < 0;
    });
    return values[found < 0 ? values.length - 1 : found] as Value;
  };
  return { ...plain, at };
}

function integers(min: number, max: number): readonly number[] | undefined {
  return max - min < 1e6 ? Array.from({ length: max - min + 1 }, (_, i) => min + i) : undefined;
}

function steps(min: number, max: number, q: number): readonly number[] | undefined {
  const count = Math.ceil((max - min) / q - 1e-9);
  return count <= 1e6 ? Array.from({ length: count }, (_, i) => Number((min + i * q).toPrecision(12))) : undefined;
}

const range = { min: number, max: number };
const powers = { min: positive, max: positive };
const bell = { mu: number.default(0), sigma: deviation };
const shape = { a: positive.default(1), b: positive.default(1) };
const values = z.array(z.json()).min(1);

export const DISTRIBUTIONS: readonly Distribution[] = [
  define("constant", { value: z.json() }, ({ value }) => choice([value])),
  define("categorical", { values }, (given) => choice(given.values)),
  define("categorical_w_probabilities", { values, probabilities: z.array(z.number().min(0)).min(1) }, (given) =>
    weightedChoice(given.values, given.probabilities),
  ),
  define("int_uniform", { min: number.int(), max: number.int() }, ({ min, max }) => {
    const inner = uniform(min, max + 1);
    const choices = integers(min, max);
    return {
      ...{ ordered: true, ...(choices === undefined ? {} : { choices }) },
      at: (u) => Math.min(max, Math.floor(Number(inner.at(u)))),
      rank: (value) => inner.rank(Number(value) + 0.5),
    };
  }),
  define("uniform", range, ({ min, max }) => uniform(min, max)),
  define("q_uniform", { ...range, q: step }, ({ min, max, q }) => rounded(uniform(min, max), q, steps(min, max, q))),
  define("log_uniform", range, ({ min, max }) => logUniform(min, max)),
  define("log_uniform_values", powers, ({ min, max }) => logUniform(Math.log(min), Math.log(max))),
  define("q_log_uniform", { ...range, q: step }, ({ min, max, q }) => rounded(logUniform(min, max), q)),
  define("q_log_uniform_values", { ...powers, q: step }, ({ min, max, q }) =>
    rounded(logUniform(Math.log(min), Math.log(max)), q),
  ),
  define("inv_log_uniform", range, ({ min, max }) => inverseLogUniform(min, max)),
  define("inv_log_uniform_values", powers, ({ min, max }) => inverseLogUniform(-Math.log(max), -Math.log(min))),
  define("normal", bell, ({ mu, sigma }) => normal(mu, sigma)),
  define("q_normal", { ...bell, q: step }, ({ mu, sigma, q }) => rounded(normal(mu, sigma), q)),
  define("log_normal", bell, ({ mu, sigma }) => logNormal(mu, sigma)),
  define("q_log_normal", { ...bell, q: step }, ({ mu, sigma, q }) => rounded(logNormal(mu, sigma), q)),
  define("beta", shape, ({ a, b }) => beta(a, b)),
  define("q_beta", { ...shape, q: step }, ({ a, b, q }) => rounded(beta(a, b), q)),
];

/** The name of the distribution that W&B takes where none is named; undefined where it takes none. */
export function impliedDistribution(given: Readonly<Record<string, unknown>>): string | undefined {
  if ("value" in given) return "constant";
  if ("values" in given) return "probabilities" in given ? "categorical_w_probabilities" : "categorical";
  if (typeof given.min !== "number" || typeof given.max !== "number") return undefined;
  return Number.isInteger(given.min) && Number.isInteger(given.max) ? "int_uniform" : "uniform";
}
