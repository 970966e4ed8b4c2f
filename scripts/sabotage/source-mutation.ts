/** What a mistake in the source is. */

export interface SourceMutation {
  /** What is then wrong. */
  readonly what: string;
  readonly file: string;
  /** Text that stands in the file exactly once; how it is broken into lines does not matter. */
  readonly find: string;
  readonly replace: string;
  /** Test files that have to be red. */
  readonly tests: readonly string[];
}

/** Mistakes in one file that the same tests have to notice. */
export function inFile(
  file: string,
  tests: readonly string[],
  mistakes: readonly (readonly [what: string, find: string, replace: string])[],
): SourceMutation[] {
  return mistakes.map(([what, find, replace]) => ({ what, file, find, replace, tests }));
}

/** Matches `text` however the formatter breaks it into lines. */
export function patternOf(text: string): RegExp {
  const tokens = text.match(/\w+|[^\w\s]/g) ?? [];
  return new RegExp(tokens.map((token) => token.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s*"), "g");
}
