/** LoRA adapters in PEFT's files: `adapter_config.json`, and weights named after the modules of PyTorch. */
import { z } from "zod";
import { fail } from "../base/errors.js";
import { LORA_WEIGHTS, type LoraConfig, loraScale, mergeLora } from "../nn/lora.js";
import type { CheckpointAdapter, NamedTensor } from "./checkpoint.js";
import { readerOf, type StoredTensor, type WeightReader } from "./weight-reader.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** What PEFT puts before the names of all parameters. */
const PREFIX = "base_model.model.";

const off = z.union([z.literal(false), z.null(), z.object({}).strict(), z.array(z.never())]).optional();
/** What is read of an `adapter_config.json`, and what may not be asked for. */
const adapterConfig = z.object({
  peft_type: z.literal("LORA"),
  base_model_name_or_path: z.string(),
  r: z.number().int().positive(),
  lora_alpha: z.number(),
  lora_dropout: z.number().default(0),
  target_modules: z.union([z.array(z.string()), z.string()]),
  modules_to_save: z.array(z.string()).nullish(),
  use_rslora: z.boolean().nullish(),
  layers_to_transform: z.unknown().optional(),
  bias: z.literal("none").optional(),
  use_dora: off,
  fan_in_fan_out: off,
  alpha_pattern: off,
  rank_pattern: off,
  layer_replication: off,
  target_parameters: off,
  trainable_token_indices: off,
});

/**
 * What an `adapter_config.json` says; `modules` are those that the file of weights has adapters for.
 *
 * @throws E_WEIGHTS for an adapter that is no plain LoRA
 */
export function readAdapterConfig(
  json: JsonObject,
  path: string,
  modules: readonly string[],
): { readonly lora: LoraConfig; readonly base: string } {
  const parsed = adapterConfig.safeParse(json);
  if (!parsed.success) {
    const [{ path: place, message }] = parsed.error.issues;
    return fail("E_WEIGHTS", {
      where: `${path}, ${place.join(".")}`,
      expected: "a plain LoRA adapter with a base model",
      got: JSON.stringify(json[String(place[0])]) ?? message,
      fix: "merge the adapter in Python (merge_and_unload) and save the whole model",
    });
  }
  const { r, target_modules: targets, layers_to_transform: layers, ...config } = parsed.data;
  // A pattern, or a choice of layers, is what it came to.
  const isPlain = Array.isArray(targets) && (layers === undefined || layers === null);
  const lora = {
    rank: r,
    alpha: config.lora_alpha,
    dropout: config.lora_dropout,
    targets: isPlain ? targets : modules,
    modulesToSave: config.modules_to_save ?? [],
    rankStabilized: config.use_rslora ?? false,
  };
  return { lora, base: config.base_model_name_or_path };
}

/** The `adapter_config.json` of an adapter: what PEFT does not find in it has its defaults. */
export function adapterConfigOf(lora: LoraConfig, base: string): JsonObject {
  return {
    base_model_name_or_path: base,
    bias: "none",
    fan_in_fan_out: false,
    inference_mode: true,
    lora_alpha: lora.alpha,
    lora_dropout: lora.dropout,
    modules_to_save: [...lora.modulesToSave],
    peft_type: "LORA",
    r: lora.rank,
    target_modules: [...lora.targets],
    task_type: "SEQ_CLS",
    use_rslora: lora.rankStabilized,
  };
}

/** `tensors`, which have the names of parameters, under their names in an adapter's file. */
export function adapterTensors(tensors: readonly NamedTensor[]): NamedTensor[] {
  return tensors.map((tensor) => ({ ...tensor, name: `${PREFIX}${tensor.name}` }));
}

/** What a file of an adapter holds, by the names of parameters. */
export interface AdapterFile {
  /** The modules with adapters. */
  readonly modules: readonly string[];
  /** The names of the weights of modules that were trained as they are. */
  readonly saved: readonly string[];
  stored(name: string): StoredTensor;
}

/** @throws E_WEIGHTS for a file with half an adapter */
export function readAdapterFile(reader: WeightReader, path: string): AdapterFile {
  const names = new Map(reader.names.map((name) => [name.replace(/^base_model\.model\./, ""), name]));
  const [a, b] = LORA_WEIGHTS.map((weight) => `.${weight}`);
  const modules = [...names.keys()].filter((name) => name.endsWith(a)).map((name) => name.slice(0, -a.length));
  const alone = modules.find((module) => !names.has(module + b));
  if (alone !== undefined || modules.length === 0)
    fail("E_WEIGHTS", {
      where: path,
      expected: "lora_A.weight and lora_B.weight of each layer",
      got: alone === undefined ? `none among ${names.size}` : `only one of ${alone}`,
    });
  return {
    modules,
    saved: [...names.keys()].filter((name) => !name.includes(".lora_")),
    stored(name) {
      const own = names.get(name) as string;
      return { shape: reader.shape(own), read: () => reader.read(own) };
    },
  };
}

/**
 * A model with its adapter: readers of the merged weights, and what is needed to train the adapter on.
 *
 * @throws E_WEIGHTS for an adapter of another model
 */
export async function withAdapter(
  base: WeightReader,
  file: AdapterFile,
  config: { readonly lora: LoraConfig; readonly base: string },
  path: string,
): Promise<{ readonly weights: WeightReader; readonly adapter: CheckpointAdapter }> {
  const { lora } = config;
  const tensors = new Map<string, Float32Array>();
  const frozen = new Map<string, Float32Array>();
  const known = new Set(base.names);
  const weights = new Map<string, StoredTensor>(
    base.names.map((name) => [name, { shape: base.shape(name), read: () => base.read(name) }]),
  );
  for (const name of file.saved) weights.set(storedName(name, known) ?? name, file.stored(name));
  for (const module of file.modules) {
    const name = `${module}.weight`;
    const [a, b] = LORA_WEIGHTS.map((weight) => `${module}.${weight}`);
    const stored = storedName(name, known);
    const shape = stored === undefined ? undefined : base.shape(stored);
    const [rows, columns] = [file.stored(b).shape, file.stored(a).shape];
    const fits =
      shape?.length === 2 &&
      String(rows) === String([shape[0], lora.rank]) &&
      String(columns) === String([lora.rank, shape[1]]);
    if (stored === undefined || !fits) {
      fail("E_WEIGHTS", {
        where: `${path}, layer "${module}"`,
        expected: `such a layer in ${config.base}, and matrices of rank ${lora.rank}`,
        got: shape === undefined ? "none of this name" : `[${rows}] and [${columns}] for a layer [${shape}]`,
        fix: "the adapter belongs to another model",
      });
    }
    const own = await base.read(stored);
    const [valuesA, valuesB] = [await file.stored(a).read(), await file.stored(b).read()];
    frozen.set(name, own);
    tensors.set(a, valuesA).set(b, valuesB);
    const scale = loraScale(lora);
    weights.set(stored, {
      shape: shape as readonly number[],
      read: async () => mergeLora(own, valuesA, valuesB, { rank: lora.rank, scale }),
    });
  }
  return { weights: readerOf(path, weights, base.close), adapter: { ...config, tensors, frozen } };
}

/** The name that `parameter` has among `names`: encoders are stored without the first part of it too. */
function storedName(parameter: string, names: ReadonlySet<string>): string | undefined {
  return [parameter, parameter.replace(/^[^.]+\./, "")].find((name) => names.has(name));
}
