import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { resolveOptions } from "../base/resolve-options.js";
import { trainingOptions } from "../training/options.js";
import { addOptions, checkConfig, givenOptions, kebabCase } from "./option-schema.js";

const fields = {
  learningRate: z.number().positive().default(5e-5).describe("highest learning rate"),
  adamBeta1: z.number().min(0).lt(1).default(0.9).describe("decay"),
  groupByLength: z.boolean().default(true).describe("make batches of texts of like length"),
  offline: z.boolean().default(false).describe("use what is there"),
  header: z.boolean().optional().describe("take the first row for names"),
  schedule: z.enum(["linear", "cosine"]).default("linear").describe("schedule"),
  text: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe("column"),
  label: z
    .union([z.union([z.string(), z.array(z.string())]), z.literal(false).describe("no labels")])
    .optional()
    .describe("column of labels"),
};
const schema = z.strictObject(fields);
const groups = [{ title: "All:", fields }];

function parse(...args: string[]): Record<string, unknown> {
  const command = new Command("test").exitOverride().configureOutput({ outputError: () => {} });
  addOptions(command, groups);
  command.parse(args, { from: "user" });
  return givenOptions(command, groups);
}

describe("options on the command line", () => {
  it("are only those that were written, in the types of the schema", () => {
    expect(parse()).toEqual({});
    expect(parse("--learning-rate", "1e-4", "--offline", "--adam-beta1", "0.8")).toEqual({
      learningRate: 1e-4,
      offline: true,
      adamBeta1: 0.8,
    });
  });

  it("switch booleans off and on, and repeat lists", () => {
    expect(parse("--no-group-by-length", "--no-header")).toEqual({ groupByLength: false, header: false });
    expect(parse("--group-by-length", "--header")).toEqual({ groupByLength: true, header: true });
    expect(parse("--text", "title", "--text", "body")).toEqual({ text: ["title", "body"] });
    expect(parse("--label", "red", "--label", "blue")).toEqual({ label: ["red", "blue"] });
    expect(parse("--label", "red", "--no-label")).toEqual({ label: false });
    expect(parse("--no-label", "--label", "red")).toEqual({ label: "red" });
  });

  it.each([
    [["--learning-rate", "fast"], '--learning-rate: expected a number, got "fast"'],
    [["--learning-rate", "NaN"], '--learning-rate: expected a number, got "NaN"'],
    [["--learning-rate", ""], '--learning-rate: expected a number, got ""'],
    [["--learning-rate", "-1"], "--learning-rate: expected a number above 0, got -1"],
    [["--adam-beta1", "1"], "--adam-beta1: expected a number below 1, got 1"],
    [["--schedule", "linaer"], '--schedule: expected one of linear, cosine, got "linaer"; did you mean "linear"?'],
  ])("%j is wrong", (args, message) => {
    expect(() => parse(...args)).toThrow(expect.objectContaining({ code: "E_CONFIG", message }));
  });

  it("give every training option a flag that comes back under its own name", () => {
    const command = new Command("test");
    const all = [{ title: "Training:", fields: trainingOptions.shape }];
    addOptions(command, all);
    const defaults = trainingOptions.parse({});
    for (const [name, value] of Object.entries(defaults)) {
      const one = new Command("one").exitOverride();
      addOptions(one, all);
      const flag = `--${kebabCase(name)}`;
      one.parse(typeof value === "boolean" ? [flag] : [flag, String(value)], { from: "user" });
      expect(givenOptions(one, all)).toEqual({ [name]: typeof value === "boolean" ? true : value });
    }
  });
});

describe("configuration files", () => {
  it("take the same names and values", () => {
    expect(checkConfig({ learningRate: 1e-4, text: "body" }, groups, "run.json")).toEqual({
      learningRate: 1e-4,
      text: "body",
    });
  });

  it.each([
    [
      { learning_rate: 1 },
      'run.json, "learning_rate": expected the name of an option, got an unknown one; did you mean "learningRate"?',
    ],
    [{ offline: "yes" }, 'run.json, "offline": expected true or false, got "yes"'],
    [{ learningRate: 0 }, 'run.json, "learningRate": expected a number above 0, got 0'],
  ])("refuse %j", (config, message) => {
    expect(() => checkConfig(config, groups, "run.json")).toThrow(
      expect.objectContaining({ code: "E_CONFIG", message }),
    );
  });
});

it("fills in defaults, and leaves options of other schemas alone", () => {
  expect(resolveOptions(schema.strip(), { offline: true, other: 1 })).toMatchObject({
    offline: true,
    learningRate: 5e-5,
    groupByLength: true,
  });
});
