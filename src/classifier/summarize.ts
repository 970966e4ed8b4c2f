/** What a classifier consists of. */
import { buildLogits } from "../training/classifier-graph.js";
import { firstEpochs } from "../training/freezing.js";
import { layersOf, type ModelSummary } from "../training/model-summary.js";
import type { ClassifierState } from "./classifier-state.js";

/** How a classifier is looked at. */
export interface SummaryOptions {
  /** What a training would leave as it is, as its option `freeze` says; "none" by default. */
  readonly freeze?: number | string;
}

/** @throws E_CONFIG when `freeze` names nothing or everything */
export function summarize(state: ClassifierState, { freeze = "none" }: SummaryOptions): ModelSummary {
  const { model, config, head, task, labels, source } = state;
  const { logits, parameters } = buildLogits({ model, config, head, outputs: task.outputs(labels).length }, true);
  const firstEpochOf = firstEpochs(parameters, model.sizes(config).layers, { freeze });
  const layers = layersOf(logits, logits.graph.nodes, parameters, (parameter) => firstEpochOf(parameter) === 1);
  const sum = (count: (layer: (typeof layers)[number]) => number): number =>
    layers.reduce((all, layer) => all + count(layer), 0);
  const total = sum(({ parameters: own }) => own);
  return {
    ...{ name: source, modelType: model.modelType, layers, parameters: total, bytes: 4 * total },
    trainable: sum(({ trainable }) => trainable),
  };
}
