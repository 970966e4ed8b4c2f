/** A small random classifier of every architecture attributes its logits to tokens as PyTorch's gradients do. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nodeRuntime } from "../../src/runtime/node/onnxruntime.js";
import { lengthOf } from "../../src/tokenizing/tokenized-texts.js";
import { ATTRIBUTION_METHODS, type AttributionMethod, attributeTokens } from "../../src/training/attribute-tokens.js";
import { openTokenGradients } from "../../src/training/token-gradients.js";
import { goldenArchitecture } from "../support/golden-architectures.js";

type Row = { readonly value: number; readonly baselineValue: number } & Readonly<
  Record<AttributionMethod, readonly number[]>
>;
const golden = JSON.parse(readFileSync(new URL("../golden/attributions.json", import.meta.url), "utf8")) as {
  readonly points: number;
  readonly class: number;
  readonly architectures: Readonly<Record<string, readonly Row[]>>;
};
const TOLERANCE = 1e-4;
const SPECIAL = [1, 2];

describe.each(Object.entries(golden.architectures))("%s", (name, rows) => {
  const { model, config, weights, texts, padId } = goldenArchitecture(name);

  it("has PyTorch's attributions", async () => {
    const graph = { model, config, outputs: 3 };
    const gradients = await openTokenGradients({ runtime: nodeRuntime, graph, weights, threads: 1 });
    const table = weights.get(model.wordEmbeddings) as Float32Array;
    const width = table.length / model.sizes(config).vocabularySize;
    for (const [row, wanted] of rows.entries()) {
      const start = texts.offsets[row];
      const ids = texts.ids.slice(start, start + lengthOf(texts, row));
      const baseline = ids.map((id) => (SPECIAL.includes(id) ? id : padId));
      const secondStart = texts.secondStarts?.[row] ?? ids.length;
      for (const method of ATTRIBUTION_METHODS) {
        const { scores, value, baselineValue } = await attributeTokens(
          gradients,
          table,
          width,
          { ids, baseline, secondStart },
          { method, steps: golden.points, padId, outputWeights: Float32Array.of(0, 1, 0) },
        );
        expect(Math.abs(value - wanted.value)).toBeLessThan(TOLERANCE);
        expect(Math.abs(baselineValue - wanted.baselineValue)).toBeLessThan(TOLERANCE);
        for (const [t, score] of wanted[method].entries())
          expect(Math.abs(scores[t] - score), `${method}, row ${row}, token ${t}`).toBeLessThan(TOLERANCE);
      }
    }
    await gradients.close();
  });
});
