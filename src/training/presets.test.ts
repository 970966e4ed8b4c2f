import { describe, expect, it } from "vitest";
import { resolveTrainingOptions } from "./options.js";
import { openChoices, type PresetFacts, presetChoices } from "./presets.js";

const MINILM: PresetFacts = { rows: 90, validationRows: 10, hiddenSize: 384, layers: 6, isSentenceEncoder: true };
const chosen = (facts: Partial<PresetFacts>, preset: "fast" | "balanced" | "best" = "balanced") =>
  Object.fromEntries(presetChoices(preset, { ...MINILM, ...facts }).map(({ option, value }) => [option, value]));

describe("a preset", () => {
  it("chooses what was measured to be good for 100 rows", () => {
    expect(chosen({})).toEqual({
      ...{ epochs: 10, batchSize: 8, learningRate: 2e-4, layerwiseLrDecay: 0.79, pooling: "mean" },
      loadBestModelAtEnd: false,
    });
  });

  it("passes over more rows fewer times, and takes larger batches of them", () => {
    const sizes = [50, 100, 500, 1000, 5000, 20_000, 100_000, 1_000_000];
    const epochs = sizes.map((rows) => chosen({ rows }).epochs as number);
    expect(epochs).toEqual([12, 10, 6, 5, 3, 2, 2, 2]);
    expect(sizes.map((rows) => chosen({ rows }).batchSize)).toEqual([8, 8, 16, 16, 16, 32, 32, 32]);
    for (const rows of sizes)
      expect(chosen({ rows }, "fast").epochs).toBeLessThanOrEqual(chosen({ rows }, "best").epochs as number);
  });

  it("stops early and keeps the best epoch only where that can be told from luck", () => {
    expect(chosen({ rows: 900, validationRows: 100 })).toMatchObject({ epochs: 5, earlyStoppingPatience: 3 });
    expect(chosen({ rows: 900, validationRows: 100 })).not.toHaveProperty("loadBestModelAtEnd");
    expect(chosen({ validationRows: 0 })).not.toHaveProperty("loadBestModelAtEnd");
  });

  it("averages the best epochs where it takes its time, and these can be told", () => {
    expect(chosen({ rows: 900, validationRows: 100 }, "best")).toMatchObject({ epochs: 8, greedySoup: 3 });
    expect(chosen({ rows: 900, validationRows: 100 })).not.toHaveProperty("greedySoup");
    expect(chosen({}, "best")).not.toHaveProperty("greedySoup");
  });

  it("lets wide models learn slower, and the embeddings at a fifth of the head's rate at any depth", () => {
    expect([128, 384, 768, 1024].map((hiddenSize) => chosen({ hiddenSize }).learningRate)).toEqual([
      2e-4, 2e-4, 5e-5, 2e-5,
    ]);
    for (const layers of [2, 6, 12, 24])
      expect((chosen({ layers }).layerwiseLrDecay as number) ** (layers + 1)).toBeCloseTo(0.2, 1);
  });

  it("gives options that training takes", () => {
    for (const preset of ["fast", "balanced", "best"] as const) {
      const { pooling: _, ...options } = chosen({ rows: 5000, validationRows: 500 }, preset);
      expect(() => resolveTrainingOptions(options)).not.toThrow();
    }
  });

  it("leaves what is given, and what hangs together with it", () => {
    const open = (given: Record<string, unknown>, facts: Partial<PresetFacts> = {}): string[] =>
      openChoices(presetChoices("balanced", { ...MINILM, ...facts }), given).map(({ option }) => option);
    const all = ["epochs", "batchSize", "learningRate", "layerwiseLrDecay", "pooling", "loadBestModelAtEnd"];
    expect(open({})).toEqual(all);
    expect(open({ epochs: 3 })).toEqual(all.slice(1));
    expect(open({ hiddenLayers: [64] })).not.toContain("pooling");
    expect(open({ lora: true })).toEqual(["epochs", "batchSize", "pooling", "loadBestModelAtEnd"]);
    expect(open({ mode: "linear" })).toEqual([]);
    expect(open({ optim: "sgd" })).not.toContain("learningRate");
    for (const given of [{ metricForBestModel: "accuracy" }, { greedySoup: 2 }])
      expect(open(given)).not.toContain("loadBestModelAtEnd");
    expect(open({ loadBestModelAtEnd: false }, { rows: 900, validationRows: 100 })).not.toContain(
      "earlyStoppingPatience",
    );
  });
});
