/** RoBERTa: Liu et al. 2019, arXiv:1907.11692. */
import type { Model } from "../model.js";
import { robertaModel } from "../roberta-family.js";

export const roberta: Model = robertaModel({
  modelType: "roberta",
  classNames: { encoder: "RobertaModel", classifier: "RobertaForSequenceClassification" },
  source: "transformers models/roberta/modeling_roberta.py",
});
