import { shortened } from "../../base/printable.js";

/** The start of a text on one line, of at most `most` columns. */
export function shownText(text: string, most: number): string {
  const line = text
    .slice(0, most * 4)
    .replace(/\s+/gu, " ")
    .trim();
  return shortened(line, most);
}
