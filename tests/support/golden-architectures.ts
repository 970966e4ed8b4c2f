/**
 * The small random classifiers of every architecture. Their `recipe` says how they are made: by scripts/golden/architectures.py
 * and bert_descendants.py beside it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { sizeOf } from "../../src/graph/shape.js";
import { modelOf } from "../../src/models/registry.js";
import type { TokenizedTexts } from "../../src/tokenizing/tokenized-texts.js";

export interface GoldenParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly scale: number;
}

interface File {
  readonly config: Readonly<Record<string, unknown>>;
  readonly parameters: readonly GoldenParameter[];
  readonly rows: readonly { readonly ids: readonly number[]; readonly label: number; readonly second?: number }[];
  readonly hidden: string;
  readonly logits: string;
  readonly loss: number;
  readonly gradients: Readonly<Record<string, string>>;
}

const folder = new URL("../golden/architectures/", import.meta.url);

/** The goldens by name. */
export const ARCHITECTURES: readonly string[] = readdirSync(folder)
  .map((file) => file.replace(/\.json$/, ""))
  .sort();

/** A classifier of three classes, a batch of texts, and what PyTorch computes of it. */
export function goldenArchitecture(name: string) {
  const file = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as File;
  const { rows } = file;
  const offsets = new Float64Array(rows.length + 1);
  for (const [row, { ids }] of rows.entries()) offsets[row + 1] = offsets[row] + ids.length;
  const texts: TokenizedTexts = {
    length: rows.length,
    ids: Int32Array.from(rows.flatMap(({ ids }) => ids)),
    offsets,
    secondStarts: Int32Array.from(rows, ({ ids, second }) => second ?? ids.length),
    truncated: 0,
  };
  const model = modelOf(file.config);
  return {
    rawConfig: file.config,
    model,
    config: model.withDropout(model.readConfig(file.config), 0),
    weights: new Map(file.parameters.map((parameter, p) => [parameter.name, valuesOf(p, parameter)])),
    shapes: new Map(file.parameters.map(({ name, shape }) => [name, shape])),
    texts,
    labelIds: Int32Array.from(rows, ({ label }) => label),
    padId: file.config.pad_token_id as number,
    /** Of all tokens that are no padding, row by row. */
    hidden: floats(file.hidden),
    logits: floats(file.logits),
    loss: file.loss,
    gradients: new Map(Object.entries(file.gradients).map(([name, values]) => [name, floats(values)])),
  };
}

/** The elements of parameter number `p`, by the formula of the recipe. */
export function valuesOf(p: number, { shape, offset, scale }: GoldenParameter): Float32Array {
  return Float32Array.from(
    { length: sizeOf(shape) },
    (_, i) => offset + scale * (((7919 * i * i + 104729 * i + 1299709 * (p + 1)) % 65521) / 65521 - 0.5),
  );
}

export function floats(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(base64, "base64")).buffer);
}
