/** What a sweep's metric is called in a run: by its own name, or by the one that Textune's training records for W&B's. */
import type { SweepConfig } from "../../search/sweep-config.js";
import type { JsonObject } from "../json.js";

/** `val_loss`, as Keras and W&B call it, and `eval/loss` of Hugging Face are Textune's `validation/loss`. */
export function namesOfMetric(name: string): readonly string[] {
  const rest = /^(?:val|eval|validation)[_/](.+)$/.exec(name)?.[1];
  if (rest === undefined) return [name];
  const camel = rest.replace(/[_-]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()).replace(/F1$/i, "F1");
  return [name, `validation/${camel === "F1" ? "macroF1" : camel}`];
}

/** Names under which its values are logged as training goes: those of `best/…`, which the end has, are `validation/…`. */
export function seriesOfMetric(name: string): readonly string[] {
  return [...namesOfMetric(name), ...(name.startsWith("best/") ? [name.replace("best/", "validation/")] : [])];
}

/** The value in a run's summary; undefined where it has none, or one that is no number. */
export function metricIn(summary: JsonObject, name: string): number | undefined {
  for (const one of namesOfMetric(name)) {
    const value = summary[one];
    if (typeof value === "number") return value;
    if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  }
  return undefined;
}

/** By how much `summary` is outside the bounds, summed; a bounded metric that is not there counts as endless. */
export function violationOf({ constraints }: SweepConfig, summary: JsonObject): number {
  return constraints.reduce((sum, { metric, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }) => {
    const value = metricIn(summary, metric) ?? Number.NaN;
    return sum + (Number.isNaN(value) ? Number.POSITIVE_INFINITY : Math.max(0, min - value, value - max));
  }, 0);
}

/** The value as a cost, less being better. NaN, and a trial that breaks a constraint, are as bad as can be. */
export function costOf({ metric }: SweepConfig, value: number, violation: number): number {
  if (Number.isNaN(value) || violation > 0) return Number.POSITIVE_INFINITY;
  return metric?.goal === "maximize" ? -value : value;
}
