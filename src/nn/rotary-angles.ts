/** The angles of rotary positions. */
import type { Value } from "../graph/graph.js";
import { cos, mul, sin } from "../ops/arithmetic.js";
import { toFloat } from "../ops/conversion.js";
import { reshape } from "../ops/movement.js";

/**
 * cos and sin [T, K / 2] of position · base^(-2i / K), for i = 0 … K / 2 - 1: positions [T] int64, K the size of a head.
 *
 * @source arXiv:2104.09864 eq. 15; transformers modeling_modernbert.py ModernBertRotaryEmbedding
 */
export function rotaryAngles(
  positions: Value,
  headSize: number,
  base: number,
): { readonly cos: Value; readonly sin: Value } {
  const [tokens] = positions.shape;
  const frequencies = Array.from({ length: headSize / 2 }, (_, i) => base ** ((-2 * i) / headSize));
  const row = positions.graph.constant("float32", [1, frequencies.length], frequencies);
  const angles = mul(reshape(toFloat(positions), [tokens, 1]), row);
  return { cos: cos(angles), sin: sin(angles) };
}
