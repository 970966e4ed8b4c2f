/** What each token of a text adds to an output of a classifier. */
import { stopIfAborted } from "../base/stop-if-aborted.js";
import { collate } from "./batch.js";
import { TOKENS_PER_PASS } from "./batch-plan.js";
import { gaussLegendre } from "./gauss-legendre.js";
import type { TokenGradients } from "./token-gradients.js";

/** The ways of attribution. */
export const ATTRIBUTION_METHODS = ["integratedGradients", "gradientTimesInput"] as const;
export type AttributionMethod = (typeof ATTRIBUTION_METHODS)[number];

export interface AttributeOptions {
  readonly method: AttributionMethod;
  /** Points on the way from the baseline to the text at which gradients are taken. */
  readonly steps: number;
  readonly padId: number;
  /** The weight of each output [C] in the number that is explained. */
  readonly outputWeights: Float32Array;
  readonly signal?: AbortSignal | undefined;
}

/** The tokens of one text. */
export interface TokensToExplain {
  /** [T] int32 */
  readonly ids: Int32Array;
  /** [T] int32: what stands in the place of each token in a text that says nothing. */
  readonly baseline: Int32Array;
  readonly secondStart: number;
}

export interface TokenAttributions {
  /** [T]: what each token adds. */
  readonly scores: Float64Array;
  /** The number that is explained, of the text and of the baseline. */
  readonly value: number;
  readonly baselineValue: number;
  /** [C]: what the classifier puts out for the text. */
  readonly logits: Float32Array;
}

/**
 * Integrated gradients: the gradient for a token's embedding, averaged on the straight way from the embedding of the
 * baseline, times the way. Their sum over the tokens is the difference between the text and the baseline, but for the
 * error of the average, which is taken at `steps` points of the Gauss-Legendre rule. Or the gradient at the text times
 * the embedding, which is faster and adds up to nothing.
 *
 * @param table the word embeddings [V, E]
 * @source arXiv:1703.01365 (integrated gradients); captum LayerIntegratedGradients; arXiv:1312.6034 (gradients)
 */
export async function attributeTokens(
  model: TokenGradients,
  table: Float32Array,
  width: number,
  { ids, baseline, secondStart }: TokensToExplain,
  { method, steps, padId, outputWeights, signal }: AttributeOptions,
): Promise<TokenAttributions> {
  const tokens = ids.length;
  const rowsOf = (of: Int32Array): Float32Array => {
    const rows = new Float32Array(tokens * width);
    for (let t = 0; t < tokens; t++) rows.set(table.subarray(of[t] * width, (of[t] + 1) * width), t * width);
    return rows;
  };
  const end = rowsOf(ids);
  const start = rowsOf(baseline);
  const texts = {
    ...{ length: 1, ids, truncated: 0 },
    offsets: Float64Array.of(0, tokens),
    secondStarts: Int32Array.of(secondStart),
  };
  const explained = (logits: Float32Array, row: number): number =>
    outputWeights.reduce((sum, weight, c) => sum + weight * logits[row * outputWeights.length + c], 0);
  /** At some shares of the way: what is explained, and the gradients. */
  const at = async (shares: readonly number[]) => {
    stopIfAborted(signal, "explanation");
    const embeddings = new Float32Array(shares.length * tokens * width);
    for (const [row, share] of shares.entries())
      for (let i = 0, to = row * tokens * width; i < end.length; i++, to++)
        embeddings[to] = start[i] + share * (end[i] - start[i]);
    const batch = collate(texts, new Uint32Array(shares.length), { padId, padToMultipleOf: 1, maxLength: tokens });
    return model.compute(batch, embeddings, outputWeights);
  };
  const ends = await at([0, 1]);
  const scores = new Float64Array(tokens);
  const add = (gradients: Float32Array, row: number, weight: number, from: Float32Array | undefined): void => {
    for (let t = 0, i = 0, g = row * tokens * width; t < tokens; t++)
      for (let d = 0; d < width; d++, i++, g++) scores[t] += weight * gradients[g] * (end[i] - (from?.[i] ?? 0));
  };
  if (method === "gradientTimesInput") add(ends.gradients, 1, 1, undefined);
  else {
    const { points, weights } = gaussLegendre(steps);
    const together = Math.max(1, Math.floor(TOKENS_PER_PASS / tokens));
    for (let first = 0; first < steps; first += together) {
      const shares = points.slice(first, first + together);
      const { gradients } = await at(shares);
      for (const row of shares.keys()) add(gradients, row, weights[first + row], start);
    }
  }
  return {
    scores,
    value: explained(ends.logits, 1),
    baselineValue: explained(ends.logits, 0),
    logits: ends.logits.slice(outputWeights.length),
  };
}
