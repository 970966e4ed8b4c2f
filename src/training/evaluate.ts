/** Logits and metrics of tokenized texts, in batches of like length. */

import { createRandom } from "../base/random.js";
import { stopIfAborted } from "../base/stop-if-aborted.js";
import { createMetrics, type MetricsOptions } from "../metrics/create-metrics.js";
import { cooled, type Decision } from "../metrics/decide.js";
import type { Family } from "../metrics/family.js";
import type { Report } from "../metrics/report.js";
import { type Targets, type Task, targetsOf } from "../tasks/task.js";
import { combineWindows, lengthOf, type TokenizedTexts } from "../tokenizing/tokenized-texts.js";
import { type CollateOptions, collate } from "./batch.js";
import { planBatches, splitBatch, TOKENS_PER_PASS } from "./batch-plan.js";
import type { Predictor } from "./predictor.js";

export interface LogitsOptions extends CollateOptions {
  /** Texts of a batch; long ones are computed in parts. */
  readonly batchSize: number;
  /** Called after each batch with the rows done so far. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Rows and their logits, batch by batch; each row (of texts in windows, each window) comes once, in an order of its own. */
export async function* eachLogits(
  predictor: Predictor,
  texts: TokenizedTexts,
  options: LogitsOptions,
): AsyncGenerator<{ rows: Uint32Array; logits: Float32Array }> {
  const lengths = Float64Array.from({ length: texts.length }, (_, row) => lengthOf(texts, row));
  let done = 0;
  // Without shuffling nothing is drawn from the generator.
  const batches = planBatches(
    lengths,
    { batchSize: options.batchSize, groupByLength: true, shuffle: false },
    createRandom(0),
  );
  const { parallel = 1 } = predictor;
  const running: { readonly rows: Uint32Array; readonly logits: Promise<Float32Array> }[] = [];
  const next = async () => {
    const { rows, logits } = running.shift() as (typeof running)[number];
    return { rows, logits: await logits };
  };
  const settled = (rows: Uint32Array): void => {
    done += rows.length;
    options.onProgress?.(done, texts.length);
  };
  for (const rows of batches.flatMap((batch) => splitBatch(batch, lengths, TOKENS_PER_PASS))) {
    stopIfAborted(options.signal, "evaluation");
    const logits = predictor.logits(collate(texts, rows, options));
    // When one fails, nobody waits for those that run beside it.
    logits.catch(() => undefined);
    running.push({ rows, logits });
    if (running.length < parallel) continue;
    const one = await next();
    yield one;
    settled(one.rows);
  }
  while (running.length > 0) {
    const one = await next();
    yield one;
    settled(one.rows);
  }
}

/** Logits [N, C] in the order of the texts; of one in windows, those of its windows combined. */
export async function logitsOf(
  predictor: Predictor,
  texts: TokenizedTexts,
  classes: number,
  options: LogitsOptions & { readonly family: Family },
): Promise<Float32Array> {
  const all = new Float32Array(texts.length * classes);
  for await (const { rows, logits } of eachLogits(predictor, texts, options)) {
    for (let i = 0; i < rows.length; i++) all.set(logits.subarray(i * classes, (i + 1) * classes), rows[i] * classes);
  }
  return texts.windows === undefined ? all : combineWindows(all, classes, texts.windows, options.family);
}

/**
 * The metrics of `task` over all of `texts`, whose targets are `targets`.
 *
 * @throws E_CONFIG for a metric or a threshold that the task cannot have
 */
export async function evaluate(
  predictor: Predictor,
  texts: TokenizedTexts,
  targets: Targets,
  options: LogitsOptions & MetricsOptions & Decision & { readonly task: Task; readonly labels: readonly string[] },
): Promise<Report> {
  const metrics = createMetrics(options.task.family, options.labels, options);
  if (texts.windows !== undefined) {
    // A text is judged once, by all of its windows.
    const { task, labels } = options;
    const { family } = task;
    const logits = await logitsOf(predictor, texts, task.outputs(labels).length, { ...options, family });
    metrics.update(targets.data, cooled(logits, options.temperature));
    return metrics.result();
  }
  for await (const { rows, logits } of eachLogits(predictor, texts, options))
    metrics.update(targetsOf(targets, rows), cooled(logits, options.temperature));
  return metrics.result();
}
