/**
 * How many tokens of two texts are kept where both are too long together.
 *
 * @source huggingface/tokenizers, tokenizers/src/utils/truncation.rs
 */
import { fail } from "../base/errors.js";

/** The names of the strategies. */
export const TRUNCATION_STRATEGIES = ["longest_first", "only_first", "only_second"] as const;

/**
 * Which of two texts gives way, by the names of transformers. "longest_first" cuts the longer text to the length of the
 * other, and then both alike; "only_first" and "only_second" cut that one alone. A text by itself is cut under each of them.
 */
export type TruncationStrategy = (typeof TRUNCATION_STRATEGIES)[number];

/**
 * The number of tokens that are kept of texts of `first` and `second` tokens, `room` at most together.
 *
 * @throws E_DATA where the text that may not be cut leaves nothing of the other
 */
export function keptOfPair(
  first: number,
  second: number,
  room: number,
  strategy: TruncationStrategy,
): readonly [first: number, second: number] {
  if (first + second <= room) return [first, second];
  if (strategy === "only_first" || strategy === "only_second") {
    const whole = strategy === "only_first" ? second : first;
    const rest = room - whole;
    if (rest > 0) return strategy === "only_first" ? [rest, second] : [first, rest];
    return fail("E_DATA", {
      where: `truncation ${strategy}`,
      expected: `room for the other text, of ${room} tokens`,
      got: `a text of ${whole} tokens that may not be cut`,
      fix: "choose longest_first, or a larger maxLength",
    });
  }
  const half = Math.floor(room / 2);
  const shorter = Math.min(first, second);
  const rest = shorter <= half ? room - shorter : room - half;
  return first <= second ? [room - rest, rest] : [rest, room - rest];
}
