/** Texts of requests, checked. */
import { Problem } from "../http/problem.js";
import type { TextExample } from "../tokenizers/tokenizer.js";
import type { WireExample } from "./wire.js";

export interface RequestLimits {
  /** Bytes. */
  readonly maxBody: number;
  readonly maxTexts: number;
  /** Characters. */
  readonly maxTextLength: number;
}

/**
 * The examples of a request and whether it was one alone.
 *
 * @param pairs whether the model was trained on pairs of texts; undefined where that is not known
 * @throws Problem 400 for none, and for texts alone where pairs are read or the other way round; 413 for too many or
 *   too long ones
 */
export function examplesOf(
  input: WireExample | readonly WireExample[],
  { maxTexts, maxTextLength }: RequestLimits,
  pairs: boolean | undefined,
): { examples: TextExample[]; alone: boolean } {
  const alone = !Array.isArray(input);
  const all = (alone ? [input] : input) as readonly WireExample[];
  if (all.length === 0) throw new Problem(400, "input: expected at least one text, got none");
  if (all.length > maxTexts)
    throw new Problem(413, `input: expected at most ${maxTexts} texts, got ${all.length}; send them in parts`);
  const examples = all.map((one, index) => {
    const place = `input, text ${index + 1}`;
    const isPair = typeof one !== "string";
    if (pairs !== undefined && pairs !== isPair)
      throw new Problem(400, `${place}: expected ${formOf(pairs)}, as in training, got ${formOf(isPair)}`);
    for (const text of typeof one === "string" ? [one] : [one.text, one.text_pair]) {
      if (text.length > maxTextLength)
        throw new Problem(413, `${place}: expected at most ${maxTextLength} characters, got ${text.length}`);
      if (text.trim() === "") throw new Problem(400, `${place}: expected a text, got an empty one`);
    }
    return typeof one === "string" ? one : { text: one.text, textPair: one.text_pair };
  });
  return { examples, alone };
}

function formOf(isPair: boolean): string {
  return isPair ? "a pair {text, text_pair}" : "a text alone";
}
