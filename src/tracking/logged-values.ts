/** What a user logs, taken apart: numbers for the curves, the rest as JSON. */
import type { Json, JsonObject } from "./json.js";
import { storable } from "./storable.js";

/** Names that one run may have; more is a mistake that would fill the store. */
export const MOST_NAMES = 100_000;
/** Levels of objects in objects that are followed. */
const DEEPEST = 8;

/** Called for each value of `values`: objects inside are taken apart, their names joined by dots, as W&B does. */
export function eachValue(
  values: Readonly<Record<string, unknown>>,
  visit: (name: string, value: unknown) => void,
  prefix = "",
  depth = 0,
): void {
  for (const key in values) {
    const value = values[key];
    if (depth < DEEPEST && isPlainObject(value)) eachValue(value, visit, `${prefix}${key}.`, depth + 1);
    else visit(prefix + key, value);
  }
}

/** `value` as a number, where it says one: numbers, big ones, true and false. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return Number(value);
  return undefined;
}

/** Anything as JSON: NaN and infinities as texts, dates in ISO, what goes round in a circle as "[circular]". */
export function toJson(value: unknown, above: readonly object[] = []): Json {
  switch (typeof value) {
    case "string":
      return storable(value);
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case "undefined":
      return null;
    case "symbol":
      return storable(String(value));
    case "function":
      return `[function ${storable(value.name)}]`;
    default:
  }
  if (value === null || typeof value !== "object") return null;
  if (above.includes(value)) return "[circular]";
  if (above.length > 32) return "[too deep]";
  const inside = [...above, value];
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof Error) return storable(value.message);
  if (Array.isArray(value) || value instanceof Set || (ArrayBuffer.isView(value) && !(value instanceof DataView)))
    return Array.from(value as Iterable<unknown>, (one) => toJson(one, inside));
  if (value instanceof Map)
    return Object.fromEntries(Array.from(value, ([key, one]) => [storable(String(key)), toJson(one, inside)]));
  return toJsonObject(value as Record<string, unknown>, above);
}

/** The own fields of `values` as JSON; those that are undefined are left out. */
export function toJsonObject(values: Readonly<Record<string, unknown>>, above: readonly object[] = []): JsonObject {
  const inside = [...above, values];
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [storable(name), toJson(value, inside)]),
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}
