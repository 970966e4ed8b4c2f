/** XLM-RoBERTa, RoBERTa for a hundred languages: Conneau et al. 2019, arXiv:1911.02116. */
import type { Model } from "../model.js";
import { robertaModel } from "../roberta-family.js";

export const xlmRoberta: Model = robertaModel({
  modelType: "xlm-roberta",
  classNames: { encoder: "XLMRobertaModel", classifier: "XLMRobertaForSequenceClassification" },
  source: "transformers models/xlm_roberta/modeling_xlm_roberta.py",
});
