/** What is read of a text that is longer than a model takes. */

/** The names of the ways. */
export const LONG_TEXTS = ["head", "tail", "head+tail", "windows"] as const;

/**
 * What is read of a text by itself that is too long:
 * - `head`: its beginning;
 * - `tail`: its end;
 * - `head+tail`: a quarter of the room for its beginning, the rest for its end;
 * - `windows`: all of it, in windows that overlap; the scores of a text are the mean or the largest of its windows'.
 *
 * @source Sun et al. 2019, arXiv:1905.05583, section 5.3.1, where "head+tail" is 128 and 382 tokens of 510
 */
export type LongTexts =
  | { readonly read: "head" | "tail" | "head+tail" }
  | {
      readonly read: "windows";
      /** Tokens that a window has in common with the one before, as in transformers' tokenizers. */
      readonly stride: number;
      readonly scores: WindowScores;
    };

/** How the scores of windows become those of their text. */
export const WINDOW_SCORES = ["mean", "max"] as const;
export type WindowScores = (typeof WINDOW_SCORES)[number];

/** Tokens that stay at the beginning of `room` of them. */
export function headOf(room: number, read: "head" | "tail" | "head+tail"): number {
  return { head: room, tail: 0, "head+tail": Math.floor(room / 4) }[read];
}

/** Where windows of `room` tokens begin in a text of `length`: the last one ends where the text does. */
export function windowStarts(length: number, room: number, stride: number): number[] {
  const starts = [0];
  for (let start = 0; start + room < length; ) {
    start += room - stride;
    starts.push(start);
  }
  return starts;
}
