/** What the frozen layers of a classifier make of its texts, computed when it is first asked for and kept. */
import type { Tensor } from "../runtime/session.js";
import type { TokenizedTexts } from "../tokenizing/tokenized-texts.js";
import type { CollateOptions } from "../training/batch.js";
import type { Activations } from "../training/border.js";
import type { Events } from "../training/callbacks.js";
import { buildBorderGraph, type ClassifierGraphOptions } from "../training/classifier-graph.js";
import { computeActivations, halvesInFile, type NumberStore, numbersInMemory } from "../training/frozen-layers.js";
import { createPredictor } from "../training/predictor.js";
import type { Platform } from "./platform.js";

export interface FrozenCache {
  /** The lowest layer that every step computes. */
  readonly from: number;
  activationsOf(texts: TokenizedTexts): Promise<Activations>;
  close(): void;
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
  /** What may be kept in memory. */
  readonly megabytes: number;
  readonly events: Pick<Events, "onWarning" | "onEvaluateProgress">;
  readonly signal: AbortSignal | undefined;
}

/**
 * The cache of the layers below `from`: float32 in memory, or where that is too much float16 in a file. Undefined, and
 * said, where dropout in them is drawn anew in every step, or where the disk has no room for the file.
 */
export function createFrozenCache(
  { runtime, openScratch }: Pick<Platform, "runtime" | "openScratch">,
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
  const numbers = texts.reduce((sum, one) => sum + one.ids.length * hiddenSize, 0);
  const isLarge = 4 * numbers > 1e6 * options.megabytes;
  const gigabytes = ((2 * numbers) / 1e9).toPrecision(2);
  const file = isLarge ? openScratch(2 * numbers) : undefined;
  if (isLarge) {
    const what = `what the frozen layers make of the texts takes ${gigabytes} GB on disk in float16`;
    events.onWarning(`${what}${file === undefined ? "; there is no room, and it is computed in every epoch" : ""}`);
    if (file === undefined) return undefined;
  }
  /** Numbers in the file that are spoken for. */
  let end = 0;
  const known = new Map<TokenizedTexts, Promise<Activations>>();
  const storeOf = (one: TokenizedTexts): NumberStore => {
    const count = one.ids.length * hiddenSize;
    if (file === undefined) return numbersInMemory(count);
    const start = end;
    end += count;
    return halvesInFile(file, start);
  };
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
        ...{ batchSize: options.batchSize, signal: options.signal, store: storeOf(one) },
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
    close: () => file?.close(),
  };
}
