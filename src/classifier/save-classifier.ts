/** A classifier as files in Hugging Face's layout. */
import type { CheckpointContent, ModelDescription } from "../checkpoints/checkpoint.js";
import { type ClassifierState, inferenceGraphOf } from "./classifier-state.js";
import { configOf } from "./stored-config.js";

/** What the folder of a classifier holds. */
export function contentOf(state: ClassifierState): CheckpointContent {
  const { weights } = state;
  return {
    ...descriptionOf(state),
    tensors: inferenceGraphOf(state).parameters.map(({ name, shape }) => {
      return { name, shape, data: weights.get(name) as Float32Array };
    }),
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
