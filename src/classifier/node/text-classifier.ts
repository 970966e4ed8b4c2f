/** The text classifier of Node.js. */
import type { Family } from "../../metrics/family.js";
import type { FamilyOf, ProblemType } from "../../tasks/registry.js";
import { type FromPretrainedOptions, openClassifier } from "../open-classifier.js";
import { Classifier } from "../text-classifier.js";
import { nodePlatform } from "./platform.js";

/**
 * A text classifier that can be fine-tuned, evaluated, used and saved.
 *
 * @example
 * const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: ["neg", "pos"] });
 * await classifier.fit(train, { validation, epochs: 3 });
 * const { label, probability } = await classifier.predict("A wonderful little film.");
 */
export class TextClassifier<F extends Family = "single-label"> extends Classifier<F> {
  /**
   * Opens a model: "all-MiniLM-L6-v2" (comes with the package), a folder in Hugging Face's layout, or the id of a model
   * on the Hugging Face Hub. A folder of ONNX models is opened to predict and evaluate, not to train.
   *
   * @example
   * const classifier = await TextClassifier.fromPretrained("google-bert/bert-base-uncased", { labels: train.labels });
   *
   * @throws E_WEIGHTS, E_TOKENIZER or E_HUB when the model cannot be read, E_CONFIG when `labels` is missing or the
   *   model is of another task than `problemType`
   */
  static async fromPretrained<P extends ProblemType = "single_label_classification">(
    source: string,
    options: FromPretrainedOptions<P> = {},
  ): Promise<TextClassifier<FamilyOf<P>>> {
    return new TextClassifier(nodePlatform, await openClassifier(nodePlatform, source, options));
  }
}
