/** The classifier that learns while rows are labelled: logistic regression on features that are computed once. */
import type { Features } from "../classifier/features.js";
import { type ChosenLoss, chooseLoss } from "../losses/registry.js";
import type { Runtime } from "../runtime/session.js";
import { singleLabelClassification } from "../tasks/single-label.js";
import {
  createLinearScorer,
  createLinearSolver,
  type LinearStages,
  openLinearStages,
} from "../training/linear-head.js";

/** The inverse strength of the penalty, for features of length 1. */
const C = 30;

/** Rows and their classes. */
export interface Labelled {
  readonly rows: readonly number[];
  /** Of each row. */
  readonly classes: readonly number[];
}

/** A trained model. */
export interface LinearModel {
  /** [N, C]: the probability of each class for `rows`; 0 of a class without a labelled row. */
  probabilities(rows: ArrayLike<number>): Promise<Float32Array>;
}

export interface LinearTrainer {
  /** Undefined while fewer than two of the `classes` have a row. */
  train(labelled: Labelled, classes: number): Promise<LinearModel | undefined>;
  close(): Promise<void>;
}

/** Trains on rows of unit features. */
export async function createLinearTrainer(
  runtime: Runtime,
  features: Features,
  threads?: number,
): Promise<LinearTrainer> {
  const { width } = features;
  const scorer = await createLinearScorer(runtime, width, threads);
  const task = singleLabelClassification;
  // By the number of classes: a session is made in the time of a small solution.
  const programs = new Map<number, { readonly loss: ChosenLoss; readonly stages: Promise<LinearStages> }>();
  const programFor = (outputs: number) => {
    const known = programs.get(outputs);
    if (known !== undefined) return known;
    const loss = chooseLoss("cross_entropy", "class", outputs);
    const program = { loss, stages: openLinearStages({ runtime, task, loss, outputs, width, threads }) };
    programs.set(outputs, program);
    return program;
  };
  return {
    async train({ rows, classes: ids }, classes) {
      const known = [...new Set(ids)].sort((a, b) => a - b);
      if (known.length < 2) return undefined;
      const place = new Map(known.map((id, at) => [id, at]));
      const { loss, stages } = programFor(known.length);
      const solver = await createLinearSolver({
        ...{ runtime, features: selectFeatures(features, rows), threads, outputs: known.length, task, loss },
        targets: { data: Int32Array.from(ids, (id) => place.get(id) as number), width: 1 },
        stages: await stages,
      });
      const solution = await solver.solve(C);
      return {
        async probabilities(wanted) {
          const logits = await scorer.logits(selectFeatures(features, wanted), solution);
          const all = new Float32Array(wanted.length * classes);
          for (let i = 0; i < wanted.length; i++) softmaxInto(all, i * classes, logits, i * known.length, known);
          return all;
        },
      };
    },
    async close() {
      await scorer.close();
      for (const { stages } of programs.values()) await (await stages).close();
    },
  };
}

function softmaxInto(
  out: Float32Array,
  to: number,
  logits: Float32Array,
  from: number,
  known: readonly number[],
): void {
  let top = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < known.length; c++) top = Math.max(top, logits[from + c]);
  let sum = 0;
  for (let c = 0; c < known.length; c++) sum += Math.exp(logits[from + c] - top);
  for (const [c, id] of known.entries()) out[to + id] = Math.exp(logits[from + c] - top) / sum;
}

/** [N, D]: the rows `rows`, one after the other. */
function selectFeatures({ values, width }: Features, rows: ArrayLike<number>): Float32Array {
  const chosen = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) chosen.set(values.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
  return chosen;
}
