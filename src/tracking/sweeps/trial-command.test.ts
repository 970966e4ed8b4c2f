import { expect, it } from "vitest";
import { metricIn, namesOfMetric, seriesOfMetric } from "./metric-values.js";
import { trialCommand } from "./trial-command.js";

const source = {
  config: { learning_rate: 1e-4, cased: true, flat: false, optimizer: { name: "sgd" } },
  argsFile: "/tmp/args.json",
  environment: { DATA: "/data" },
};
const of = (name: string): string => `\${${name}}`;

it("writes W&B's command: env, interpreter, program, args", () => {
  const args = ["--learning_rate=0.0001", "--cased=True", "--flat=False", '--optimizer={"name":"sgd"}'];
  expect(trialCommand({ ...source, program: "train.py" })).toEqual(["/usr/bin/env", "python", "train.py", ...args]);
  expect(trialCommand({ ...source, program: "train.js" }).slice(1)).toEqual([process.execPath, "train.js", ...args]);
});

it("expands each of W&B's words, and variables of the environment", () => {
  const expand = (...command: string[]): string[] => trialCommand({ ...source, program: "p", command });
  expect(expand("run", of("program"))).toEqual(["run", "p"]);
  expect(expand(of("args_no_hyphens"))[0]).toBe("learning_rate=0.0001");
  expect(expand(of("args_no_boolean_flags"))).toEqual([
    "--learning_rate=0.0001",
    "--cased",
    '--optimizer={"name":"sgd"}',
  ]);
  expect(expand(of("args_json")).map((text) => JSON.parse(text))).toEqual([source.config]);
  expect(expand(of("args_json_file"))).toEqual(["/tmp/args.json"]);
  expect(expand(`--data=${of("envvar:DATA")}/x`)).toEqual(["--data=/data/x"]);
  expect(() => expand(of("arguments"))).toThrow(/command: expected env, interpreter.*got \$\{arguments\}/);
  expect(() => trialCommand(source)).toThrow(/expected a program/);
});

it("finds metrics by the names that Keras, W&B and Hugging Face give them", () => {
  expect(namesOfMetric("val_loss")).toEqual(["val_loss", "validation/loss"]);
  expect(namesOfMetric("eval/macro_f1")).toEqual(["eval/macro_f1", "validation/macroF1"]);
  expect(namesOfMetric("val_f1")).toEqual(["val_f1", "validation/macroF1"]);
  expect(seriesOfMetric("best/macroF1")).toEqual(["best/macroF1", "validation/macroF1"]);
  expect(metricIn({ "validation/loss": 0.5 }, "val_loss")).toBe(0.5);
  expect(metricIn({ loss: "NaN" }, "loss")).toBeNaN();
  expect(metricIn({ loss: "low" }, "loss")).toBeUndefined();
});
