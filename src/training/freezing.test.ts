import { describe, expect, it } from "vitest";
import { TINY_CONFIG, tinyGraph } from "../../tests/support/tiny-bert.js";
import { type FreezeOptions, firstEpochs } from "./freezing.js";
import { parameterGroups } from "./parameter-groups.js";

const { parameters } = tinyGraph();
const LAYERS = TINY_CONFIG.num_hidden_layers;

/** The first epoch of a parameter of the embeddings, of both layers, the pooler and the head. */
function epochsOf(options: FreezeOptions): number[] {
  const firstEpochOf = firstEpochs(parameters, LAYERS, options);
  return [
    "bert.embeddings.LayerNorm.bias",
    "bert.encoder.layer.0.attention.self.query.weight",
    "bert.encoder.layer.1.output.dense.bias",
    "bert.pooler.dense.weight",
    "classifier.weight",
  ].map((name) => firstEpochOf(parameters.find((one) => one.name === name) as (typeof parameters)[0]));
}

describe("freeze", () => {
  const never = Infinity;
  it.each<[FreezeOptions, number[]]>([
    [{ freeze: "none" }, [1, 1, 1, 1, 1]],
    [{ freeze: "embeddings" }, [never, 1, 1, 1, 1]],
    [{ freeze: "1" }, [never, never, 1, 1, 1]],
    [{ freeze: 2 }, [never, never, never, 1, 1]],
    [{ freeze: "encoder" }, [never, never, never, 1, 1]],
    [{ freeze: "/query|pooler/" }, [1, never, 1, never, 1]],
    [{ freeze: "encoder", unfreezeAfter: 2 }, [3, 3, 3, 1, 1]],
    [{ freeze: "encoder", unfreezeAfter: 2, unfreezeLayersPerEpoch: 1 }, [5, 4, 3, 1, 1]],
    [{ freeze: "encoder", unfreezeAfter: 1, unfreezeLayersPerEpoch: 2 }, [3, 2, 2, 1, 1]],
    [{ freeze: "1", unfreezeAfter: 1, unfreezeLayersPerEpoch: 1 }, [3, 2, 1, 1, 1]],
  ])("of %o trains embeddings, layers, pooler and head from these epochs on", (options, expected) => {
    expect(epochsOf(options)).toEqual(expected);
  });

  it.each([
    ["3", "option freeze: expected at most 2 layers, got 3"],
    ["/nothing/", "option freeze: expected a pattern that some parameter's name matches, got /nothing/"],
    ["/./", "option freeze: expected something left to train, got /./, which is everything"],
  ])("refuses %s", (freeze, message) => {
    expect(() => epochsOf({ freeze })).toThrow(message);
  });
});

describe("parameterGroups", () => {
  const scaleOf = (name: string, options: Omit<Parameters<typeof parameterGroups>[1], "weightDecay">) =>
    parameterGroups(parameters, { weightDecay: 0.1, ...options }).find((group) =>
      group.parameters.some((one) => one.name === name),
    )?.rateScale;

  it("gives each layer its share of the rate of the one above, and the head its own", () => {
    // BEiT's assigner: decay ** (layers + 1 - id), with id 0 of the embeddings, 1 ... L of the layers, L + 1 above.
    const options = { learningRate: 2e-5, headLearningRate: 1e-3, layerwiseLrDecay: 0.5 };
    expect(scaleOf("bert.embeddings.word_embeddings.weight", options)).toBe(0.125);
    expect(scaleOf("bert.encoder.layer.0.output.LayerNorm.weight", options)).toBe(0.25);
    expect(scaleOf("bert.encoder.layer.1.output.dense.weight", options)).toBe(0.5);
    expect(scaleOf("bert.pooler.dense.weight", options)).toBe(1);
    expect(scaleOf("classifier.bias", options)).toBeCloseTo(50, 10);
    expect(scaleOf("classifier.bias", { layerwiseLrDecay: 0.5 })).toBe(1);
  });

  it("holds every trained parameter once, decayed ones first, and only what is trained from one epoch on together", () => {
    const firstEpochOf = firstEpochs(parameters, LAYERS, { freeze: "1", unfreezeAfter: 1 });
    const groups = parameterGroups(parameters, { weightDecay: 0.1, firstEpochOf });
    const names = groups.flatMap((group) => group.parameters.map(({ name }) => name));
    expect([...names].sort()).toEqual(parameters.map(({ name }) => name).sort());
    expect(groups.map(({ weightDecay }) => weightDecay)).toEqual([0.1, 0.1, 0, 0]);
    for (const group of groups) {
      expect(new Set(group.parameters.map(firstEpochOf)).size).toBe(1);
      for (const { name, decay } of group.parameters) {
        expect(decay).toBe(group.weightDecay > 0);
        expect(decay, name).toBe(!/bias$|LayerNorm/.test(name));
      }
    }
    const frozen = firstEpochs(parameters, LAYERS, { freeze: "encoder" });
    const left = parameterGroups(parameters, { weightDecay: 0.1, firstEpochOf: frozen });
    expect(left.flatMap((group) => group.parameters.map(({ name }) => name)).sort()).toEqual([
      "bert.pooler.dense.bias",
      "bert.pooler.dense.weight",
      "classifier.bias",
      "classifier.weight",
    ]);
  });
});
