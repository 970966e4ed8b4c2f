/**
 * Options that follow from the data and the model where nobody gives them.
 *
 * docs/training.md says what each rule stands on, docs/results.md has the tables that bench/presets.ts measured. All of
 * them are of MiniLM, 384 wide.
 */
import type { PooledHeadOptions } from "../heads/pooled-options.js";
import type { TrainingOptions } from "./training-options.js";

/** "none" leaves every option at its own default. */
export const PRESETS = ["fast", "balanced", "best", "none"] as const;
export type Preset = (typeof PRESETS)[number];

/** What the rules look at. */
export interface PresetFacts {
  /** Rows to train on, and to validate on. */
  readonly rows: number;
  readonly validationRows: number;
  /** Hidden size and layers of the encoder. */
  readonly hiddenSize: number;
  readonly layers: number;
  /** Whether the model was made to tell sentences apart by the mean of their tokens. */
  readonly isSentenceEncoder: boolean;
}

/** One option that was chosen, and why. */
export interface PresetChoice {
  readonly option: keyof TrainingOptions | keyof PooledHeadOptions;
  readonly value: number | string | boolean;
  readonly why: string;
}

/** Validation rows from which on the best epoch can be told from luck: the standard error of an accuracy is 5 points. */
export const ENOUGH_VALIDATION = 100;
/** How much longer, or shorter, the others train than `balanced`. */
const LENGTHS: Readonly<Record<Exclude<Preset, "none">, number>> = { fast: 0.5, balanced: 1, best: 1.5 };

/** The options that `preset` chooses; those that a caller gives go before them. */
export function presetChoices(preset: Exclude<Preset, "none">, facts: PresetFacts): readonly PresetChoice[] {
  const { rows, validationRows, hiddenSize, layers, isSentenceEncoder } = facts;
  // 10 epochs of 100 rows, 5 of 1,000, 3 of 10,000: few rows need more passes, though fewer steps.
  const epochs = Math.min(15, Math.max(2, Math.round(10 * (100 / rows) ** 0.3)));
  const length = Math.max(1, Math.round(epochs * LENGTHS[preset]));
  const size = `${hiddenSize} wide`;
  return [
    { option: "epochs", value: length, why: `${rows} rows` },
    { option: "batchSize", value: rows < 500 ? 8 : rows < 20_000 ? 16 : 32, why: `${rows} rows` },
    // The rates of models wider than 512 are those that their authors advise; they were not measured here.
    { option: "learningRate", value: hiddenSize <= 512 ? 2e-4 : hiddenSize < 1024 ? 5e-5 : 2e-5, why: size },
    // The embeddings learn at a fifth of the head's rate, whatever the depth.
    { option: "layerwiseLrDecay", value: Math.round(100 * 0.2 ** (1 / (layers + 1))) / 100, why: `${layers} layers` },
    ...(isSentenceEncoder
      ? [{ option: "pooling", value: "mean", why: "a sentence encoder, whose first token says little" } as const]
      : []),
    ...(validationRows === 0 ? [] : whichEpoch(validationRows, length)),
    ...(preset === "best" && validationRows >= ENOUGH_VALIDATION && length > 1
      ? [{ option: "greedySoup", value: Math.min(3, length), why: `${validationRows} validation rows` } as const]
      : []),
  ];
}

function whichEpoch(validationRows: number, epochs: number): readonly PresetChoice[] {
  const few = `${validationRows} validation rows`;
  if (validationRows < ENOUGH_VALIDATION) return [{ option: "loadBestModelAtEnd", value: false, why: few }];
  return epochs < 4 ? [] : [{ option: "earlyStoppingPatience", value: 3, why: few }];
}

/** `choices` without those that `given` names, or that what it names leaves no room for. */
export function openChoices(
  choices: readonly PresetChoice[],
  given: Readonly<Record<string, unknown>>,
): readonly PresetChoice[] {
  const isGiven = (name: string): boolean => given[name] !== undefined;
  const heads: readonly string[] = ["pooling", "hiddenLayers", "headActivation", "headDropout"];
  return choices.filter(({ option }) => {
    if (isGiven(option)) return false;
    // The rates are those of AdamW on the weights themselves.
    if (option === "learningRate" && isGiven("optim") && given.optim !== "adamw") return false;
    if ((option === "learningRate" || option === "layerwiseLrDecay") && given.lora === true) return false;
    // What is not trained step by step has no steps to choose.
    if (isGiven("mode") && given.mode !== "full") return false;
    // A head that somebody chose is theirs as a whole.
    if (option === "pooling") return !heads.some(isGiven);
    // How the best is told was said: by which metric, when, or after how long.
    if (option === "loadBestModelAtEnd")
      return !["metricForBestModel", "earlyStoppingPatience", "evalSteps", "evalStrategy", "greedySoup"].some(isGiven);
    if (option === "earlyStoppingPatience" || option === "greedySoup") return given.loadBestModelAtEnd !== false;
    return true;
  });
}
