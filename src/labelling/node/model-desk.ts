/** Questions to a classifier, as the thread of a page answers them. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { keepLatest } from "../../base/keep-latest.js";
import type { Explanation } from "../../classifier/explain.js";
import type { Features } from "../../classifier/features.js";
import { nodePlatform } from "../../classifier/node/platform.js";
import { openClassifier } from "../../classifier/open-classifier.js";
import { Classifier } from "../../classifier/text-classifier.js";
import type { Family } from "../../metrics/family.js";
import type { Runtime } from "../../runtime/session.js";
import type { PredictionOf } from "../../tasks/prediction.js";
import type { TextExample } from "../../tokenizers/tokenizer.js";
import { modelHash } from "./feature-cache.js";

export interface NamedModel {
  /** The folder of a classifier, an absolute path. */
  readonly folder: string;
}

export interface AskFeatures extends NamedModel {
  readonly examples: readonly TextExample[];
}

export interface AskModel extends NamedModel {
  readonly example: TextExample;
  /** The class to explain; by default the predicted one. */
  readonly label?: string | undefined;
}

export interface ModelAnswer {
  readonly family: Family;
  readonly prediction: PredictionOf<Family>;
  /** Undefined for a folder of ONNX models, which predict and nothing else. */
  readonly explanation: Explanation | undefined;
}

interface Opened {
  readonly classifier: Classifier<Family>;
  readonly family: Family;
  readonly canExplain: boolean;
  readonly hash: () => string;
}

/** Classifiers that stay open. */
const MOST_OPEN = 2;

export function createModelDesk(runtime: Runtime) {
  const platform = { ...nodePlatform, runtime };
  const opened = new Map<string, Opened>();
  const open = async (folder: string): Promise<Opened> => {
    // A folder that was written anew is another classifier.
    const { mtimeMs } = await stat(join(folder, "config.json")).catch(() => ({ mtimeMs: 0 }));
    const key = `${mtimeMs} ${folder}`;
    let one = opened.get(key);
    if (one === undefined) {
      // An adapter may name a model elsewhere: a page never makes this computer download it.
      const state = await openClassifier(platform, folder, { offline: true });
      const classifier = new Classifier<Family>(platform, state);
      let hash: string | undefined;
      one = {
        ...{ classifier, family: state.task.family, canExplain: state.onnxModel === undefined },
        hash: () => {
          hash ??= modelHash(state);
          return hash;
        },
      };
    }
    for (const { classifier } of keepLatest(opened, key, one, MOST_OPEN)) await classifier.close();
    return one;
  };
  return {
    async askModel({ folder, example, label }: AskModel): Promise<ModelAnswer> {
      const { classifier, family, canExplain } = await open(folder);
      const prediction = await classifier.predict(example);
      return {
        family,
        prediction,
        explanation: canExplain ? await classifier.explain(example, { label }) : undefined,
      };
    },
    /** What the features of a text depend on beside the text. */
    async hashModel({ folder }: NamedModel): Promise<string> {
      return (await open(folder)).hash();
    },
    /** What the last layer reads of each text. @throws E_CONFIG for a folder of ONNX models */
    async features({ folder, examples }: AskFeatures): Promise<Features> {
      return (await open(folder)).classifier.features(examples);
    },
  };
}
