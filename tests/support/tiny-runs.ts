/** Recorded trainings of a tiny random model on the support tickets: real runs, quickly. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readDataset, TextClassifier } from "../../src/index.js";
import { init, logEvaluation, logOutputs, tracker } from "../../src/tracking/index.js";
import { writeRandomCheckpoint } from "./random-checkpoint.js";

const TICKETS = fileURLToPath(new URL("../../examples/data/support-tickets.csv", import.meta.url));

export interface TinyRuns {
  /** Address of the store. */
  readonly dir: string;
  /** Records one more training; its id. */
  train(options: TinyRunOptions): Promise<string>;
  remove(): void;
}

export interface TinyRunOptions {
  readonly name: string;
  readonly learningRate?: number;
  readonly epochs?: number;
  readonly seed?: number;
  readonly tags?: readonly string[];
  readonly group?: string;
  /** Called after each step, and waited for. */
  readonly onStep?: () => void | Promise<void>;
}

/** An empty store in a folder of its own, and a model to train. */
export async function tinyRuns(): Promise<TinyRuns> {
  const place = mkdtempSync(join(tmpdir(), "textune studio "));
  const model = join(place, "model");
  const dir = join(place, "store");
  const data = await readDataset(TICKETS, { text: "text", label: "label" });
  const { train, test: held } = data.split({ test: 0.25 });
  await writeRandomCheckpoint("bert-relu", model, data.labels.names, { head: false });
  return {
    dir,
    async train({ name, learningRate = 2e-3, epochs = 2, seed = 1, tags = [], group = "", onStep }) {
      const classifier = await TextClassifier.fromPretrained(model, { labels: data.labels.names });
      const run = await init({
        ...{ dir, name, group, tags: [...tags], project: "tickets", jobType: "train" },
        settings: { statsSamplingInterval: 0.2, console: false },
      });
      console.info(`training ${name}`);
      await classifier.fit(train, {
        ...{ epochs, batchSize: 32, maxLength: 24, threads: 1, learningRate, seed, validation: held },
        callbacks: [tracker(run), ...(onStep === undefined ? [] : [{ onStep }])],
      });
      logEvaluation(run, "test", await classifier.evaluate(held));
      logOutputs(run, "validation", await classifier.outputs(held), (row) => held.text(row));
      await run.finish();
      await classifier.close();
      return run.id;
    },
    remove: () => rmSync(place, { recursive: true, force: true, maxRetries: 3 }),
  };
}
