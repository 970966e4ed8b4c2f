/** The cases of tests/golden/analysis.json as outputs of a model. */
import { readFileSync } from "node:fs";
import type { Family } from "../../src/metrics/family.js";
import type { ClassOutputs, Outputs } from "../../src/metrics/outputs.js";

interface AnalysisCase {
  readonly name: string;
  readonly family: Family;
  readonly labels: readonly string[];
  readonly rows: number;
  readonly targets: readonly number[];
  readonly logits: readonly number[];
  readonly temperature: number;
  /** By goal, the best that any threshold reaches, for each label that has one. */
  readonly thresholds?: readonly Readonly<Record<string, number>>[];
  readonly doubted?: readonly { readonly row: number; readonly suggested: number; readonly confidence: number }[];
  readonly roc?: { readonly falsePositiveRate: readonly number[]; readonly truePositiveRate: readonly number[] };
  readonly precisionRecall?: { readonly precision: readonly number[]; readonly recall: readonly number[] };
}

const path = new URL("../golden/analysis.json", import.meta.url);

export const analysisCases = (JSON.parse(readFileSync(path, "utf8")) as { cases: readonly AnalysisCase[] }).cases;

export function outputsOf({ family, labels, rows, targets, logits }: AnalysisCase): ClassOutputs {
  return { family, labels, rows, targets, logits: Float32Array.from(logits) } as ClassOutputs;
}

/** Outputs of two classes, given by the logit of the second. */
export function twoClasses(targets: readonly number[], logits: readonly number[]): ClassOutputs {
  return {
    family: "binary",
    labels: ["ham", "spam"],
    rows: targets.length,
    targets,
    logits: Float32Array.from(logits),
  };
}

/** Outputs of a regression. */
export function regression(targets: readonly number[], predictions: readonly number[]): Outputs {
  const logits = Float32Array.from(predictions);
  return { family: "regression", labels: ["stars"], rows: targets.length, targets, logits };
}
