/** Which parameters are trained alike. */
import type { Parameter } from "../nn/scope.js";

/** Parameters that share a rate and a decay. */
export interface TrainedGroup {
  readonly parameters: readonly Parameter[];
  readonly weightDecay: number;
  /** The learning rate of every step is multiplied by it. */
  readonly rateScale: number;
}

export interface GroupOptions {
  readonly weightDecay: number;
  /** The rate that `headLearningRate` is a share of. */
  readonly learningRate?: number;
  readonly headLearningRate?: number | undefined;
  /** The rate of a layer as a share of that of the layer above it; 1 by default. */
  readonly layerwiseLrDecay?: number;
  /** The first epoch in which a parameter is trained (see ./freezing.ts); 1 for all by default. */
  readonly firstEpochOf?: (parameter: Parameter) => number;
}

/**
 * The parameters that are trained at some time, in groups. Those of a group are trained from the same epoch on, so that
 * it takes a step as a whole or not at all.
 */
export function parameterGroups(parameters: readonly Parameter[], options: GroupOptions): readonly TrainedGroup[] {
  const { firstEpochOf = () => 1, weightDecay } = options;
  const layers = parameters.reduce((most, { place }) => (typeof place === "number" ? Math.max(most, place) : most), 0);
  const groups = new Map<string, TrainedGroup & { readonly parameters: Parameter[] }>();
  // Those that decay first: the order in the buffers is the order in which norms are summed.
  for (const decays of [true, false]) {
    for (const parameter of parameters) {
      const firstEpoch = firstEpochOf(parameter);
      if (parameter.decay !== decays || firstEpoch === Infinity) continue;
      const rateScale = rateScaleOf(parameter, layers, options);
      const key = `${decays} ${firstEpoch} ${rateScale}`;
      const group = groups.get(key) ?? { parameters: [], weightDecay: decays ? weightDecay : 0, rateScale };
      group.parameters.push(parameter);
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

/**
 * The topmost layer has the rate of the head times `layerwiseLrDecay`, and so on down to the embeddings.
 *
 * @source Bao et al., arXiv:2106.08254, BEiT's LayerDecayValueAssigner; AutoGluon's `lr_decay`
 */
function rateScaleOf({ place }: Parameter, layers: number, options: GroupOptions): number {
  const { learningRate = 1, headLearningRate = learningRate, layerwiseLrDecay = 1 } = options;
  if (place === "head") return headLearningRate / learningRate;
  return place === "pooler" ? 1 : layerwiseLrDecay ** (layers + 1 - place);
}
