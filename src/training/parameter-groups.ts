/** Which parameters are trained alike. */
import type { Parameter } from "../nn/scope.js";

/** Parameters that share a rate and a decay. */
export interface TrainedGroup {
  readonly parameters: readonly Parameter[];
  readonly weightDecay: number;
  /** The learning rate of every step is multiplied by it. */
  readonly rateScale: number;
}

/** The trained parameters in groups: those that weight decay applies to, and the others. */
export function parameterGroups(
  trained: readonly Parameter[],
  { weightDecay }: { readonly weightDecay: number },
): TrainedGroup[] {
  const groups = [
    { parameters: trained.filter(({ decay }) => decay), weightDecay, rateScale: 1 },
    { parameters: trained.filter(({ decay }) => !decay), weightDecay: 0, rateScale: 1 },
  ];
  return groups.filter(({ parameters }) => parameters.length > 0);
}
