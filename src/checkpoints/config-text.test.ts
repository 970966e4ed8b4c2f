import { expect, it } from "vitest";
import { configText } from "./config-text.js";

it("writes whole numbers as floats where transformers takes nothing else", () => {
  const config = {
    initializer_cutoff_factor: 2,
    hidden_size: 2,
    norm_eps: 1,
    layer_norm_eps: 1e-12,
    note: "norm_eps: 1",
  };
  expect(configText(config)).toBe(
    '{\n  "initializer_cutoff_factor": 2.0,\n  "hidden_size": 2,\n  "norm_eps": 1.0,\n  "layer_norm_eps": 1e-12,\n  "note": "norm_eps: 1"\n}\n',
  );
  expect(JSON.parse(configText(config))).toEqual(config);
});
