/** LoRA in the training of a classifier: what is trained instead of its weights, and what becomes of these. */
import { fail } from "../base/errors.js";
import type { Random } from "../base/random.js";
import type { CheckpointAdapter } from "../checkpoints/checkpoint.js";
import { LORA_WEIGHTS, type LoraConfig, loraAdapter, loraScale, mergeLora } from "../nn/lora.js";
import { buildInferenceGraph, type ClassifierGraphOptions } from "../training/classifier-graph.js";
import { isLora, loraConfigOf } from "../training/lora.js";
import type { ResolvedTrainingOptions } from "../training/training-options.js";
import type { ClassifierState, Weights } from "./classifier-state.js";
import { initialValues } from "./load-weights.js";

export interface LoraTraining {
  readonly config: LoraConfig;
  readonly base: string;
  /** First values: those of the model without adapters, and of the adapters. */
  readonly weights: Weights;
}

/**
 * The adapters to be trained beside `model`, the graph of the classifier `state`; undefined without the option `lora`.
 *
 * @throws E_CONFIG for an option, and for a classifier whose other weights were trained before
 */
export function openLora(
  state: ClassifierState,
  options: ResolvedTrainingOptions,
  model: ClassifierGraphOptions,
  random: Random,
): LoraTraining | undefined {
  if (!options.lora) return undefined;
  const { adapter, base, loading } = state;
  const config = loraConfigOf(options, model, loading.created, adapter?.lora);
  if (base === undefined)
    fail("E_CONFIG", {
      option: "lora",
      expected: "a classifier with the weights of a model that stands somewhere",
      got: "one that was trained as a whole",
      fix: "save it, open it with fromPretrained, and train the adapter then",
    });
  const { parameters } = buildInferenceGraph({ ...model, adapter: loraAdapter(config) });
  const first = parameters
    .filter(({ name }) => isLora(name))
    .map(({ name, shape, initializer }) => {
      const stored = adapter?.tensors.get(name);
      return [name, stored ?? initialValues(shape, initializer, random.fork(name))] as const;
    });
  return { config, base, weights: new Map([...state.weights, ...(adapter?.frozen ?? []), ...first]) };
}

/** A classifier's weights after LoRA: the adapters merged, and as they are. */
export function mergedState(
  trained: Weights,
  { config, base }: LoraTraining,
): { readonly weights: Weights; readonly adapter: CheckpointAdapter } {
  const weights = new Map(trained);
  const tensors = new Map<string, Float32Array>();
  const frozen = new Map<string, Float32Array>();
  const { rank } = config;
  const [nameA, nameB] = LORA_WEIGHTS;
  for (const [name, a] of trained) {
    if (!name.endsWith(`.${nameA}`)) continue;
    const layer = name.slice(0, -nameA.length);
    const b = trained.get(`${layer}${nameB}`) as Float32Array;
    const own = trained.get(`${layer}weight`) as Float32Array;
    tensors.set(name, a).set(`${layer}${nameB}`, b);
    frozen.set(`${layer}weight`, own);
    weights.set(`${layer}weight`, mergeLora(own, a, b, { rank, scale: loraScale(config) }));
    weights.delete(name);
    weights.delete(`${layer}${nameB}`);
  }
  return { weights, adapter: { lora: config, base, tensors, frozen } };
}
