/** Options checked against their schema, with messages that say what to write instead. */
import type { z } from "zod";
import { type Complaint, fail } from "./errors.js";
import { optionHint } from "./field-names.js";
import { didYouMean } from "./nearest.js";

/**
 * The options in `given`, checked and with defaults filled in.
 *
 * @throws E_CONFIG naming the option, with the nearest name where it is unknown
 */
export function resolveOptions<T extends z.ZodObject>(
  schema: T,
  given: Readonly<Record<string, unknown>>,
): z.output<T> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue.code === "unrecognized_keys") {
    const [name] = issue.keys;
    const names = Object.keys(schema.shape);
    return fail("E_CONFIG", {
      option: name,
      expected: "the name of an option",
      got: "an unknown one",
      fix: optionHint(name, names) ?? didYouMean(name, names),
    });
  }
  const name = String(issue.path[0]);
  return failForIssue({ option: name }, issue, given[name]);
}

/** Says what zod found wrong with `value` in one line. @throws E_CONFIG always */
export function failForIssue(
  place: Pick<Complaint, "where" | "option"> & Complaint,
  issue: z.core.$ZodIssue,
  value: unknown,
): never {
  const got = typeof value === "number" || value === undefined ? String(value) : JSON.stringify(value);
  switch (issue.code) {
    case "invalid_value": {
      const names = issue.values.map(String);
      return fail("E_CONFIG", {
        ...place,
        expected: names.length === 1 ? `"${names[0]}"` : `one of ${names.join(", ")}`,
        got,
        fix: didYouMean(String(value), names),
      });
    }
    case "too_small":
      return fail("E_CONFIG", {
        ...place,
        expected: `${thing(issue.origin)} ${issue.inclusive === false ? "above" : "of at least"} ${issue.minimum}${items(issue.origin)}`,
        got,
      });
    case "too_big":
      return fail("E_CONFIG", {
        ...place,
        expected: `${thing(issue.origin)} ${issue.inclusive === false ? "below" : "of at most"} ${issue.maximum}${items(issue.origin)}`,
        got,
      });
    case "invalid_type":
      return fail("E_CONFIG", { ...place, expected: thing(issue.expected), got });
    default:
      return fail("E_CONFIG", { ...place, expected: lowerFirst(issue.message), got });
  }
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

function items(type: string): string {
  return type === "array" ? " items" : "";
}

function thing(type: string): string {
  if (type === "int") return "a whole number";
  if (type === "boolean") return "true or false";
  if (type === "string") return "text";
  return type === "array" ? "a list" : "a number";
}
