/**
 * LoRA: a product of two narrow matrices beside a dense layer, trained in the place of the layer's own weight.
 *
 * y = x Wᵀ + b + s (x Aᵀ) Bᵀ with A [rank, I] and B [O, rank]; as B begins with zeros, training begins where the model
 * stands. Afterwards W + s B A is the weight of a plain layer that does the same.
 *
 * @source Hu et al. 2021, arXiv:2106.09685; PEFT tuners/lora/layer.py
 */
import { add, mul, scalar } from "../ops/arithmetic.js";
import { matMul } from "../ops/linear.js";
import { dropout } from "./layers.js";
import type { Adapter } from "./scope.js";

/** What PEFT's LoraConfig says, by its names in camelCase. */
export interface LoraConfig {
  readonly rank: number;
  readonly alpha: number;
  /** Probability with which an element of x is dropped on its way to A. */
  readonly dropout: number;
  /** The layers beside which adapters stand, by the last parts of their names. */
  readonly targets: readonly string[];
  /** The modules that are trained as they are, such as the head, by the last parts of their names. */
  readonly modulesToSave: readonly string[];
  /** Whether the scale is alpha / √rank, and not alpha / rank. */
  readonly rankStabilized: boolean;
}

/** The names of A and B among the parameters of a layer. */
export const LORA_WEIGHTS = ["lora_A.weight", "lora_B.weight"] as const;

/** What the product of the adapter is multiplied by: s. */
export function loraScale({ rank, alpha, rankStabilized }: LoraConfig): number {
  return alpha / (rankStabilized ? Math.sqrt(rank) : rank);
}

/** Whether one of `names` is `module` or the last parts of it: "query" is "encoder.layer.0.attention.self.query" too. */
export function isNamed(module: string, names: readonly string[]): boolean {
  return names.some((name) => module === name || module.endsWith(`.${name}`));
}

/** Whether the parameter `name` belongs to one of the `modules`. */
export function isWithin(name: string, modules: readonly string[]): boolean {
  const parts = name.split(".");
  return parts.some((_, i) => isNamed(parts.slice(0, i).join("."), modules));
}

/** Adapters beside the targets of `config`. Parameters `lora_A.weight` and `lora_B.weight` of each. */
export function loraAdapter(config: LoraConfig): Adapter {
  return (scope, layer, x, y) => {
    if (!isNamed(layer, config.targets) || isWithin(`${layer}.weight`, config.modulesToSave)) return y;
    const width = x.shape[x.shape.length - 1] as number;
    const features = y.shape[y.shape.length - 1] as number;
    const [nameA, nameB] = LORA_WEIGHTS;
    // The deviation of torch's kaiming_uniform_ with a = √5, by which PEFT draws A.
    const a = scope.parameter(nameA, [config.rank, width], { normal: 1 / Math.sqrt(3 * width) });
    const b = scope.parameter(nameB, [features, config.rank], "zeros");
    const narrow = matMul(dropout(scope, x, config.dropout), a, { transposeB: true });
    return add(y, matMul(mul(narrow, scalar(narrow, loraScale(config))), b, { transposeB: true }));
  };
}

/** W + scale · B A: W [O, I] and B [O, rank], row by row, A [rank, I]. */
export function mergeLora(
  weight: Float32Array,
  a: Float32Array,
  b: Float32Array,
  { rank, scale }: { readonly rank: number; readonly scale: number },
): Float32Array {
  const width = a.length / rank;
  const merged = weight.slice();
  for (let row = 0; row < b.length / rank; row++) {
    // Added up in float64, and rounded once.
    const sums = new Float64Array(width);
    for (let r = 0; r < rank; r++) {
      const factor = scale * b[row * rank + r];
      for (let column = 0; column < width; column++) sums[column] += factor * a[r * width + column];
    }
    for (let column = 0; column < width; column++) merged[row * width + column] += sums[column];
  }
  return merged;
}
