/** Weights under the names and in the layout of another library: a conversion the other way round. */
import { fail } from "../../base/errors.js";
import { transposed, type WeightReader } from "../weight-reader.js";
import type { Layout, NameRule } from "./conversion.js";

export interface OutgoingTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly read: () => Promise<Float32Array>;
}

/** What decides the names and shapes of an encoder's weights. */
export interface EncoderShape {
  readonly layers: number;
  readonly heads: number;
}

/**
 * The tensors that `rules` name, of `weights` under Hugging Face's names. A classification head is taken where there is
 * one.
 *
 * @throws E_WEIGHTS where `weights` lack another of them
 */
export function outgoingTensors(
  weights: WeightReader,
  rules: readonly NameRule[],
  { layers, heads }: EncoderShape,
  where: string,
): OutgoingTensor[] {
  const available = new Set(weights.names);
  const tensors: OutgoingTensor[] = [];
  for (const [stored, template, layout] of rules) {
    const count = template.includes("{n}") ? layers : 1;
    for (let n = 0; n < count; n++) {
      const name = template.replace("{n}", String(n));
      const found = spellings(name).find((candidate) => available.has(candidate));
      if (found === undefined) {
        if (name.startsWith("classifier.")) continue;
        return fail("E_WEIGHTS", {
          where,
          expected: `the weight "${name}"`,
          got: `none among ${available.size}`,
          fix: "this format needs the whole encoder, with its pooler",
        });
      }
      const shape = weights.shape(found);
      const read = async (): Promise<Float32Array> => {
        const values = await weights.read(found);
        const [outputs, inputs] = shape;
        return layout === undefined || layout === "heads" ? values : transposed(values, outputs, inputs);
      };
      tensors.push({ name: numbered(stored, n), shape: storedShape(shape, layout, heads), read });
    }
  }
  return tensors;
}

/** A parameter of BERT stands in Hugging Face's files with and without a prefix, and in old ones with other names. */
function spellings(name: string): string[] {
  const bare = name.replace(/^bert\./, "");
  return [name, bare].flatMap((one) => [
    one,
    one.replace(/LayerNorm\.weight$/, "LayerNorm.gamma").replace(/LayerNorm\.bias$/, "LayerNorm.beta"),
  ]);
}

function numbered(stored: string, n: number): string {
  return stored
    .replace(/^\//, "")
    .replace("{_n}", n === 0 ? "" : `_${n}`)
    .replace("{n}", String(n));
}

function storedShape(shape: readonly number[], layout: Layout | undefined, heads: number): readonly number[] {
  const [outputs, inputs] = shape;
  switch (layout) {
    case undefined:
      return shape;
    case "dense":
      return [inputs, outputs];
    case "to-heads":
      return [inputs, heads, outputs / heads];
    case "heads":
      return [heads, outputs / heads];
    case "from-heads":
      return [heads, inputs / heads, outputs];
  }
}
