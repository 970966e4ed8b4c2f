/** Mistakes put into the source, one at a time, and the narrowest tests that have to notice each. */

import { ARCHITECTURE_MUTATIONS } from "./architecture-mutations.js";
import { CHECKPOINT_MUTATIONS } from "./checkpoint-mutations.js";
import { CLASSIFIER_MUTATIONS } from "./classifier-mutations.js";
import { CLI_MUTATIONS } from "./cli-mutations.js";
import { CORRECTION_MUTATIONS } from "./correction-mutations.js";
import { DATA_MUTATIONS } from "./data-mutations.js";
import { OPTIMIZER_MUTATIONS } from "./optimizer-mutations.js";
import { RESUME_MUTATIONS } from "./resume-mutations.js";
import { SEARCH_MUTATIONS } from "./search-mutations.js";
import { inFile, type SourceMutation } from "./source-mutation.js";
import { STUDIO_MUTATIONS } from "./studio-mutations.js";
import { TOKENIZING_MUTATIONS } from "./tokenizing-mutations.js";

const TINY_BERT = "tests/parity/tiny-bert.test.ts";
const ARCHITECTURES = "tests/parity/architectures.test.ts";
const STEP = "src/training/training-step.test.ts";
const FIT = "src/training/fit.test.ts";

export const SOURCE_MUTATIONS: readonly SourceMutation[] = [
  ...DATA_MUTATIONS,
  ...CORRECTION_MUTATIONS,
  ...CHECKPOINT_MUTATIONS,
  ...STUDIO_MUTATIONS,
  ...inFile(
    "src/autodiff/differentiate.ts",
    ["src/autodiff/differentiate.test.ts"],
    [
      ["paths that meet are not summed", "sum === undefined ? fitted : algebra.add(sum, fitted)", "fitted"],
      [
        "broadcasting is not undone",
        "sameShape(gradient.shape, input.shape) ? gradient : algebra.sumTo(gradient, input.shape)",
        "gradient",
      ],
      ["the seed gradient is 2", "algebra.fill(loss, [], 1)", "algebra.fill(loss, [], 2)"],
      [
        "gradients that nobody needs are computed",
        "node.inputs.map((input) => dependent.has(input))",
        "node.inputs.map((input) => isDifferentiable(input.dtype))",
      ],
      [
        "an unreachable parameter is silent",
        "gradients.get(value) ??",
        "gradients.get(value) ?? algebra.fill(value, value.shape, 0) ??",
      ],
      [
        "a second output stops the walk",
        "outputGradients.every((gradient) => gradient === undefined)",
        "outputGradients[0] === undefined",
      ],
    ],
  ),
  ...inFile(
    "src/autodiff/stages.ts",
    ["src/autodiff/stages.test.ts"],
    [
      ["stages start from the inputs", "checkpoints.slice(0, stage)", "checkpoints.slice(0, 0)"],
      ["no gradient flows into a checkpoint", "outputs[name] = gradients[own.length]", "outputs[name] = before[0]"],
      ["stages go on below what is trained", "lowest === -1 ? checkpoints.length : lowest", "0"],
      ["a parameter of two stages is silent", "(stages) => stages === 1", "(stages) => stages >= 1"],
    ],
  ),
  ...inFile(
    "src/graph/substitute.ts",
    ["src/graph/substitute.test.ts"],
    [
      ["an extract names inputs one off", "inputs.push(value) - 1", "inputs.push(value)"],
      ["nothing is put in the place of a value", "new Map(replacements)", "new Map<Value, Value>()"],
    ],
  ),
  ...inFile(
    "src/training/stages.ts",
    [STEP],
    [
      [
        "every layer has a session of its own",
        "sessions.set(key, session)",
        "sessions.set(String(sessions.size), session)",
      ],
    ],
  ),
  ...inFile(
    "src/autodiff/slice-early.ts",
    ["src/autodiff/slice-early.test.ts"],
    [
      [
        "the last reader decides what is computed",
        'known === undefined || sameDemand(known, wanted) ? wanted : "whole"',
        "wanted",
      ],
      [
        "slices of another start are taken for the same",
        "a.axis === b.axis && a.start === b.start && a.size === b.size",
        "a.axis === b.axis && a.size === b.size",
      ],
      [
        "dropout masks stay whole",
        'origin.role.kind !== "dropout")) demands.set(value, "whole")',
        'origin.kind === "input")) demands.set(value, "whole")',
      ],
      ["nothing is sliced early", "if (rule === undefined) return whole", "if (rule !== null) return whole"],
    ],
  ),
  ...inFile(
    "src/onnx/write-model.ts",
    ["src/onnx/write-model.test.ts"],
    [
      [
        "the first output of an operator is left out where nobody reads it",
        "[nameOf(node.outputs[0]), ...results.slice(1)]",
        "results",
      ],
      ["a product of sizes lacks its number", "if (factor !== 1) parts.push", "if (factor === 1) parts.push"],
      ["constants of different types are one", "{dtype} $", "{shape.length} $"],
      [
        "int64 loses its upper half",
        "view.setBigInt64(i * 8, BigInt(value), true)",
        "view.setInt32(i * 8, value, true)",
      ],
      ["external weights lose their offset", "offset: String(weight.offset)", 'offset: "0"'],
      ["views of weights lose their offset", "weight.byteOffset, weight.byteLength", "0, weight.byteLength"],
      ["outputs that nobody reads are written", 'read.has(output) ? nameOf(output) : ""', "nameOf(output)"],
    ],
  ),
  ...inFile(
    "src/runtime/onnxruntime.ts",
    ["src/runtime/node/onnxruntime.test.ts"],
    [
      ["sessions are not freed", "await session.release()", "await Promise.resolve(session)"],
      [
        "outputs are copied instead of written in place",
        "fetches[name] = tensor === undefined ? null :",
        "fetches[name] = null as never ??",
      ],
      ["paths of the build machine are shown", ".trim();", '.trim() + " /a/b/c.cc:1";'],
    ],
  ),
  ...inFile(
    "src/nn/post-norm-layer.ts",
    [TINY_BERT],
    [
      [
        "the residual is left out",
        "add(dropout(scope, projected, options.dropout), residual)",
        "dropout(scope, projected, options.dropout)",
      ],
      ["the feed-forward part has no activation", "options.activation(inner)", "inner"],
    ],
  ),
  ...inFile(
    "src/nn/token-embeddings.ts",
    [ARCHITECTURES],
    [
      ["positions are left out", "add(typed, lookup(used, positions.ids))", "typed"],
      [
        "positions of RoBERTa start at the padding token's",
        "slice(places, 0, skipped,",
        "slice(places, 0, skipped - 1,",
      ],
      ["the last segment is taken for the first", "slice(table, 0, 0, 1)", "slice(table, 0, +table.shape[0] - 1, 1)"],
    ],
  ),
  ...inFile("src/models/bert-encoder.ts", [TINY_BERT], [["the pooler's tanh is left out", "return tanh(", "return ("]]),
  ...inFile(
    "src/models/albert/index.ts",
    [ARCHITECTURES],
    [
      ["groups take turns", "Math.floor(index / inner) / (layers / groups)", "Math.floor(index / inner) % groups"],
      ["the pooler's tanh is left out", "tanh(dense(model", "(dense(model"],
    ],
  ),
  ...inFile(
    "src/heads/first-token.ts",
    [ARCHITECTURES],
    [["the first dense layer has no activation", "ACTIVATIONS[activation](dense(", "(dense("]],
  ),
  ...inFile(
    "src/ops/relative-buckets.ts",
    [ARCHITECTURES],
    [
      ["keys before and after the query share buckets", "offset > 0 ? half : 0", "0"],
      ["far distances have one bucket", "exact + Math.trunc(steps)", "exact"],
    ],
  ),
  ...inFile(
    "src/nn/layers.ts",
    [STEP],
    [["dropout is never applied", "scope.training && probability > 0 ?", "scope.training && probability > 1 ?"]],
  ),
  ...inFile(
    "src/base/dropout-mask.ts",
    ["src/base/dropout-mask.test.ts"],
    [
      ["dropout does not scale what it keeps", "kept: 1 / (1 - probability)", "kept: 1"],
      ["dropout scales by the wrong share", "kept: 1 / (1 - probability)", "kept: 1 / probability"],
      ["dropout drops what it should keep", "Math.round(probability * 65536)", "Math.round((1 - probability) * 65536)"],
    ],
  ),
  ...inFile(
    "src/training/dropout-masks.ts",
    [STEP],
    [
      ["every step has the same masks", "[seed, step]", "[seed, 0]"],
      ["every seed has the same masks", "[seed, step]", "[0, step]"],
      ["every part of a step has the same masks", "part * masks.length + place", "place"],
      [
        "a layer that is computed anew has other masks",
        "part * masks.length + place",
        "part * masks.length + names.indexOf(name)",
      ],
    ],
  ),
  ...OPTIMIZER_MUTATIONS,
  ...RESUME_MUTATIONS,
  ...inFile(
    "src/nn/layers.ts",
    [STEP],
    [["biases and normalisations are decayed", "{ decay: false } as const", "{ decay: true } as const"]],
  ),
  ...inFile(
    "src/training/gradient-program.ts",
    [STEP, TINY_BERT],
    [
      ["a part weighs as much as the whole", "fill(exampleWeight)", "fill(1 / size)"],
      ["parts overwrite each other", "if (first) viewOf(sum, slot).set", "if (first || true) viewOf(sum, slot).set"],
    ],
  ),
  ...inFile(
    "src/training/training-step.ts",
    [STEP, TINY_BERT],
    [
      [
        "a step is taken on a loss of NaN",
        "if (Number.isFinite(forward.loss) && Number.isFinite(gradientNorm)) {",
        "if (gradientNorm !== undefined) {",
      ],
      ["gradients are not clipped", "gradientScale: clipFactor(gradientNorm, options.maxGradNorm)", "gradientScale: 1"],
    ],
  ),
  ...inFile(
    "src/training/row-gradients.ts",
    [STEP, TINY_BERT],
    [
      [
        "a table keeps the gradients of the last step",
        "table.fill(0, id * width, (id + 1) * width)",
        "table.fill(table[0], 0, 0)",
      ],
      ["a word that comes twice counts once", "table[to + d] += values[from + d]", "table[to + d] = values[from + d]"],
    ],
  ),
  ...inFile(
    "src/training/batch-plan.ts",
    ["src/training/batch-plan.test.ts"],
    [
      [
        "batches come longest first",
        "return shuffle && groupByLength ? random.shuffle(batches) : batches",
        "return batches",
      ],
      [
        "the last rows are dropped",
        "for (let start = 0; start < rows.length; start += batchSize)",
        "for (let start = 0; start + batchSize <= rows.length; start += batchSize)",
      ],
      ["rows are never shuffled", "if (shuffle) random.shuffle(rows)", ""],
      [
        "parts are larger than the limit",
        "Math.floor(mostTokens / lengths[sorted[start]])",
        "Math.ceil(mostTokens / lengths[sorted[start]])",
      ],
      ["nothing is grouped by length", "sort((a, b) => lengths[b] - lengths[a]); } }", "sort((a, b) => a - b); } }"],
    ],
  ),
  ...inFile(
    "src/training/batch.ts",
    ["src/training/batch.test.ts"],
    [
      ["padding counts as text", "mask.low[at] = 1", "mask.low.fill(1)"],
      [
        "rows are padded beyond the model's positions",
        "Math.min(options.maxLength, Math.ceil(longest / multiple) * multiple)",
        "Math.ceil(longest / multiple) * multiple",
      ],
      ["[PAD] is always 0", "if (padId !== 0)", "if (padId === -1)"],
      [
        "padding is in the second segment",
        "for (let t = secondStart; t < length; t++)",
        "for (let t = secondStart; t < tokens; t++)",
      ],
    ],
  ),
  ...inFile(
    "src/training/validation.ts",
    ["src/training/validation.test.ts", FIT],
    [["the last epoch is kept, not the best", "best === undefined || isBetter(metric, value, best.value)", "true"]],
  ),
  ...inFile(
    "src/training/fit.ts",
    [FIT],
    [
      ["every epoch has the same order", "order.fork(epoch)", "order.fork(0)"],
      ["the abort signal is ignored", "input.signal?.aborted ?? false", "false"],
      ["the rate of the next step is used", "scheduledRate(step)", "scheduledRate(step + 1)"],
    ],
  ),
  ...inFile(
    "src/losses/cross-entropy.ts",
    ["src/losses/losses.test.ts"],
    [
      ["smoothing leaves the true class as it was", "scalar(logits, 1 - labelSmoothing)", "scalar(logits, 1)"],
      [
        "class weights are not in the sum",
        "classWeights === undefined ? smoothed : mul(smoothed,",
        "1 > 0 ? smoothed : mul(smoothed,",
      ],
      [
        "the mean does not divide by class weights",
        "weightOfClasses(classIds, rows, classWeights)",
        "weightOfClasses(classIds, rows, undefined)",
      ],
    ],
  ),
  ...inFile(
    "src/losses/binary-cross-entropy.ts",
    ["src/losses/losses.test.ts"],
    [
      ["a yes is missed where the logit is large", "mul(yes, softplus(neg(logits)))", "mul(yes, softplus(logits))"],
      ["labels are summed instead of averaged", "count === 1 ? loss", "count > 0 ? loss"],
      ["the weight of a no is forgotten", "noWeight === 1 ? taken", "noWeight > 0 ? taken"],
      ["the mean counts every row as a no", "no + labels[row] * (yes - no)", "no"],
    ],
  ),
  ...inFile(
    "src/losses/focal.ts",
    ["src/losses/losses.test.ts"],
    [
      ["rows that are wrong count less", "exp(mul(softplus(margin),", "exp(mul(softplus(neg(margin)),"],
      [
        "the true class is among the others",
        "sub(logProbabilities, mul(isTrue, scalar(logits, OUT)))",
        "logProbabilities",
      ],
      [
        "alpha is the weight of a no",
        "mul(labels, scalar(logits, weight * alpha))",
        "mul(no, scalar(logits, weight * alpha))",
      ],
    ],
  ),
  ...inFile(
    "src/metrics/report.ts",
    ["src/metrics/create-metrics.test.ts"],
    [
      ["macro is micro", "macro: average(() => 1)", "macro: fields(ofClasses, (one) => valueOfAll(one, evidence))"],
      ["macro is weighted by support", "macro: average(() => 1)", "macro: average((support) => support)"],
      ["weighted is not weighted", "weighted: average((support) => support)", "weighted: average(() => 1)"],
      ["classes without a value count as 0", "values[field] !== undefined", "true"],
      ["micro of scores is that of the first class", "rankingOfAll()", "ranking(0)"],
    ],
  ),
  ...inFile(
    "src/metrics/create-metrics.ts",
    ["src/metrics/create-metrics.test.ts"],
    [["a batch is counted as one row", "examples += rows", "examples += 1"]],
  ),
  ...inFile(
    "src/analysis/find-threshold.ts",
    ["src/analysis/find-threshold.test.ts"],
    [
      ["the threshold is the score itself", "(above + below) / 2", "above"],
      ["the lowest of all thresholds is never tried", "k <= scores.length; k++", "k < scores.length; k++"],
      ["the worst threshold is found", "found.worth > best.worth", "found.worth < best.worth"],
      [
        "a missed yes costs as much as a wrong one",
        "(positives - truePositives) * falseNegative",
        "(positives - truePositives) * falsePositive",
      ],
    ],
  ),
  ...inFile(
    "src/analysis/temperature.ts",
    ["src/analysis/temperature.test.ts"],
    [
      ["the interval is halved to the wrong side", "slope(Math.exp(middle)) > 0", "slope(Math.exp(middle)) < 0"],
      ["the temperature of labels ignores the truth", "- targets[i]) * logits[i]", "- 0.5) * logits[i]"],
    ],
  ),
  ...inFile(
    "src/analysis/label-errors.ts",
    ["src/analysis/error-analysis.test.ts"],
    [
      ["a class is confident of every row", "probability(row, c) >= least[c] &&", "1 > 0 &&"],
      ["the first confident class is suggested", "probability(row, c) > probability(row, best)", "false"],
    ],
  ),
  ...inFile(
    "src/analysis/confidence-interval.ts",
    ["src/analysis/confidence-interval.test.ts"],
    [
      ["rows are drawn once each", "random.integer(outputs.rows));", "0);"],
      ["the interval is one-sided", "low: quantile(values, (1 - level) / 2)", "low: quantile(values, 1 - level)"],
    ],
  ),
  ...inFile(
    "src/metrics/outputs.ts",
    ["src/metrics/create-metrics.test.ts"],
    [["the one unit stands for the first class", "(i % 2) * logits[i >> 1]", "(1 - (i % 2)) * logits[i >> 1]"]],
  ),
  ...inFile(
    "src/metrics/class-counts.ts",
    ["src/metrics/create-metrics.test.ts"],
    [
      [
        "true and predicted class are swapped",
        "confusion[classIds[row] * classes + predictedClass(logits, start, classes, threshold)]++",
        "confusion[predictedClass(logits, start, classes, threshold) * classes + classIds[row]]++",
      ],
      ["the loss is that of the first class", "logits[start + classIds[row]]", "logits[start]"],
      ["one right label makes a row right", "isCorrect &&= truth === answer", "isCorrect = truth === answer"],
      ["true negatives are not counted", "rows - predicted - support + truePositives", "rows - predicted - support"],
    ],
  ),
  ...inFile(
    "src/metrics/decide.ts",
    ["src/metrics/create-metrics.test.ts"],
    [
      [
        "the last of equal logits wins",
        "logits[start + c] > logits[start + best]",
        "logits[start + c] >= logits[start + best]",
      ],
      ["exactly the threshold is a no", "sigmoid(logit) >= threshold", "sigmoid(logit) > threshold"],
    ],
  ),
  ...inFile(
    "src/metrics/ranking.ts",
    ["src/metrics/create-metrics.test.ts"],
    [
      [
        "rows of equal scores are ranked by their order",
        "while (n > 0 && negatives[n - 1] === highest) n--;",
        "if (n > 0 && negatives[n - 1] === highest && places.at(-1) !== highest) n--;",
      ],
      [
        "the area is that of steps",
        "(truePositives[k] + (k === 0 ? 0 : truePositives[k - 1]))) / 2",
        "truePositives[k])",
      ],
    ],
  ),
  ...inFile(
    "src/metrics/counts/f1.ts",
    ["src/metrics/records.test.ts"],
    [
      [
        "F1 is the Jaccard index",
        "[2 * truePositives, predicted + support]",
        "[truePositives, predicted + support - truePositives]",
      ],
    ],
  ),
  ...inFile(
    "src/base/random.ts",
    ["src/base/random.test.ts"],
    [
      ["integers have modulo bias", "while (draw >= limit) draw = uint32()", ""],
      ["the shuffle is biased", "const j = integer(i + 1)", "const j = integer(items.length)"],
      ["the shuffle never leaves an item in place", "const j = integer(i + 1)", "const j = integer(i)"],
      [
        "a fork depends on what was drawn",
        "fromKey( [...String(label)].reduce(",
        "fromKey( [...String(label), String(uint32())].reduce(",
      ],
    ],
  ),
  ...inFile(
    "src/training/compact-vocabulary.ts",
    ["src/training/compact-vocabulary.test.ts"],
    [
      ["rows that do not occur are not decayed", "table.map((value) => value * decay)", "table.map((value) => value)"],
      ["padding has no row", "for (const id of always) occurs[id] = 1;", ""],
      ["rows are put back in the wrong places", "(row + 1) * width), id * width)", "(row + 1) * width), row * width)"],
    ],
  ),
  ...TOKENIZING_MUTATIONS,
  ...ARCHITECTURE_MUTATIONS,
  ...CLASSIFIER_MUTATIONS,
  ...SEARCH_MUTATIONS,
  ...CLI_MUTATIONS,
];
