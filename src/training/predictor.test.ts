import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createTinyTrainer, labelledBatch, range, TINY_CONFIG, tinyTexts } from "../../tests/support/tiny-bert.js";
import { bert } from "../models/bert/index.js";
import { tensorsOf } from "../runtime/flat-layout.js";
import { nodeRuntime } from "../runtime/node/onnxruntime.js";
import type { Session, SessionOptions } from "../runtime/session.js";
import { buildInferenceGraph } from "./classifier-graph.js";
import { createPredictor, type PredictorOptions } from "./predictor.js";

const { texts, labelIds } = tinyTexts(48);
const one = (row: number) => labelledBatch(texts, labelIds, [row]);

/** A session that leaves time for others to come between, and expects that none does, and that no run outlives it. */
function expectedInTurn(session: Session): Session {
  let running = 0;
  return {
    ...{ inputNames: session.inputNames, outputNames: session.outputNames },
    async run(feeds, results) {
      running++;
      await setImmediate();
      expect(running).toBe(1);
      const outputs = await session.run(feeds, results);
      running--;
      return outputs;
    },
    async close() {
      expect(running).toBe(0);
      await session.close();
    },
  };
}

async function withPredictor(
  pack: PredictorOptions["pack"] | undefined,
  work: (
    predictor: Awaited<ReturnType<typeof createPredictor>>,
    opened: readonly (SessionOptions | undefined)[],
    parameters: Float32Array,
  ) => Promise<void>,
): Promise<void> {
  const trainer = await createTinyTrainer();
  const opened: (SessionOptions | undefined)[] = [];
  const predictor = await createPredictor({
    runtime: {
      async createSession(model, options) {
        opened.push(options);
        return expectedInTurn(await nodeRuntime.createSession(model, options));
      },
    },
    graph: buildInferenceGraph({ model: bert, config: bert.readConfig(TINY_CONFIG), outputs: 3 }),
    weights: tensorsOf(trainer.parameters, trainer.layout),
    threads: 1,
    ...(pack === undefined ? {} : { pack }),
  });
  try {
    await work(predictor, opened, trainer.parameters);
  } finally {
    await predictor.close();
    await trainer.close();
  }
}

describe("a predictor that may pack weights", () => {
  it("says the same before and after, to callers that do not wait for each other too", async () => {
    await withPredictor(
      ({ place }) => place !== 0,
      async (predictor, opened) => {
        const first = await Promise.all(range(24).map((row) => predictor.logits(one(row))));
        expect(opened).toHaveLength(1);
        const across = await Promise.all(range(48).map((row) => predictor.logits(one(row))));
        expect(opened).toHaveLength(2);
        const packed = Object.keys(opened[1]?.files ?? {});
        expect(packed).toContain("classifier.weight");
        expect(packed).not.toContain(bert.wordEmbeddings);
        const again = await Promise.all(range(24).map((row) => predictor.logits(one(row))));
        for (const row of range(24)) {
          for (const [i, logit] of first[row].entries()) {
            expect(Math.abs(across[row][i] - logit)).toBeLessThan(1e-6);
            expect(Math.abs(again[row][i] - logit)).toBeLessThan(1e-6);
          }
        }
        expect(Math.abs(first[0][0] - first[1][0])).toBeGreaterThan(1e-4);
      },
    );
  });

  it("reads weights where they stand for ever where none may be packed", async () => {
    await withPredictor(undefined, async (predictor, opened, parameters) => {
      for (const row of range(40)) await predictor.logits(one(row));
      expect(opened).toHaveLength(1);
      const before = await predictor.logits(one(0));
      parameters.fill(0);
      expect([...(await predictor.logits(one(0)))]).toEqual([0, 0, 0]);
      expect([...before]).not.toEqual([0, 0, 0]);
    });
  });
});
