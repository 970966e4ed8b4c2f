/** A folder with an adapter, as PEFT writes it, and the model that it stands beside. */
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { fail, TextuneError } from "../../base/errors.js";
import { ADAPTER_CONFIG_FILE, ADAPTER_WEIGHTS_FILE, type Checkpoint, CONFIG_FILE } from "../checkpoint.js";
import type { JsonObject } from "../conversions/conversion.js";
import { type AdapterFile, readAdapterConfig, readAdapterFile, withAdapter } from "../peft.js";
import { hasTokenizer, listFiles, readJson, readStandardFiles } from "./model-folder.js";
import { openSafetensors } from "./safetensors-file.js";

/** Whether `folder` holds an adapter. */
export function isAdapterFolder(folder: string): boolean {
  return existsSync(join(folder, ADAPTER_CONFIG_FILE));
}

/**
 * Opens the adapter in `folder` with its model; `source` is its name in messages.
 *
 * @throws E_WEIGHTS for an adapter that is not whole, is no plain LoRA, or stands beside a model that is not found
 */
export async function openAdapterFolder(
  folder: string,
  source: string,
  openBase: (base: string) => Promise<Checkpoint>,
): Promise<Checkpoint> {
  const files = await listFiles(folder);
  const path = join(folder, ADAPTER_WEIGHTS_FILE);
  if (!files.includes(ADAPTER_WEIGHTS_FILE))
    fail("E_WEIGHTS", { where: folder, expected: ADAPTER_WEIGHTS_FILE, got: files.slice(0, 8).join(", ") });
  const reader = await openSafetensors(path);
  try {
    const file = readAdapterFile(reader, path);
    const configPath = join(folder, ADAPTER_CONFIG_FILE);
    const settings = readAdapterConfig((await readJson(configPath)) ?? {}, configPath, file.modules);
    const beside = isAbsolute(settings.base) ? undefined : join(folder, settings.base);
    const isBeside = beside !== undefined && !existsSync(settings.base) && existsSync(beside);
    const base = await openBase(isBeside ? beside : settings.base).catch((error: unknown) => {
      if (!(error instanceof TextuneError)) throw error;
      return fail(
        "E_WEIGHTS",
        {
          where: `${configPath}, base_model_name_or_path`,
          expected: "the model that the adapter stands beside",
          got: error.message,
          fix: "bring the model, or write there where it is now",
        },
        error,
      );
    });
    try {
      const config = { ...settings, base: base.address ?? settings.base };
      const { weights, adapter } = await withAdapter(base.weights, file, config, path);
      const close = async (): Promise<void> => {
        await weights.close();
        await reader.close();
      };
      return {
        source,
        // PEFT writes none.
        config: (await readJson(join(folder, CONFIG_FILE))) ?? withOutputs(base.config, file),
        tokenizerFiles: hasTokenizer(files) ? await readStandardFiles(folder) : base.tokenizerFiles,
        weights: { ...weights, close },
        adapter,
      };
    } catch (error) {
      await base.weights.close();
      throw error;
    }
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** `config` with as many labels as the classification head in `file` has outputs, called as transformers calls them. */
function withOutputs(config: JsonObject, { saved, stored }: AdapterFile): JsonObject {
  const bias = saved.find((name) => /(^|\.)(out_proj|classifier|score)\.bias$/.test(name));
  const outputs = bias === undefined ? undefined : stored(bias).shape[0];
  if (outputs === undefined || Object.keys(config.id2label ?? {}).length === outputs) return config;
  const labels = Array.from({ length: outputs }, (_, id) => [String(id), `LABEL_${id}`] as const);
  return {
    ...config,
    id2label: Object.fromEntries(labels),
    label2id: Object.fromEntries(labels.map(([id, label]) => [label, Number(id)])),
  };
}
