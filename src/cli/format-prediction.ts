import { oneLine, padded, widthOf } from "../base/printable.js";
import type { Explanation } from "../classifier/explain.js";
import type { Family } from "../metrics/family.js";
import type { PredictionOf } from "../tasks/prediction.js";
import { explanationCell, explanationLines } from "./format-explanation.js";
import { styled, type Terminal } from "./terminal.js";

/**
 * Makes the line of a text, or pair of texts, and its prediction, with what speaks for it where that is asked for;
 * undefined for one that has none.
 */
export type PredictionFormat = (
  row: { readonly text: string; readonly textPair?: string },
  prediction: PredictionOf<Family> | undefined,
  explanation?: Explanation,
) => string;

/** What a person reads of a prediction: its answer, and how sure it is where that is one number. */
function answerOf(prediction: PredictionOf<Family>): { readonly answer: string; readonly probability?: number } {
  if ("value" in prediction) return { answer: String(Number(prediction.value.toPrecision(6))) };
  if ("labels" in prediction) return { answer: prediction.labels.join("|") };
  return { answer: prediction.label, probability: prediction.probability };
}

/**
 * A line for each prediction: JSON with `json`; columns for a person at a terminal; the answer, its probability where it
 * has one, and the text or both texts, separated by tabs otherwise. Several labels are joined by "|".
 *
 * @param labels the classes, to make room for them
 * @param nothing what JSON has for a text without a prediction
 */
export function predictionFormat(
  terminal: Terminal,
  labels: readonly string[],
  json: boolean,
  nothing: Readonly<Record<string, null>> = { label: null, probability: null, scores: null },
): PredictionFormat {
  if (json)
    return ({ text, textPair }, prediction, explanation) =>
      `${JSON.stringify({ text, textPair, ...(prediction ?? nothing), explanation })}\n`;
  const { stdout } = terminal;
  if (stdout.isTTY !== true) {
    return (row, prediction, explanation) => {
      const { answer, probability } = prediction === undefined ? { answer: "" } : answerOf(prediction);
      const cells = [answer, probability?.toFixed(4) ?? "", ...textsOf(row)];
      if (explanation !== undefined) cells.push(explanationCell(explanation));
      return `${cells.map((cell) => oneLine(cell)).join("\t")}\n`;
    };
  }
  const width = Math.max(...labels.map((label) => widthOf(oneLine(label))));
  const room = Math.max(20, (stdout.columns || 80) - width - "  0.1234  ".length);
  return (row, prediction, explanation) => {
    const { answer, probability } = prediction === undefined ? { answer: "-" } : answerOf(prediction);
    const shown = styled(terminal, stdout, "bold", padded(oneLine(answer) || "-", width, "after"));
    const sure = (probability?.toFixed(4) ?? (prediction === undefined ? "-" : "")).padEnd(6);
    const line = `${shown}  ${sure}  ${oneLine(textsOf(row).join(" | "), room)}\n`;
    return explanation === undefined ? line : line + explanationLines(terminal, explanation);
  };
}

function textsOf({ text, textPair }: Parameters<PredictionFormat>[0]): string[] {
  return textPair === undefined ? [text] : [text, textPair];
}
