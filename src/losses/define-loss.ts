/**
 * What a loss is: a record that says which targets it takes and, for each kind of them, what it adds to a graph.
 *
 * A graph sums over rows, each times its example weight, so that a batch that is computed in parts has the same
 * gradients as at once. The mean is in the weights: each is 1 over the sum of `totalWeight` over all parts.
 */
import type { z } from "zod";
import type { Value } from "../graph/graph.js";

/**
 * What the rows of a batch are compared with:
 * - `class`: a class id each, int64 [B] in [0, C);
 * - `distribution`: the probability of each class, float32 [B, C], rows that sum to 1;
 * - `labels`: yes (1) or no (0) for each label by itself, float32 [B, C];
 * - `numbers`: float32 [B, C].
 */
export type TargetKind = "class" | "distribution" | "labels" | "numbers";

/** What a loss does with one kind of targets. */
export interface LossForm<Options> {
  /** The options, each with a default, for a model with `outputs` outputs (C). */
  readonly options: (outputs: number) => z.ZodType<Options>;
  /** Σ_i exampleWeights_i loss_i, float32 []: logits [B, C], targets of the kind, exampleWeights float32 [B]. */
  readonly build: (logits: Value, targets: Value, exampleWeights: Value, options: Options) => Value;
  /** What a mean over these rows divides by; that of a whole is the sum of those of its parts. Targets [B] or [B, C]. */
  readonly totalWeight: (targets: ArrayLike<number>, rows: number, options: Options) => number;
}

export interface Loss {
  /** As PyTorch has it in torch.nn.functional. */
  readonly name: string;
  /** Other names of it in use. */
  readonly aliases: readonly string[];
  /** One sentence for help and documentation. */
  readonly summary: string;
  /** The kinds of targets that it takes. */
  readonly forms: { readonly [kind in TargetKind]?: LossForm<unknown> };
  /** The reference implementation, and the choices that it leaves open. */
  readonly source: string;
}

/** A form with its options' type forgotten: a registry holds forms of all kinds. */
export function defineForm<Options>(form: LossForm<Options>): LossForm<unknown> {
  return Object.freeze(form) as unknown as LossForm<unknown>;
}

/** Returns `loss`, frozen. */
export function defineLoss(loss: Loss): Loss {
  return Object.freeze(loss);
}
