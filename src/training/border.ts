/** The border between layers that are computed once and those of every step. */
import type { Value } from "../graph/graph.js";
import { extract } from "../graph/substitute.js";
import type { Tensor } from "../runtime/session.js";

/** The input of a graph that begins above frozen layers: what they make of a batch, float32 [B, T, D]. */
export const BORDER = "border";

/** Whether something in the computation of `value` is drawn anew in every step. */
export function isDrawn(value: Value): boolean {
  return extract([value]).inputs.some(({ origin }) => origin.kind === "input" && origin.role.kind === "dropout");
}

/** What frozen layers make of the tokens of texts. */
export interface Activations {
  /** Those of `rows`, padded with zeros to `tokens`, [B, T, D]. Nothing that counts reads the padding. */
  tensor(rows: ArrayLike<number>, tokens: number): Tensor;
}
