import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { nodeRuntime } from "../runtime/node/onnxruntime.js";
import { taskNamed } from "../tasks/registry.js";
import { createLinearSolver, linearLogits } from "./linear-head.js";
import { trainingLoss } from "./training-loss.js";

interface Case {
  readonly name: string;
  readonly problemType: string;
  readonly c: number;
  readonly classWeights?: "balanced";
  readonly targets: readonly (number | readonly number[])[];
  /** Probabilities [N, C], or predictions [N, 1] of a regression. */
  readonly scores: readonly (readonly number[])[];
}

const golden = JSON.parse(readFileSync(new URL("../../tests/golden/linear-head.json", import.meta.url), "utf8")) as {
  readonly features: readonly (readonly number[])[];
  readonly cases: readonly Case[];
};
const features = Float32Array.from(golden.features.flat());

async function scoresOf({ problemType, c, classWeights, targets, scores }: Case): Promise<number[][]> {
  const task = taskNamed(problemType);
  const width = scores[0]?.length ?? 0;
  const labels = Array.from({ length: width }, (_, id) => `label ${id}`);
  const outputs = task.outputs(labels).length;
  const flat = targets.flat() as number[];
  const counts = labels.map((_, id) => flat.filter((target) => target === id).length);
  const solver = await createLinearSolver({
    ...{ runtime: nodeRuntime, features, task, outputs, threads: 1 },
    targets: {
      data: task.targets === "class" ? Int32Array.from(flat) : Float32Array.from(flat),
      width: task.targets === "class" ? 1 : outputs,
    },
    loss: trainingLoss({ classWeights }, task, labels, { rows: targets.length, counts }),
  });
  const logits = linearLogits(features, await solver.solve(c));
  await solver.close();
  return targets.map((_, row) => {
    const own = [...logits.subarray(row * outputs, (row + 1) * outputs)];
    if (task.family === "regression") return own;
    if (task.targets === "class") {
      const sum = own.reduce((total, logit) => total + Math.exp(logit), 0);
      return own.map((logit) => Math.exp(logit) / sum);
    }
    const sigmoids = own.map((logit) => 1 / (1 + Math.exp(-logit)));
    return task.family === "binary" ? [1 - (sigmoids[0] as number), sigmoids[0] as number] : sigmoids;
  });
}

it.each(golden.cases)("$name: the answers are scikit-learn's", async (one) => {
  const wanted = one.scores.flat();
  const got = (await scoresOf(one)).flat();
  expect(got.length).toBe(wanted.length);
  const worst = Math.max(...got.map((value, i) => Math.abs(value - (wanted[i] as number))));
  expect(worst).toBeLessThan(5e-4);
  // Another penalty would be seen.
  const other = (await scoresOf({ ...one, c: one.c * 1.1 })).flat();
  expect(Math.max(...other.map((value, i) => Math.abs(value - (wanted[i] as number))))).toBeGreaterThan(5e-4);
});
