/** All architectures, by the `model_type` of their configuration. */
import { fail } from "../base/errors.js";
import { albert } from "./albert/index.js";
import { bert } from "./bert/index.js";
import { debertaV2 } from "./deberta-v2/index.js";
import { distilbert } from "./distilbert/index.js";
import { electra } from "./electra/index.js";
import type { Model } from "./model.js";
import { modernBert } from "./modernbert/index.js";
import { mpnet } from "./mpnet/index.js";
import { roberta } from "./roberta/index.js";
import { talkingHeadsBert } from "./talking-heads-bert/index.js";
import { xlmRoberta } from "./xlm-roberta/index.js";

export const MODELS: readonly Model[] = [
  bert,
  distilbert,
  roberta,
  xlmRoberta,
  electra,
  albert,
  mpnet,
  debertaV2,
  modernBert,
  talkingHeadsBert,
];

/** The architecture of a `config.json`; throws E_WEIGHTS for one that is not known. */
export function modelOf(config: Readonly<Record<string, unknown>>): Model {
  const type = config.model_type;
  return (
    MODELS.find((model) => model.modelType === type) ??
    fail("E_WEIGHTS", {
      where: "config.json, model_type",
      expected: MODELS.map((model) => `"${model.modelType}"`).join(" or "),
      got: JSON.stringify(type) ?? "nothing",
      fix: "choose a model of this family",
    })
  );
}
