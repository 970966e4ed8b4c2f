import type { Prediction } from "../tasks/prediction.js";
import { styled, type Terminal } from "./terminal.js";

/** Makes the line of a text and its prediction; undefined for a text that has none. */
export type PredictionFormat = (text: string, prediction: Prediction | undefined) => string;

/**
 * A line for each prediction: JSON with `json`; columns for a person at a terminal; label, probability and text
 * separated by tabs otherwise.
 */
export function predictionFormat(terminal: Terminal, labels: readonly string[], json: boolean): PredictionFormat {
  if (json) {
    return (text, prediction) =>
      `${JSON.stringify({ text, ...(prediction ?? { label: null, probability: null, scores: null }) })}\n`;
  }
  const { stdout } = terminal;
  if (stdout.isTTY !== true) {
    return (text, prediction) =>
      `${prediction === undefined ? "\t" : `${oneLine(prediction.label)}\t${prediction.probability.toFixed(4)}`}\t${oneLine(text)}\n`;
  }
  const width = Math.max(...labels.map((label) => oneLine(label).length));
  const room = Math.max(20, (stdout.columns || 80) - width - "  0.1234  ".length);
  return (text, prediction) => {
    const label = styled(terminal, stdout, "bold", oneLine(prediction?.label ?? "-").padEnd(width));
    return `${label}  ${prediction?.probability.toFixed(4) ?? "-".padEnd(6)}  ${shortened(oneLine(text), room)}\n`;
  };
}

/** `text` without line ends, tabs and control characters. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ");
}

function shortened(text: string, length: number): string {
  // No more characters are taken apart than can be shown.
  const characters = [...text.slice(0, 2 * length + 2)];
  return characters.length <= length && text.length <= 2 * length + 2
    ? text
    : `${characters.slice(0, length - 1).join("")}…`;
}
