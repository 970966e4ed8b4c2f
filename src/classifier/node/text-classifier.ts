/** The text classifier of Node.js. */
import type { Family } from "../../metrics/family.js";
import type { FamilyOf, ProblemType } from "../../tasks/registry.js";
import { type FromPretrainedOptions, openClassifier } from "../open-classifier.js";
import { Classifier } from "../text-classifier.js";
import { nodePlatform } from "./platform.js";

/** A text classifier on Node.js; src/tracking/recorded-classifier.ts has the one that users meet, with documentation. */
export class TextClassifier<F extends Family = "single-label"> extends Classifier<F> {
  /** Opens a model. @throws as the one that users meet does */
  static async fromPretrained<P extends ProblemType = "single_label_classification">(
    source: string,
    options: FromPretrainedOptions<P> = {},
  ): Promise<TextClassifier<FamilyOf<P>>> {
    return new TextClassifier(nodePlatform, await openClassifier(nodePlatform, source, options));
  }
}
