/** Texts of others where a person reads them: they may hold what a terminal would obey, and signs two columns wide. */
import stringWidth from "string-width";

/** Control characters, line ends of Unicode, and signs that turn the direction of what follows. */
const OBEYED = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const ESCAPE = "\u001b";
/** Commands to a terminal as ECMA-48 writes them: colours and movements, and titles up to their end. */
const COMMANDS = new RegExp(
  `(?:${ESCAPE}\\[|\u009b)[0-?]*[ -/]*[@-~]|${ESCAPE}\\][^\u0007${ESCAPE}]*(?:\u0007|${ESCAPE}\\\\)?`,
  "g",
);
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
/** A sign as people see it has few code units; one of thousands is made to be long. */
const UNITS_PER_COLUMN = 16;

/** `text` with what a terminal would obey written out, as in `\x1b`; line ends and tabs stay. */
export function printable(text: string): string {
  return text.replace(OBEYED, (sign) => {
    if (sign === "\n" || sign === "\t") return sign;
    const code = sign.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16)}`;
  });
}

/** `text` on one line, without what a terminal would obey, at most `most` columns wide. */
export function oneLine(text: string, most = Number.POSITIVE_INFINITY): string {
  // What cannot be shown need not be looked at.
  const seen = text.slice(0, UNITS_PER_COLUMN * 4 * most);
  return shortened(seen.replace(COMMANDS, "").replace(OBEYED, " ").replace(/ {2,}/g, " "), most);
}

/** The beginning of `text` that takes at most `most` columns of a terminal, with an ellipsis where it is cut. */
export function shortened(text: string, most: number): string {
  if (most === Number.POSITIVE_INFINITY || (text.length <= most && /^[ -~]*$/.test(text))) return text;
  const seen = text.slice(0, UNITS_PER_COLUMN * (most + 1));
  let width = 0;
  let fitting = "";
  for (const { segment } of graphemes.segment(seen)) {
    width += widthOf(segment);
    if (width > most) return `${fitting}…`;
    if (width < most) fitting += segment;
  }
  return seen.length < text.length ? `${fitting}…` : text;
}

/** Columns that `text` takes on a terminal. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** `text` with spaces before or after it up to `width` columns. */
export function padded(text: string, width: number, side: "before" | "after"): string {
  const space = " ".repeat(Math.max(0, width - widthOf(text)));
  return side === "before" ? space + text : text + space;
}
