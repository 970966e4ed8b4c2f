/** How much of a batch is computed at once, so that a training fits into memory: predicted, not found out by crashing. */
import { fail } from "../base/errors.js";
import { optimizerOf } from "../optimizers/registry.js";
import { buildTrainingGraph, type TrainingGraph } from "../training/classifier-graph.js";
import { firstEpochs } from "../training/freezing.js";
import { estimateMemory } from "../training/memory-estimate.js";
import type { trainingLoss } from "../training/training-loss.js";
import type { ResolvedTrainingOptions } from "../training/training-options.js";
import type { ClassifierState } from "./classifier-state.js";

/** Share of the free memory that a training may take. */
const SHARE = 0.8;

export interface MemoryRequest {
  readonly loss: ReturnType<typeof trainingLoss>;
  readonly isValidated: boolean;
  /** Bytes. */
  readonly free: number;
  readonly onNotice: (message: string) => void;
}

/**
 * `options` with so small parts of a batch, and where that is not enough with gradient checkpointing, that the peak
 * predicted for texts of `maxLength` tokens is within the free memory. Steps stay what they are: a batch in parts, or
 * with layers computed anew, has the same gradients within rounding.
 *
 * @throws E_CONFIG where one text at a time is too much
 */
export function fitMemory(
  state: ClassifierState,
  options: ResolvedTrainingOptions,
  { loss, isValidated, free, onNotice }: MemoryRequest,
): ResolvedTrainingOptions {
  if (!options.autoFindBatchSize) return options;
  const { model, config, head, task, labels } = state;
  // A soup is averaged in a copy beside the best ones, and the next one tried in another.
  const best = options.greedySoup === undefined ? 1 : options.greedySoup + 2;
  const copies = 1 + (options.emaDecay === undefined ? 0 : 1) + (isValidated && options.loadBestModelAtEnd ? best : 0);
  const graphOf = (gradientCheckpointing: boolean): TrainingGraph => {
    const graphOptions = {
      model,
      config,
      head,
      outputs: task.outputs(labels).length,
      task,
      loss,
      gradientCheckpointing,
    };
    const { parameters } = buildTrainingGraph(graphOptions);
    const firstEpochOf = firstEpochs(parameters, model.sizes(config).layers, options);
    return buildTrainingGraph({ ...graphOptions, trained: (parameter) => firstEpochOf(parameter) < Infinity });
  };
  const optimizer = optimizerOf(options.optim);
  const T = options.maxLength;
  const peakOf = (graph: TrainingGraph, tokens: number): number =>
    estimateMemory({ graph, optimizer, copies, dims: { B: Math.max(1, Math.floor(tokens / T)), T } }).peak;
  let least = Number.POSITIVE_INFINITY;
  for (const gradientCheckpointing of new Set([options.gradientCheckpointing, true])) {
    const graph = graphOf(gradientCheckpointing);
    for (
      let tokens = options.tokensPerPass;
      tokens >= Math.min(T, options.tokensPerPass);
      tokens = Math.floor(tokens / 2)
    ) {
      least = peakOf(graph, tokens);
      if (least > SHARE * free) continue;
      const isChanged = tokens !== options.tokensPerPass || gradientCheckpointing !== options.gradientCheckpointing;
      if (isChanged)
        onNotice(
          `${tokens} tokens at once${gradientCheckpointing ? " with gradientCheckpointing" : ""}: training takes about ${mebibytes(least)} of the ${mebibytes(free)} that are free`,
        );
      return { ...options, tokensPerPass: tokens, gradientCheckpointing };
    }
  }
  return fail("E_CONFIG", {
    option: "autoFindBatchSize",
    expected: `${mebibytes(least / SHARE)} of free memory, for one text at a time`,
    got: mebibytes(free),
    fix: "lower maxLength, freeze layers, or take a smaller model",
  });
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20).toLocaleString("en-US")} MiB`;
}
