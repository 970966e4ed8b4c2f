/** The parameters of a classifier from a checkpoint: found, new, or left over. */
import { fail } from "../base/errors.js";
import type { Random } from "../base/random.js";
import type { WeightReader } from "../checkpoints/weight-reader.js";
import { formatShape, sizeOf } from "../graph/shape.js";
import type { Model } from "../models/model.js";
import type { Initializer, Parameter } from "../nn/scope.js";

/** What became of the weights of a file. */
export interface LoadingReport {
  /** Parameters that were read. */
  readonly found: readonly string[];
  /** Parameters of a new head, drawn at random: they have to be trained. */
  readonly created: readonly string[];
  /** Weights of the file that the classifier does not use. */
  readonly ignored: readonly string[];
}

export interface LoadedWeights {
  readonly weights: Map<string, Float32Array>;
  readonly report: LoadingReport;
}

/**
 * Reads every parameter. One of the head or the pooler that is missing is new, and with `newHead` all of the head are;
 * any other that is missing is an error.
 *
 * @throws E_WEIGHTS naming the weight, what was expected and what was found
 */
export async function loadWeights(
  reader: WeightReader,
  parameters: readonly Parameter[],
  model: Model,
  options: { readonly source: string; readonly newHead: boolean; readonly random: Random },
): Promise<LoadedWeights> {
  const available = new Set(reader.names);
  const used = new Set<string>();
  const weights = new Map<string, Float32Array>();
  const created: string[] = [];
  for (const { name, shape, initializer, place } of parameters) {
    const stored = model.fileNames(name).find((candidate) => available.has(candidate));
    if (stored === undefined || (place === "head" && options.newHead)) {
      if (typeof place === "number") {
        fail("E_WEIGHTS", {
          where: options.source,
          expected: `the weight "${name}" ${formatShape(shape)}`,
          got: `none of this name among ${reader.names.length}`,
          fix: "check that the folder holds the whole model that its config.json describes",
        });
      }
      created.push(name);
      weights.set(name, initialValues(shape, initializer, options.random.fork(name)));
      continue;
    }
    const found = reader.shape(stored);
    if (formatShape(found) !== formatShape(shape)) {
      fail("E_WEIGHTS", {
        where: `${options.source}, weight "${stored}"`,
        expected: formatShape(shape),
        got: formatShape(found),
        fix: "check that config.json belongs to these weights",
      });
    }
    used.add(stored);
    weights.set(name, await reader.read(stored));
  }
  const ignored = reader.names.filter((name) => !used.has(name));
  return { weights, report: { found: [...used], created, ignored } };
}

/** New values of a parameter. @source transformers BertPreTrainedModel._init_weights */
export function initialValues(shape: readonly number[], initializer: Initializer, random: Random): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  if (initializer === "ones") return values.fill(1);
  if (initializer === "zeros") return values;
  return values.map(() => initializer.normal * random.normal());
}
