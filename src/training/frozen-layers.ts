/**
 * Layers that stay frozen, computed once: what they make of each text is kept, and every epoch begins there.
 *
 * It is the same as computing them anew where nothing in them is drawn anew, that is without dropout.
 */
import type { Parameter } from "../nn/scope.js";
import { lengthOf, type TokenizedTexts } from "../tokenizing/tokenized-texts.js";
import type { Activations } from "./border.js";
import { eachLogits, type LogitsOptions } from "./evaluate.js";
import type { Predictor } from "./predictor.js";

/**
 * The layer in which the lowest trained parameter stands, from 2 on: what lies below is computed once. Undefined where
 * less than a layer is frozen below it; one more than there are layers where pooler and head alone are trained.
 */
export function lowestTrained(
  parameters: readonly Parameter[],
  layers: number,
  isTrained: (parameter: Parameter) => boolean,
): number | undefined {
  const heights = parameters.filter(isTrained).map(({ place }) => (typeof place === "number" ? place : layers + 1));
  const lowest = Math.min(...heights);
  return lowest >= 2 ? lowest : undefined;
}

/** Bytes that the activations of `texts` take, of hidden states of `width` numbers. */
export function activationBytes(texts: TokenizedTexts, width: number): number {
  return 4 * texts.ids.length * width;
}

/**
 * What `predictor`, of a graph that ends at the border, makes of all `texts`: four bytes for each of the `width` numbers
 * of each token.
 */
export async function computeActivations(
  predictor: Predictor,
  texts: TokenizedTexts,
  width: number,
  options: LogitsOptions,
): Promise<Activations> {
  const all = new Float32Array(texts.ids.length * width);
  for await (const { rows, logits: batch } of eachLogits(predictor, texts, options)) {
    const stride = batch.length / rows.length;
    for (let i = 0; i < rows.length; i++) {
      const length = lengthOf(texts, rows[i]) * width;
      all.set(batch.subarray(i * stride, i * stride + length), texts.offsets[rows[i]] * width);
    }
  }
  return {
    tensor(rows, tokens) {
      const data = new Float32Array(rows.length * tokens * width);
      for (let i = 0; i < rows.length; i++)
        data.set(all.subarray(texts.offsets[rows[i]] * width, texts.offsets[rows[i] + 1] * width), i * tokens * width);
      return { dtype: "float32", shape: [rows.length, tokens, width], data };
    },
  };
}
