/**
 * Layers that stay frozen, computed once: what they make of each text is kept, and every epoch begins there.
 *
 * It is the same as computing them anew where nothing in them is drawn anew, that is without dropout.
 */
import { floatToHalf, halfToFloat } from "../base/float16.js";
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

/** Where numbers are kept, by their places. */
export interface NumberStore {
  write(values: Float32Array, at: number): void;
  read(target: Float32Array, at: number): void;
}

/** A file for as long as something lasts, which nobody else sees. */
export interface ScratchFile {
  /** @throws E_STORE on a full disk */
  write(bytes: Uint8Array, at: number): void;
  read(target: Uint8Array, at: number): void;
  close(): void;
}

/** In memory, four bytes each: what is read is what was written. */
export function numbersInMemory(count: number): NumberStore {
  const all = new Float32Array(count);
  return {
    write: (values, at) => all.set(values, at),
    read: (target, at) => target.set(all.subarray(at, at + target.length)),
  };
}

/** In a file from number `start` on, two bytes each: rounded to the nearest of float16. */
export function halvesInFile(file: ScratchFile, start: number): NumberStore {
  const bytesOf = (halves: Uint16Array): Uint8Array => new Uint8Array(halves.buffer);
  return {
    write: (values, at) => file.write(bytesOf(floatToHalf(values)), 2 * (start + at)),
    read(target, at) {
      const halves = new Uint16Array(target.length);
      file.read(bytesOf(halves), 2 * (start + at));
      halfToFloat(halves, target);
    },
  };
}

/** What `predictor`, of a graph that ends at the border, makes of all `texts`: `width` numbers for each token. */
export async function computeActivations(
  predictor: Predictor,
  texts: TokenizedTexts,
  width: number,
  { store, ...options }: LogitsOptions & { readonly store: NumberStore },
): Promise<Activations> {
  for await (const { rows, logits: batch } of eachLogits(predictor, texts, options)) {
    const stride = batch.length / rows.length;
    for (let i = 0; i < rows.length; i++) {
      const length = lengthOf(texts, rows[i]) * width;
      store.write(batch.subarray(i * stride, i * stride + length), texts.offsets[rows[i]] * width);
    }
  }
  return {
    tensor(rows, tokens) {
      const data = new Float32Array(rows.length * tokens * width);
      for (let i = 0; i < rows.length; i++) {
        const start = i * tokens * width;
        store.read(data.subarray(start, start + lengthOf(texts, rows[i]) * width), texts.offsets[rows[i]] * width);
      }
      return { dtype: "float32", shape: [rows.length, tokens, width], data };
    },
  };
}
