/** JSON of a tokenizer's files. */

import { fail } from "../../base/errors.js";

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What to do about a damaged file. */
export const RESTORE = "download the model's tokenizer files again";

/** @throws E_TOKENIZER for content that is no JSON object */
export function parseObject(content: string, where: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(content.replace(/^\uFEFF/, ""));
  } catch (cause) {
    fail(
      "E_TOKENIZER",
      { where, expected: "JSON", got: content.trim() === "" ? "an empty file" : "damaged content", fix: RESTORE },
      cause,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    fail("E_TOKENIZER", { where, expected: "a JSON object", got: quote(value), fix: RESTORE });
  }
  return value as JsonObject;
}

/** The object at `key`; undefined where there is none. */
export function objectAt(object: JsonObject, key: string): JsonObject | undefined {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** Signs of a value in a message. */
const MOST = 40;

/** The beginning of a value's JSON, for a message. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  // By signs, not by columns: what measures columns takes a sixth of the time in which a program that predicts is loaded.
  return text.length <= MOST
    ? text
    : `${Array.from(text.slice(0, 2 * MOST))
        .slice(0, MOST - 1)
        .join("")}…`;
}
