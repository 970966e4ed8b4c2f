/** What the option `freeze` leaves untrained, and until when. */
import { fail } from "../base/errors.js";
import type { Parameter } from "../nn/scope.js";

export interface FreezeOptions {
  /** "none", "embeddings", a number of layers, "encoder", or a regular expression in slashes. */
  readonly freeze: number | string;
  readonly unfreezeAfter?: number | undefined;
  readonly unfreezeLayersPerEpoch?: number | undefined;
}

/**
 * The first epoch in which a parameter is trained, counted from 1; Infinity for one that stays frozen.
 *
 * @param layers the layers of the encoder
 * @throws E_CONFIG when `freeze` names more layers than there are, nothing, or everything
 */
export function firstEpochs(
  parameters: readonly Parameter[],
  layers: number,
  { unfreezeAfter, unfreezeLayersPerEpoch = Infinity, ...options }: FreezeOptions,
): (parameter: Parameter) => number {
  const freeze = String(options.freeze);
  const isFrozen = frozenBy(freeze, layers);
  const frozen = parameters.filter(isFrozen);
  if (frozen.length === 0 && freeze !== "none")
    fail("E_CONFIG", {
      option: "freeze",
      expected: "a pattern that some parameter's name matches",
      got: freeze,
      fix: `names are like "${parameters[0].name}"`,
    });
  if (frozen.length === parameters.length)
    fail("E_CONFIG", { option: "freeze", expected: "something left to train", got: `${freeze}, which is everything` });
  if (unfreezeAfter === undefined) return (parameter) => (isFrozen(parameter) ? Infinity : 1);
  const places = [...new Set(frozen.map(({ place }) => heightOf(place)))].sort((a, b) => b - a);
  return (parameter) => {
    if (!isFrozen(parameter)) return 1;
    const wait = Math.floor(places.indexOf(heightOf(parameter.place)) / unfreezeLayersPerEpoch);
    return unfreezeAfter + 1 + wait;
  };
}

/** Pooler and head stand above all layers. */
function heightOf(place: Parameter["place"]): number {
  return typeof place === "number" ? place : Infinity;
}

function frozenBy(freeze: string, layers: number): (parameter: Parameter) => boolean {
  const pattern = /^\/(.+)\/$/.exec(freeze)?.[1];
  if (pattern !== undefined) {
    const expression = new RegExp(pattern);
    return ({ name }) => expression.test(name);
  }
  const named: Readonly<Record<string, number>> = { none: -1, embeddings: 0, encoder: layers };
  const highest = named[freeze] ?? Number(freeze);
  if (highest > layers) fail("E_CONFIG", { option: "freeze", expected: `at most ${layers} layers`, got: freeze });
  return ({ place }) => heightOf(place) <= highest;
}
