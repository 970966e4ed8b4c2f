/** What LoRA trains of a model: adapters beside its layers, and the head. */
import { fail } from "../base/errors.js";
import { didYouMean } from "../base/nearest.js";
import { isNamed, isWithin, LORA_WEIGHTS, type LoraConfig } from "../nn/lora.js";
import type { Parameter } from "../nn/scope.js";
import { buildInferenceGraph, type ClassifierGraphOptions } from "./classifier-graph.js";
import type { ResolvedTrainingOptions } from "./training-options.js";

type LoraOptions = Pick<
  ResolvedTrainingOptions,
  "loraRank" | "loraAlpha" | "loraDropout" | "loraTargets" | "loraModulesToSave"
>;

/**
 * The adapters that `options` ask for beside a model.
 *
 * @param created the parameters that the model lacked: no base model has them, so that they are trained too
 * @param existing the adapter that is trained on
 * @throws E_CONFIG for targets and modules that the model does not have, and for another adapter than `existing`
 */
export function loraConfigOf(
  options: LoraOptions,
  model: ClassifierGraphOptions,
  created: readonly string[],
  existing?: LoraConfig,
): LoraConfig {
  if (existing !== undefined) return sameAs(existing, options);
  const layers: string[] = [];
  const { parameters } = buildInferenceGraph({
    ...model,
    adapter: (_scope, layer, _x, y) => {
      layers.push(layer);
      return y;
    },
  });
  const { loraRank: rank = 8, loraAlpha: alpha = 8, loraDropout: dropout = 0 } = options;
  const { loraTargets = model.model.loraTargets, loraModulesToSave = [] } = options;
  const known = [...new Set(layers.map(lastPart))];
  const targets = [...new Set(loraTargets.flatMap((name) => (name === "all-linear" ? known : [name])))].sort();
  expectNamed("loraTargets", targets, layers, known);
  const modules = modulesOf(parameters.map(({ name }) => name));
  expectNamed("loraModulesToSave", loraModulesToSave, modules, [...new Set(modules.map(lastPart))]);
  const heads = parameters.filter(({ place }) => place === "head").map(({ name }) => name.split(".")[0]);
  const missing = created.filter((name) => parameters.some((one) => one.name === name && one.place !== "head"));
  const own = [...heads, ...loraModulesToSave, ...missing.map((name) => withoutLast(name))];
  return { rank, alpha, dropout, targets, modulesToSave: [...new Set(own)], rankStabilized: false };
}

/** Whether `parameter` is trained with the adapters of `config`. */
export function isTrainedWith({ modulesToSave }: LoraConfig, { name }: Parameter): boolean {
  return isLora(name) || isWithin(name, modulesToSave);
}

/** Whether `name` is that of an adapter's parameter. */
export function isLora(name: string): boolean {
  return LORA_WEIGHTS.some((weight) => name.endsWith(`.${weight}`));
}

/** @throws E_CONFIG where an option says something else than the adapter has */
function sameAs(config: LoraConfig, options: LoraOptions): LoraConfig {
  const { rank: loraRank, alpha: loraAlpha, dropout: loraDropout, targets: loraTargets, modulesToSave } = config;
  const has = { loraRank, loraAlpha, loraDropout, loraTargets, loraModulesToSave: modulesToSave };
  for (const [option, value] of Object.entries(has)) {
    const asked = options[option as keyof LoraOptions];
    if (asked !== undefined && String(asked) !== String(value))
      fail("E_CONFIG", {
        option,
        expected: `${String(value)}, as the adapter has that is trained on`,
        got: String(asked),
        fix: "leave the option out, or merge the adapter first",
      });
  }
  return config;
}

function expectNamed(
  option: string,
  names: readonly string[],
  modules: readonly string[],
  known: readonly string[],
): void {
  const unknown = names.find((name) => !modules.some((module) => isNamed(module, [name])));
  if (unknown === undefined) return;
  fail("E_CONFIG", { option, expected: "names of the model's layers", got: unknown, fix: didYouMean(unknown, known) });
}

/** Everything that holds one of `parameters`: "a.b" and "a" of "a.b.weight". */
function modulesOf(parameters: readonly string[]): string[] {
  const paths = parameters.flatMap((name) => {
    const parts = name.split(".");
    return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("."));
  });
  return [...new Set(paths)];
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf(".") + 1);
const withoutLast = (name: string): string => name.slice(0, name.lastIndexOf("."));
