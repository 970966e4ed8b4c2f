/** What a server counts, for Prometheus. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { ModelObserver } from "./model-observer.js";

export interface ServerMetrics {
  readonly contentType: string;
  /** All of it in Prometheus' format. */
  text(): Promise<string>;
  request(route: string, status: number, seconds: number): void;
  /** What a model tells. */
  of(model: string): Pick<ModelObserver, "batch" | "crashed">;
}

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const TEXTS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** @param waiting the texts that wait, by model */
export function createServerMetrics(waiting: () => Iterable<readonly [model: string, texts: number]>): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "textune_request_seconds",
    help: "time from the first byte of a request to the last of its answer",
    labelNames: ["route", "status"],
    buckets: SECONDS,
    registers,
  });
  const batchSeconds = new Histogram({
    name: "textune_batch_seconds",
    help: "time for which a batch was computed",
    labelNames: ["model"],
    buckets: SECONDS,
    registers,
  });
  const batchTexts = new Histogram({
    name: "textune_batch_texts",
    help: "texts of a batch",
    labelNames: ["model"],
    buckets: TEXTS,
    registers,
  });
  const counter = (name: string, help: string) => new Counter({ name, help, labelNames: ["model"], registers });
  const texts = counter("textune_texts_total", "texts classified");
  const tokens = counter("textune_tokens_total", "tokens read");
  const truncated = counter("textune_truncated_texts_total", "texts longer than the model reads");
  const crashes = counter("textune_thread_crashes_total", "threads that broke down and were replaced");
  new Gauge({
    name: "textune_queue_texts",
    help: "texts that wait",
    labelNames: ["model"],
    registers,
    collect() {
      for (const [model, count] of waiting()) this.set({ model }, count);
    },
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    request: (route, status, seconds) => requests.observe({ route, status: String(status) }, seconds),
    of: (model) => ({
      batch(facts) {
        batchSeconds.observe({ model }, facts.seconds);
        batchTexts.observe({ model }, facts.texts);
        texts.inc({ model }, facts.texts);
        tokens.inc({ model }, facts.tokens);
        truncated.inc({ model }, facts.truncated);
      },
      crashed: () => crashes.inc({ model }),
    }),
  };
}
