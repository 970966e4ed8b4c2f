/** What the frozen layers of a classifier make of its texts, computed when it is first asked for and kept. */
import type { Tensor } from "../runtime/session.js";
import type { TokenizedTexts } from "../tokenizing/tokenized-texts.js";
import type { CollateOptions } from "../training/batch.js";
import type { Activations } from "../training/border.js";
import type { Events } from "../training/callbacks.js";
import { buildBorderGraph, type ClassifierGraphOptions } from "../training/classifier-graph.js";
import { activationBytes, computeActivations } from "../training/frozen-layers.js";
import { createPredictor } from "../training/predictor.js";
import type { Platform } from "./platform.js";

/** More is not kept: the frozen layers are then computed in every epoch. */
const MOST_BYTES = 2e9;

export interface FrozenCache {
  /** The lowest layer that every step computes. */
  readonly from: number;
  activationsOf(texts: TokenizedTexts): Promise<Activations>;
}

export interface FrozenCacheOptions {
  readonly graph: ClassifierGraphOptions;
  /** The lowest layer that is trained. */
  readonly from: number;
  /** The values of the parameters; asked for with the first activations. */
  readonly weights: () => Readonly<Record<string, Tensor>>;
  /** All that is trained and validated on. */
  readonly texts: readonly TokenizedTexts[];
  readonly collate: CollateOptions;
  readonly batchSize: number;
  readonly threads: number | undefined;
  readonly events: Pick<Events, "onWarning" | "onEvaluateProgress">;
  readonly signal: AbortSignal | undefined;
}

/**
 * The cache of the layers below `from`; undefined, and said, where dropout in them is drawn anew in every step, or where
 * it would take too much memory.
 */
export function createFrozenCache(
  { runtime }: Pick<Platform, "runtime">,
  options: FrozenCacheOptions,
): FrozenCache | undefined {
  const { graph: model, from, texts, events, threads } = options;
  const { hiddenSize, layers } = model.model.sizes(model.config);
  const graph = buildBorderGraph(model, from);
  if (graph.checkpoints !== layers) return undefined;
  if (graph.isDrawn) {
    events.onWarning(
      "the frozen layers have dropout, and are computed in every epoch; without (dropout 0) they are once",
    );
    return undefined;
  }
  const bytes = texts.reduce((sum, one) => sum + activationBytes(one, hiddenSize), 0);
  if (bytes > MOST_BYTES) {
    const gigabytes = (bytes / 1e9).toFixed(1);
    events.onWarning(`what the frozen layers make of the texts takes ${gigabytes} GB, and is computed in every epoch`);
    return undefined;
  }
  const known = new Map<TokenizedTexts, Promise<Activations>>();
  const compute = async (one: TokenizedTexts): Promise<Activations> => {
    const predictor = await createPredictor({
      runtime,
      graph,
      weights: options.weights(),
      ...(threads === undefined ? {} : { threads }),
    });
    try {
      return await computeActivations(predictor, one, hiddenSize, {
        ...options.collate,
        ...{ batchSize: options.batchSize, signal: options.signal },
        onProgress: (done, total) => events.onEvaluateProgress({ done, total, what: "frozen layers" }),
      });
    } finally {
      await predictor.close();
    }
  };
  return {
    from,
    activationsOf(one) {
      const activations = known.get(one) ?? compute(one);
      known.set(one, activations);
      return activations;
    },
  };
}
