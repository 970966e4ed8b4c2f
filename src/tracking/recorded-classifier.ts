/** The text classifier that users meet: its trainings are recorded. */

import type { FitOptions } from "../classifier/fit-options.js";
import { nodePlatform } from "../classifier/node/platform.js";
import { TextClassifier as PlainClassifier } from "../classifier/node/text-classifier.js";
import { type FromPretrainedOptions, openClassifier } from "../classifier/open-classifier.js";
import type { Dataset } from "../data/dataset/dataset.js";
import type { Family } from "../metrics/family.js";
import type { FamilyOf, ProblemType } from "../tasks/registry.js";
import type { TrainingHistory } from "../training/callbacks.js";
import { noteTraining } from "../workflows/node/note-training.js";
import type { Run } from "./run.js";
import { isTracker, trackerOnceBegun } from "./tracking-callbacks.js";

/** The run that a training is recorded as: options of `init` in `textune/tracking`. */
export interface TrackOptions {
  /** "uncategorized" by default. */
  readonly project?: string;
  /** Group of runs that belong together; none by default. */
  readonly group?: string;
  /** Two words and a number by default. */
  readonly name?: string;
  /** Words to find the run by. */
  readonly tags?: readonly string[];
  /** What is to be said of the run. */
  readonly notes?: string;
  /** Folder of the store, or address of a PostgreSQL database; by default `TEXTUNE_STORE`, or `.textune`. */
  readonly dir?: string;
  /** Seconds between two looks at the machine, 5 by default; whether what the process prints is recorded, as by default. */
  readonly settings?: { readonly statsSamplingInterval?: number; readonly console?: boolean };
}

/** How a classifier is trained, and recorded. */
export interface RecordedFitOptions extends FitOptions {
  /**
   * Records the training as a run of its own, which is the default; `false` records nothing. With a `tracker` among the
   * callbacks it is recorded there.
   */
  readonly track?: boolean | TrackOptions;
}

/**
 * A text classifier that can be fine-tuned, evaluated, used and saved.
 *
 * @example
 * const classifier = await TextClassifier.fromPretrained("all-MiniLM-L6-v2", { labels: ["neg", "pos"] });
 * await classifier.fit(train, { validation, epochs: 3 });
 * const { label, probability } = await classifier.predict("A wonderful little film.");
 */
export class TextClassifier<F extends Family = "single-label"> extends PlainClassifier<F> {
  /** Writes what is kept of the last training into a folder; undefined before one has ended. */
  #write: ((folder: string) => Promise<void>) | undefined;

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
  static override async fromPretrained<P extends ProblemType = "single_label_classification">(
    source: string,
    options: FromPretrainedOptions<P> = {},
  ): Promise<TextClassifier<FamilyOf<P>>> {
    return new TextClassifier(nodePlatform, await openClassifier(nodePlatform, source, options));
  }

  /**
   * Fine-tunes all parameters, and records the training: see `textune runs list`. Afterwards the classifier has the
   * weights of the best validated epoch. While it runs, `predict`, `evaluate` and `save`, as in a callback, see the
   * weights of the step before.
   *
   * @throws E_CONFIG for an option, E_DATA for rows that cannot be learned from, E_TRAINING when the loss is not
   *   finite, E_USAGE while another `fit` of this classifier runs
   */
  override async fit(train: Dataset, { track = true, ...options }: RecordedFitOptions = {}): Promise<TrainingHistory> {
    this.#write = undefined;
    const noted = noteTraining(train, options.validation);
    const callbacks = [...(options.callbacks ?? []), noted.callbacks];
    const history = await this.#fitRecorded(train, track, { ...options, callbacks });
    this.#write = (folder) => noted.write(folder, this, history);
    return history;
  }

  /**
   * Writes a folder in Hugging Face's layout, which Python's AutoModelForSequenceClassification reads too, after a
   * training with its model card `README.md` and `training.json`: options, data, history and results. After a training
   * with `lora` it holds the adapter and the head alone, as PEFT writes them; see {@link merge}. A folder that is there
   * already is replaced once the new one is complete.
   *
   * @throws E_STORE when it cannot be written
   */
  override async save(folder: string): Promise<void> {
    await super.save(folder);
    await this.#write?.(folder);
  }

  async #fitRecorded(
    train: Dataset,
    track: boolean | TrackOptions,
    options: FitOptions & Required<Pick<FitOptions, "callbacks">>,
  ): Promise<TrainingHistory> {
    const { callbacks } = options;
    if (track === false || callbacks.some(isTracker)) return super.fit(train, options);
    let run: Run | undefined;
    const recording = trackerOnceBegun(async () => {
      // Here and not above: who only predicts loads no database.
      const { init } = await import("./init.js");
      const { tracker } = await import("./tracker.js");
      const { tags = [], ...asked } = track === true ? {} : track;
      run = await init({ jobType: "train", ...asked, tags: [...tags] });
      return tracker(run);
    });
    try {
      const history = await super.fit(train, { ...options, callbacks: [...callbacks, recording] });
      await run?.finish({ exitCode: history.aborted ? 130 : 0 });
      return history;
    } catch (error) {
      await run?.finish({ exitCode: 1 });
      throw error;
    }
  }
}
