/** Mistakes in a classifier at work, and in the ways to train it beside the usual one. */
import { inFile, type SourceMutation } from "./source-mutation.js";

const PREDICTOR = "src/training/predictor.test.ts";
const CLASSIFIER = "src/classifier/text-classifier.test.ts";
const DECISION = "src/classifier/decision.test.ts";
const LORA = "src/classifier/lora-training.test.ts";
const PEFT = "tests/parity/peft-adapter.test.ts";
const LINEAR_HEAD = "src/training/linear-head.test.ts";
const LINEAR = "src/classifier/linear-training.test.ts";
const TEXT_PAIRS = "src/classifier/text-pairs.test.ts";
const LONG_TEXTS = "src/classifier/long-texts.test.ts";

export const CLASSIFIER_MUTATIONS: readonly SourceMutation[] = [
  ...inFile(
    "src/training/predictor.ts",
    [PREDICTOR],
    [
      ["runs do not wait for each other", "const result = last.then(work, work);", "const result = work();"],
      ["weights are packed unasked", "options.pack?.(parameter) ?? false", "options.pack?.(parameter) ?? true"],
      ["weights are packed in every run", "runs++ === RUNS_BEFORE_PACKING", "runs++ >= RUNS_BEFORE_PACKING"],
      ["weights are never packed", "runs++ === RUNS_BEFORE_PACKING", "runs++ < 0"],
    ],
  ),
  ...inFile(
    "src/classifier/text-classifier.ts",
    [CLASSIFIER],
    [
      ["callbacks predict with the weights before", "() => this.#training === undefined,", "() => true,"],
      ["two trainings at once", "if (this.#isTraining)", "if (1 > 2)"],
      ["the predictor outlives its weights", "= undefined; await this.close();", "= undefined;"],
    ],
  ),
  ...inFile(
    "src/classifier/run-classifier.ts",
    [CLASSIFIER, DECISION],
    [
      ["what is no text is classified", "if (!isExample(example))", "if (1 > 2)"],
      ["what was decided is passed over", "* outputs), labels, decision));", "* outputs), labels, {}));"],
    ],
  ),
  ...inFile(
    "src/nn/lora.ts",
    [LORA, PEFT],
    [
      ["alpha is not divided by the rank", "alpha / (rankStabilized ? Math.sqrt(rank) : rank)", "alpha"],
      ["adapters are merged without their scale", "const factor = scale * b[row", "const factor = b[row"],
    ],
  ),
  ...inFile(
    "src/training/lora.ts",
    [LORA],
    [
      ["the head stays as it was drawn", "const own = [...heads,", "const own = ["],
      ["a pooler that the model lacks is not stored", "...missing.map((name) => withoutLast(name))", ""],
    ],
  ),
  ...inFile(
    "src/classifier/lora-training.ts",
    [LORA],
    [
      ["an adapter that is trained on begins anew", "stored ?? initialValues", "initialValues"],
      ["the next training begins with merged weights", "frozen.set(", "weights.set("],
    ],
  ),
  ...inFile(
    "src/training/linear-head.ts",
    [LINEAR_HEAD],
    [
      ["biases are made small too", "for (let i = 0; i < size; i++) {", "for (let i = 0; i < at.length; i++) {"],
      ["two classes have one row of weights", "outputs === 2 ? 2 : 1", "1"],
      ["the penalty has no gradient", "gradient[i] += strength * at[i];", ""],
      ["answers lack the bias", "let sum = bias[output];", "let sum = 0;"],
    ],
  ),
  ...inFile(
    "src/classifier/linear-training.ts",
    [LINEAR],
    [["the worst penalty is taken", "isBetter(metric, value, best.value)", "isBetter(metric, best.value, value)"]],
  ),
  ...inFile(
    "src/tokenizers/long-texts.ts",
    [LONG_TEXTS],
    [
      ["head and tail are halves", "Math.floor(room / 4)", "Math.floor(room / 2)"],
      ["windows have nothing in common", "start += room - stride", "start += room"],
      ["the end of a text has no window", "start + room < length", "start + 2 * room - stride <= length"],
    ],
  ),
  ...inFile(
    "src/tokenizing/tokenized-texts.ts",
    [LONG_TEXTS],
    [
      [
        "the largest score is the mean",
        'how === "max" ? most',
        'how === "max" ? sum / (starts[row + 1] - starts[row])',
      ],
      ["scores of windows are summed", "sum / (starts[row + 1] - starts[row])", "sum"],
    ],
  ),
  ...inFile(
    "src/classifier/text-example.ts",
    [TEXT_PAIRS],
    [["texts alone go to a classifier of pairs", "trained === undefined || trained === isPair", "trained !== false"]],
  ),
  ...inFile(
    "src/classifier/stored-config.ts",
    [TEXT_PAIRS],
    [["a saved classifier forgets that it reads pairs", "...(pairs === undefined ? {} : { pairs }),", ""]],
  ),
  ...inFile(
    "src/classifier/open-classifier.ts",
    [TEXT_PAIRS],
    [["a new head remembers what the old one read", "newHead ? undefined : storedPairs", "storedPairs"]],
  ),
];
