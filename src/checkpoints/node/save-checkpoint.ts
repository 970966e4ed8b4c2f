/** Writes a model folder in Hugging Face's layout, whole or not at all. */
import { join } from "node:path";
import {
  ADAPTER_CONFIG_FILE,
  ADAPTER_WEIGHTS_FILE,
  type CheckpointContent,
  CONFIG_FILE,
  type ModelDescription,
  TOKENIZER_FILES,
} from "../checkpoint.js";
import { configText } from "../config-text.js";
import { replaceFolder, writeNewFile } from "./replace-folder.js";
import { writeSafetensors } from "./safetensors-file.js";

/**
 * Writes `content` to `folder`, whole or not at all: see {@link replaceFolder}.
 *
 * @throws E_STORE when the place cannot be written, or holds files that are no model
 */
export async function saveCheckpoint(folder: string, content: CheckpointContent): Promise<void> {
  await replaceFolder(folder, async (temporary) => {
    // The type of the weights as they are written, under its name in transformers 5 and before: by it they are loaded.
    const config = { ...content.config, dtype: "float32", torch_dtype: "float32" };
    await writeDescription(temporary, { ...content, config });
    const { adapterConfig, tensors } = content;
    if (adapterConfig !== undefined)
      await writeNewFile(join(temporary, ADAPTER_CONFIG_FILE), `${JSON.stringify(adapterConfig, null, 2)}\n`);
    const file = adapterConfig === undefined ? "model.safetensors" : ADAPTER_WEIGHTS_FILE;
    await writeSafetensors(join(temporary, file), tensors);
  });
}

/** Writes config.json and the files of the tokenizer. */
export async function writeDescription(folder: string, { config, tokenizerFiles }: ModelDescription): Promise<void> {
  await writeNewFile(join(folder, CONFIG_FILE), configText(config));
  for (const name of TOKENIZER_FILES) {
    const text = tokenizerFiles[name];
    if (text !== undefined) await writeNewFile(join(folder, name), text);
  }
}
