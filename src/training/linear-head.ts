/**
 * The last dense layer of a classifier, solved for instead of trained step by step: with its inputs known, the mean loss
 * is convex in its weights, and L-BFGS finds the one minimum. With cross-entropy that is logistic regression.
 */
import { differentiateInStages } from "../autodiff/stages.js";
import { fail } from "../base/errors.js";
import { createGraph, type Value } from "../graph/graph.js";
import type { ChosenLoss } from "../losses/registry.js";
import type { Parameter } from "../nn/scope.js";
import { gradientAlgebra } from "../ops/algebra.js";
import { Linear, linear } from "../ops/linear.js";
import { minimize } from "../optimizers/lbfgs.js";
import type { Runtime, Tensor } from "../runtime/session.js";
import type { Targets, Task } from "../tasks/task.js";
import { targetTensor } from "./batch.js";
import type { ClassifierGraph } from "./classifier-graph.js";
import { createStages, type Stages } from "./stages.js";

/** A classifier's graph before and in its last layer. */
export interface SplitHead {
  /** What the last layer reads, [B, D]. */
  readonly features: Value;
  readonly weight: Parameter;
  readonly bias: Parameter;
}

/** @throws E_CONFIG for a head that does not end in a dense layer */
export function splitHead({ outputs: { logits }, parameters }: ClassifierGraph): SplitHead {
  const parameterOf = (value: Value | undefined): Parameter | undefined =>
    parameters.find((parameter) => parameter.value.origin.kind === "input" && sameInput(parameter.value, value));
  const { origin } = logits as Value;
  const inputs = origin.kind === "node" && origin.op === Linear ? origin.inputs : [];
  const [features, weight, bias] = [inputs[0], parameterOf(inputs[1]), parameterOf(inputs[2])];
  if (features === undefined || weight === undefined || bias === undefined)
    return fail("E_CONFIG", {
      option: "mode",
      expected: "a head whose last layer is dense",
      got: "another one",
      fix: "end the head in dense(…), or choose mode full",
    });
  return { features, weight, bias };
}

/** Passes over a graph make its inputs anew: they are the same by their names. */
function sameInput(a: Value, b: Value | undefined): boolean {
  return a.origin.kind === "input" && b?.origin.kind === "input" && a.origin.name === b.origin.name;
}

export interface LinearProblem {
  readonly runtime: Runtime;
  /** [N, D], row by row. */
  readonly features: Float32Array;
  readonly targets: Targets;
  readonly task: Task;
  readonly loss: ChosenLoss;
  /** Outputs C of the layer. */
  readonly outputs: number;
  readonly threads?: number | undefined;
  /** By default stages of its own, which are closed with it. */
  readonly stages?: LinearStages | undefined;
}

export interface LinearSolution {
  /** [C, D] */
  readonly weight: Float32Array;
  /** [C] */
  readonly bias: Float32Array;
  readonly iterations: number;
}

export interface LinearSolver {
  /**
   * The weights at which Σ loss + ‖W‖² / 2 c is least; biases are free.
   *
   * @param c the inverse strength of the penalty, as scikit-learn's C
   * @param from where to begin; zeros by default
   */
  solve(c: number, from?: LinearSolution): Promise<LinearSolution>;
  close(): Promise<void>;
}

/** Steps of L-BFGS at most; scikit-learn stops after 100 by default, and says so. */
const MAX_ITERATIONS = 500;
const TOLERANCE = 1e-6;

/** What a solver runs, which knows no rows: one may serve many solvers. */
export type LinearStages = Stages;

/** The loss and its gradients as a session, for problems that have all but their rows in common. */
export function openLinearStages({
  runtime,
  task,
  loss: chosen,
  outputs,
  width,
  threads,
}: Omit<LinearProblem, "features" | "targets" | "stages"> & { readonly width: number }): Promise<LinearStages> {
  const graph = createGraph();
  const x = graph.input("features", "float32", ["B", width]);
  const weight = graph.input("weight", "float32", [outputs, width]);
  const bias = graph.input("bias", "float32", [outputs]);
  const labels =
    task.targets === "class" ? graph.input("labels", "int64", ["B"]) : graph.input("labels", "float32", ["B", outputs]);
  const loss = chosen.build(linear(x, weight, bias), labels, graph.input("example_weights", "float32", ["B"]));
  const [stage] = differentiateInStages({
    ...{ loss, others: {}, checkpoints: [], trained: [weight, bias], algebra: gradientAlgebra },
  });
  const outs = {
    ...stage.outputs,
    "gradient.weight": stage.gradients.get(weight) as Value,
    "gradient.bias": stage.gradients.get(bias) as Value,
  };
  return createStages(runtime, [outs], threads === undefined ? {} : { threads });
}

