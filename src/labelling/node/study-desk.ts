/** Labelling, as the thread of a page does it: features once, then a model after every few labels. */
import { featuresOf, openFeaturePredictor } from "../../classifier/features.js";
import { nodePlatform } from "../../classifier/node/platform.js";
import { openClassifier } from "../../classifier/open-classifier.js";
import type { Runtime } from "../../runtime/session.js";
import type { TextExample } from "../../tokenizers/tokenizer.js";
import { createLinearTrainer, type LinearTrainer } from "../linear-model.js";
import { strategyNamed } from "../questions.js";
import { STRATEGIES } from "../strategies.js";
import { createStudy, type Decided, type Study, type StudyResult } from "../study.js";
import { cachedFeatures, modelHash } from "./feature-cache.js";

export interface OpenStudy {
  readonly study: string;
  readonly texts: readonly TextExample[];
  readonly fingerprint: string;
  /** The model whose features are used. */
  readonly model: string;
  /** Where features are kept. */
  readonly cache: string;
  readonly seed: number;
}

export interface UpdateStudy {
  readonly study: string;
  readonly decided: Decided;
  readonly classes: number;
  readonly strategy: string;
  /** Rows to ask for. */
  readonly count: number;
}

interface OpenedStudy {
  readonly study: Study;
  readonly trainer: LinearTrainer;
}

export function createStudyDesk(runtime: Runtime) {
  const studies = new Map<string, OpenedStudy>();
  return {
    /** Computes what the encoder makes of all texts, or finds it. */
    async openStudy(
      { study, texts, fingerprint, model, cache, seed }: OpenStudy,
      onProgress: (done: number, total: number) => void,
    ): Promise<void> {
      if (studies.has(study)) return;
      // The classes come and go: the last layer of this classifier is never used.
      const state = await openClassifier(nodePlatform, model, { labels: ["a", "b"], pooling: "mean" });
      const features = await cachedFeatures(
        cache,
        { fingerprint, length: texts.length },
        modelHash(state),
        async () => {
          const predictor = await openFeaturePredictor(runtime, state);
          return featuresOf(state, predictor, texts, { onProgress }).finally(() => predictor.close());
        },
      );
      const textOf = (row: number): string => {
        const example = texts[row];
        return typeof example === "string" ? example : `${example.text}\n${example.textPair}`;
      };
      const trainer = await createLinearTrainer(runtime, features);
      studies.set(study, { trainer, study: createStudy({ features, textOf, trainer, seed }) });
    },
    async updateStudy({ study, decided, classes, strategy, count }: UpdateStudy): Promise<StudyResult | undefined> {
      const chosen = strategyNamed(strategy) ?? STRATEGIES[0];
      return studies.get(study)?.study.update(decided, classes, chosen, count);
    },
    async closeStudy(study: string): Promise<void> {
      const opened = studies.get(study);
      studies.delete(study);
      await opened?.trainer.close();
    },
  };
}
