/** What can be classified: a text, or a pair of texts. */
import { type ErrorCode, fail } from "../base/errors.js";
import type { TextExample, TextPair } from "../tokenizers/tokenizer.js";

/** How it is called in messages. */
export const EXAMPLE = "a text, or a pair { text, textPair }";

export function isExample(value: unknown): value is TextExample {
  if (typeof value !== "object" || value === null) return typeof value === "string";
  const { text, textPair } = value as Partial<TextPair>;
  return typeof text === "string" && typeof textPair === "string";
}

/** What a wrong value is. */
export function kindOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}

/**
 * Nothing where a classifier was trained on pairs and reads pairs, or on texts alone and reads those.
 *
 * @param trained whether it was trained on pairs; undefined where that is not known
 */
export function assertInput(trained: boolean | undefined, isPair: boolean, code: ErrorCode, where: string): void {
  if (trained === undefined || trained === isPair) return;
  const words = (pairs: boolean): string => (pairs ? "pairs of texts" : "texts alone");
  fail(code, {
    where,
    option: "textPair",
    expected: `${words(trained)}, as in training`,
    got: words(isPair),
    ...(trained ? { fix: "name the second text", set: { textPair: "…" } } : { fix: "leave the second text out" }),
  });
}
