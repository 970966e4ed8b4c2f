/** Texts of a data set that a classifier takes for most like a text: by the cosine of what its last layer reads. */
import { keepLatest } from "../../base/keep-latest.js";
import type { Features } from "../../classifier/features.js";
import type { Dataset } from "../../data/dataset/dataset.js";
import { type Neighbour, nearestRows, unitFeatures } from "../../labelling/nearest.js";
import { cachedFeatures } from "../../labelling/node/feature-cache.js";
import type { TextExample } from "../../tokenizers/tokenizer.js";
import { examplesIn } from "../../tokenizing/node/tokenize-dataset.js";
import type { ModelCounter } from "./model-counter.js";

/** Texts that are compared, at most: the first of the data set. */
const MOST_NEAR = 50_000;
/** So many are read before another question has its turn. */
const CHUNK = 64;
/** Sets of features that stay in memory. */
const KEPT = 2;

/** The nearest rows, or how far the reading of the texts is that comes before. */
export type Near =
  | { readonly rows: readonly Neighbour[]; readonly of: number }
  | { readonly done: number; readonly total: number };

export interface NearTexts {
  /** @throws what opening the classifier throws, or reading a text with it */
  find(
    model: string,
    dataset: Dataset,
    example: TextExample,
    count: number,
    isWanted?: (row: number) => boolean,
  ): Promise<Near>;
}

interface Reading {
  done: number;
  readonly total: number;
  features: Features | undefined;
  failure: unknown;
}

/** @param cache the folder where features are kept, by model and data */
export function createNearTexts(models: Pick<ModelCounter, "hash" | "features">, cache: string): NearTexts {
  const readings = new Map<string, Reading>();
  const read = (model: string, dataset: Dataset, hash: string): Reading => {
    const texts = dataset.length > MOST_NEAR ? dataset.head(MOST_NEAR) : dataset;
    const reading: Reading = { done: 0, total: texts.length, features: undefined, failure: undefined };
    const compute = async (): Promise<Features> => {
      const examples = [...examplesIn(texts)];
      const parts: Features[] = [];
      for (let from = 0; from < examples.length; from += CHUNK) {
        parts.push(await models.features(model, examples.slice(from, from + CHUNK)));
        reading.done = Math.min(from + CHUNK, examples.length);
      }
      const width = parts[0]?.width ?? 1;
      const values = new Float32Array(examples.length * width);
      parts.reduce((at, part) => {
        values.set(part.values, at);
        return at + part.values.length;
      }, 0);
      return { values, width };
    };
    void cachedFeatures(cache, texts, hash, compute).then(
      (features) => {
        reading.features = features;
      },
      (error: unknown) => {
        reading.failure = error;
      },
    );
    return reading;
  };
  return {
    async find(model, dataset, example, count, isWanted) {
      const hash = await models.hash(model);
      const key = `${hash} ${dataset.fingerprint}`;
      const reading = readings.get(key) ?? read(model, dataset, hash);
      keepLatest(readings, key, reading, KEPT);
      const { done, total, features, failure } = reading;
      if (failure !== undefined) {
        // Asked again, it is tried again.
        readings.delete(key);
        throw failure;
      }
      if (features === undefined) return { done, total };
      const query = unitFeatures(await models.features(model, [example]));
      return { rows: nearestRows(features, query, 0, count, isWanted), of: total };
    },
  };
}
