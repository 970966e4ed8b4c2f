/** What a program printed, as lines: a progress bar that writes over itself leaves its last state. */
import { stripVTControlCharacters } from "node:util";

/** Characters of a line that are kept. */
const LONGEST = 4000;
/** Lines of a run that are kept. */
export const MOST_LINES = 100_000;

/** Takes pieces of text as they come and gives whole lines. */
export interface LineCutter {
  /** The lines that `text` completes, without escapes of terminals. */
  cut(text: string): string[];
  /** What was begun and not ended. */
  rest(): string[];
}

export function createLineCutter(): LineCutter {
  let open = "";
  const clean = (raw: string): string => {
    const written = stripVTControlCharacters(raw).split("\r");
    const last = written.findLast((part) => part.trim() !== "") ?? "";
    return last
      .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
      .trimEnd()
      .slice(0, LONGEST);
  };
  return {
    cut(text) {
      const parts = (open + text).split("\n");
      open = parts.pop() ?? "";
      // What a bar writes over is let go of, or an hour of it would be one long line.
      if (open.length > 2 * LONGEST) open = open.slice(-LONGEST);
      return parts.map(clean).filter((line) => line !== "");
    },
    rest() {
      const line = clean(open);
      open = "";
      return line === "" ? [] : [line];
    },
  };
}
