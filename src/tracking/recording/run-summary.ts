/** The summary of a run: what its metrics came to, and what was set by hand, which goes before. */
import type { JsonObject } from "../json.js";
import type { MetricRule } from "./protocol.js";
import type { Series } from "./series-writer.js";

/** Metrics of the machine, which a summary leaves out. */
export const SYSTEM_PREFIX = "system.";

export function summaryOf(
  series: Iterable<Series>,
  ruleOf: (name: string) => MetricRule | undefined,
  set: JsonObject,
): JsonObject {
  const summary: Record<string, number | string> = {};
  for (const one of series) {
    if (one.name.startsWith(SYSTEM_PREFIX) || one.points === 0) continue;
    const rule = ruleOf(one.name);
    switch (rule?.summary ?? "last") {
      case "none":
        break;
      case "last":
        summary[one.name] = jsonNumber(one.lastValue);
        break;
      case "min":
        summary[`${one.name}.min`] = jsonNumber(one.min ?? Number.NaN);
        break;
      case "max":
        summary[`${one.name}.max`] = jsonNumber(one.max ?? Number.NaN);
        break;
      case "mean":
        summary[`${one.name}.mean`] = jsonNumber(one.numbers === 0 ? Number.NaN : one.sum / one.numbers);
        break;
      case "best":
        summary[`${one.name}.best`] = jsonNumber((rule?.goal === "maximize" ? one.max : one.min) ?? Number.NaN);
        break;
    }
  }
  return { ...summary, ...set };
}

/** A number as JSON has it: NaN and infinities as texts. */
export function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** The rule for `name`: its own, else that of the longest pattern that ends in `*` and fits. */
export function ruleFor(rules: ReadonlyMap<string, MetricRule>, name: string): MetricRule | undefined {
  const own = rules.get(name);
  if (own !== undefined) return own;
  let longest = "";
  for (const pattern of rules.keys()) {
    if (pattern.endsWith("*") && name.startsWith(pattern.slice(0, -1)) && pattern.length > longest.length)
      longest = pattern;
  }
  return rules.get(longest);
}
