/** What speaks for a class, for a person at a terminal and for a table. */
import { oneLine } from "../base/printable.js";
import type { Attribution, Explanation } from "../classifier/explain.js";
import { mayColor, type Terminal } from "./terminal.js";

/** Words that a line names. */
const NAMED = 8;

const signed = (score: number): string => `${score < 0 ? "-" : "+"}${Math.abs(score).toFixed(2)}`;

/** The words that say most, for or against, as "+1.92 wonderful". */
function foremost(words: readonly Attribution[]): string[] {
  return words
    .filter(({ text }) => text.trim() !== "")
    .sort((a, b) => Math.abs(b.score) - Math.abs(a.score))
    .slice(0, NAMED)
    .map(({ text, score }) => `${signed(score)} ${oneLine(text)}`);
}

/** The words that say most as a cell of a table: "+1.92 wonderful, -0.10 little". */
export function explanationCell({ words }: Explanation): string {
  return foremost(words).join(", ");
}

/** Shades of green and of red in the 256 colours of terminals, the faintest first. */
const FOR = [22, 28, 34];
const AGAINST = [52, 88, 124];
/** Share of the strongest word from which a word is coloured. */
const FAINTEST = 0.1;

/**
 * The lines under a prediction: its class, where it is not the one that is explained, the text with the words that speak for
 * the class in green and those against it in red, and the words that say most. Without colours the words alone.
 */
export function explanationLines(terminal: Terminal, { label, words }: Explanation): string {
  const named = `    ${oneLine(label)}: ${foremost(words).join("  ") || "no words"}\n`;
  if (!mayColor(terminal, terminal.stdout)) return named;
  const strongest = Math.max(...words.map(({ score }) => Math.abs(score)));
  const coloured = words.map(({ text, score, start, of }, i) => {
    const share = strongest === 0 ? 0 : Math.abs(score) / strongest;
    const before = words[i - 1];
    const gap =
      before !== undefined && (before.of !== of || start > before.end) ? (before.of === of ? " " : " | ") : "";
    if (share < FAINTEST) return `${gap}${oneLine(text)}`;
    const shades = score > 0 ? FOR : AGAINST;
    const shade = shades[Math.min(shades.length - 1, Math.floor(share * shades.length))];
    return `${gap}\u001b[48;5;${shade};38;5;231m${oneLine(text)}\u001b[0m`;
  });
  return `    ${coloured.join("")}\n${named}`;
}
