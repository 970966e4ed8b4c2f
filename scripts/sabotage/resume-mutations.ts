/** Mistakes in what a training goes on from, and in which parameters it moves. */
import { inFile, type SourceMutation } from "./source-mutation.js";

const RESUME = "src/training/resume.test.ts";
const FIT = "src/training/fit.test.ts";
const FREEZING = "src/training/freezing.test.ts";
const STEP = "src/training/training-step.test.ts";
const VALIDATION = "src/training/validation.test.ts";
const STATES = "src/training/node/state-folder.test.ts";

export const RESUME_MUTATIONS: readonly SourceMutation[] = [
  ...inFile(
    "src/training/progress.ts",
    [RESUME],
    [
      ["the best weights are not kept", "kept: facts.kept.map(", "kept: facts.kept.slice(0, 0).map("],
      ["the rate that callbacks chose is forgotten", "...facts.progress,", "...facts.progress, rateScale: 1,"],
      ["what callbacks remember is lost", "events.restore(facts.callbacks);", ""],
      ["the plateau is forgotten", "plateau?.restore(facts.plateau)", "void plateau"],
      ["the logits of the epoch are lost", 'tensors.get("logits") ?? new Float32Array()', "new Float32Array(10000)"],
    ],
  ),
  ...inFile(
    "src/training/early-stopping.ts",
    [VALIDATION, RESUME],
    [
      ["a gain below the threshold counts", "<= threshold", "< 0"],
      ["said of a training that came to its end", " && step < steps", ""],
      ["what it waited for is forgotten", "waiting = state as Waiting;", "void state;"],
    ],
  ),
  ...inFile(
    "src/training/greedy-soup.ts",
    [FIT],
    [
      ["what makes it worse is added", "continue;", ""],
      ["the mean of a soup is that of two", "const share = 1 / (count + 1);", "const share = 1 / 2;"],
      ["the last tried is left in place", "  trainer.restore(soup);\n", ""],
    ],
  ),
  ...inFile(
    "src/training/training-step.ts",
    [RESUME, STEP],
    [
      ["the average is forgotten", "if (state.average !== undefined) average?.restore(state.average);", ""],
      ["what decayed is forgotten", "decays = state.decays;", ""],
      ["frozen groups take steps", "active: (group) => active[group],", ""],
      ["weights that were put back are hidden by the average", "|| (shown && restored)", ""],
    ],
  ),
  ...inFile(
    "src/training/fit.ts",
    [RESUME],
    [["an epoch begins anew", "plan.slice(progress.stepsOfEpoch)) {", "plan) {"]],
  ),
  ...inFile(
    "src/training/node/state-file.ts",
    [STATES],
    [
      ["damage goes unseen", "checksumOf(json, tensors.values()) !== checksum", "false"],
      ["infinite numbers become null", "Number.isFinite(value)", "true"],
    ],
  ),
  ...inFile(
    "src/base/node/owner-lock.ts",
    [STATES],
    [
      ["two trainings at once", "host !== hostname() || isRunning(Number(pid))", "host !== hostname()"],
      ["the lock of a dead process holds", "isRunning(Number(pid))", "true"],
    ],
  ),
  ...inFile(
    "src/training/weight-average.ts",
    [STEP],
    [
      ["no warm-up of the average", "Math.min(decay, (1 + updates) / (10 + updates))", "decay"],
      ["new weights count as much as old ones", "addScaled(values, weights, 1 - d)", "addScaled(values, weights, d)"],
    ],
  ),
  ...inFile(
    "src/training/freezing.ts",
    [FREEZING],
    [
      ["the layer above the frozen ones is frozen too", "heightOf(place) <= highest", "heightOf(place) <= highest + 1"],
      ["layers are unfrozen from below", "(a, b) => b - a", "(a, b) => a - b"],
      ["one epoch late", "unfreezeAfter + 1 + wait", "unfreezeAfter + 2 + wait"],
    ],
  ),
  ...inFile(
    "src/training/parameter-groups.ts",
    [FREEZING],
    [
      ["the topmost layer has the head's rate", "layers + 1 - place", "layers - place"],
      ["the pooler has the head's rate", 'place === "pooler" ? 1', 'place === "pooler" ? headLearningRate'],
      ["groups of different epochs are one", "const firstEpoch = firstEpochOf(parameter);", "const firstEpoch = 1;"],
    ],
  ),
];