/** @source scikit-learn linear_model/_logistic.py */
export async function createLinearSolver(problem: LinearProblem): Promise<LinearSolver> {
  const { features, targets, task, outputs } = problem;
  const rows = targets.data.length / targets.width;
  const width = features.length / rows;
  const stages = problem.stages ?? (await openLinearStages({ ...problem, width }));
  const constant: Record<string, Tensor> = {
    features: { dtype: "float32", shape: [rows, width], data: features },
    labels: targetTensor(targets.data, rows, task.targets),
    example_weights: { dtype: "float32", shape: [rows], data: new Float32Array(rows).fill(1 / rows) },
  };
  const size = outputs * width;
  // Two classes have two rows of weights here, opposite to each other, and one in scikit-learn. The losses of several
  // labels, or numbers, are means over these here, and each a problem of its own there.
  const penalties = task.targets !== "class" ? 1 / outputs : outputs === 2 ? 2 : 1;
  return {
    async solve(c, from) {
      const strength = penalties / (c * rows);
      const evaluate = async (at: Float64Array) => {
        const feeds = {
          ...constant,
          weight: tensorOf([outputs, width], at.subarray(0, size)),
          bias: tensorOf([outputs], at.subarray(size)),
        };
        const results = await stages.run(() => feeds, {});
        const gradient = new Float64Array(at.length);
        gradient.set(results["gradient.weight"].data as Float32Array);
        gradient.set(results["gradient.bias"].data as Float32Array, size);
        let penalty = 0;
        for (let i = 0; i < size; i++) {
          penalty += (strength / 2) * at[i] * at[i];
          gradient[i] += strength * at[i];
        }
        return { value: (results.loss.data[0] as number) + penalty, gradient };
      };
      const start = new Float64Array(size + outputs);
      if (from !== undefined) {
        start.set(from.weight);
        start.set(from.bias, size);
      }
      const { at, iterations } = await minimize(evaluate, start, {
        maxIterations: MAX_ITERATIONS,
        tolerance: TOLERANCE,
      });
      return {
        weight: Float32Array.from(at.subarray(0, size)),
        bias: Float32Array.from(at.subarray(size)),
        iterations,
      };
    },
    close: async () => {
      if (problem.stages === undefined) await stages.close();
    },
  };
}

function tensorOf(shape: readonly number[], values: Float64Array): Tensor {
  return { dtype: "float32", shape: [...shape], data: Float32Array.from(values) };
}

/** Logits of features by any solution, in a session: for many rows. */
export interface LinearScorer {
  /** [N, C] of features [N, D]. */
  logits(features: Float32Array, solution: LinearSolution): Promise<Float32Array>;
  close(): Promise<void>;
}

export async function createLinearScorer(runtime: Runtime, width: number, threads?: number): Promise<LinearScorer> {
  const graph = createGraph();
  const x = graph.input("features", "float32", ["B", width]);
  const weight = graph.input("weight", "float32", ["C", width]);
  const bias = graph.input("bias", "float32", ["C"]);
  const logits = linear(x, weight, bias);
  const stages = await createStages(runtime, [{ logits }], threads === undefined ? {} : { threads });
  return {
    async logits(features, { weight, bias }) {
      const outputs = bias.length;
      const feeds: Record<string, Tensor> = {
        features: { dtype: "float32", shape: [features.length / width, width], data: features },
        weight: { dtype: "float32", shape: [outputs, width], data: weight },
        bias: { dtype: "float32", shape: [outputs], data: bias },
      };
      const results = await stages.run(() => feeds, {});
      return results.logits.data as Float32Array;
    },
    close: () => stages.close(),
  };
}

/** Logits [N, C] of features [N, D]. */
export function linearLogits(features: Float32Array, { weight, bias }: LinearSolution): Float32Array {
  const outputs = bias.length;
  const width = weight.length / outputs;
  const rows = features.length / width;
  const logits = new Float32Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let output = 0; output < outputs; output++) {
      let sum = bias[output];
      for (let i = 0; i < width; i++) sum += features[row * width + i] * weight[output * width + i];
      logits[row * outputs + output] = sum;
    }
  }
  return logits;
}
