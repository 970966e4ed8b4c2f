/** A classifier as files in Hugging Face's layout. */
import type { CheckpointContent, ModelDescription } from "../checkpoints/checkpoint.js";
import { adapterConfigOf, adapterTensors } from "../checkpoints/peft.js";
import { isWithin, LORA_WEIGHTS } from "../nn/lora.js";
import { type ClassifierState, inferenceGraphOf } from "./classifier-state.js";
import { configOf } from "./stored-config.js";

/** What the folder of a classifier holds: all of it, or an adapter to the model that it was made of. */
export function contentOf(state: ClassifierState): CheckpointContent {
  const { weights, adapter } = state;
  const tensors = inferenceGraphOf(state).parameters.map(({ name, shape }) => {
    return { name, shape, data: weights.get(name) as Float32Array };
  });
  if (adapter === undefined) return { ...descriptionOf(state), tensors };
  const { lora, base } = adapter;
  const saved = tensors.filter(({ name }) => isWithin(name, lora.modulesToSave));
  const own = [...adapter.tensors].map(([name, data]) => {
    const other = data.length / lora.rank;
    return { name, shape: name.endsWith(LORA_WEIGHTS[0]) ? [lora.rank, other] : [other, lora.rank], data };
  });
  return {
    ...descriptionOf(state),
    tensors: adapterTensors([...own, ...saved]),
    adapterConfig: adapterConfigOf(lora, base),
  };
}

/** What stands beside the weights. */
export function descriptionOf(state: ClassifierState): ModelDescription {
  const { tokenizer, maxLength } = state;
  return {
    config: configOf(state),
    tokenizerFiles: {
      ...tokenizer.files,
      "tokenizer_config.json": withMaxLength(tokenizer.files["tokenizer_config.json"], maxLength),
    },
  };
}

/** A tokenizer configuration that truncates as the classifier was trained. */
function withMaxLength(text: string | undefined, maxLength: number): string {
  const config = text === undefined ? {} : (JSON.parse(text) as Record<string, unknown>);
  return `${JSON.stringify({ ...config, model_max_length: maxLength }, null, 2)}\n`;
}
