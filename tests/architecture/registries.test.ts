/**
 * What a registry must hold: everything that stands in its folder, once. A record that is not in its registry would be
 * in no generic test, no table and no help.
 */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { CONVERSIONS } from "../../src/checkpoints/conversions/registry.js";
import { KNOWN_MODELS } from "../../src/checkpoints/names/known-models.js";
import { LOSSES } from "../../src/losses/registry.js";
import { METRICS } from "../../src/metrics/registry.js";
import { MODELS } from "../../src/models/registry.js";
import { OPERATORS } from "../../src/ops/registry.js";
import { OPTIMIZER_NAMES, optimizerOf } from "../../src/optimizers/registry.js";

const folder = (name: string): string => fileURLToPath(new URL(`../../src/${name}/`, import.meta.url));

/** The modules of a folder of src/, tests left out. */
async function modulesOf(name: string): Promise<Record<string, Record<string, unknown>>> {
  const files = readdirSync(folder(name), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts"))
    .map((entry) => entry.name);
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [file, (await import(`${folder(name)}${file}`)) as Record<string, unknown>] as const),
    ),
  );
}

const isRecord = (value: unknown, ...fields: readonly string[]): value is { readonly name: string } =>
  typeof value === "object" && value !== null && fields.every((field) => field in value);

const twice = (names: readonly string[]): string[] => names.filter((name, i) => names.indexOf(name) !== i);

describe("operators", () => {
  it("are in the registry exactly once, under names of their own", async () => {
    const exported = Object.values(await modulesOf("ops"))
      .flatMap((module) => Object.entries(module))
      .filter(([, value]) => isRecord(value, "name", "onnx", "infer", "gradient"));
    expect(exported.length).toBeGreaterThan(20);
    expect(new Set(OPERATORS)).toEqual(new Set(exported.map(([, value]) => value)));
    expect(twice(OPERATORS.map(({ name }) => name))).toEqual([]);
    for (const [name, value] of exported) expect((value as { name: string }).name).toBe(name);
  });

  it("have samples, error samples and a source", () => {
    for (const { name, samples, errors, source } of OPERATORS) {
      expect(samples.length, name).toBeGreaterThan(0);
      expect(errors.length, name).toBeGreaterThan(0);
      expect(source, name).toMatch(/\w+/);
    }
  });

  it("are frozen: nobody changes a record at run time", () => {
    for (const op of OPERATORS) expect(Object.isFrozen(op), op.name).toBe(true);
  });
});

describe("models", () => {
  it("with a name are of an architecture that is there", () => {
    const types = MODELS.map(({ modelType }) => modelType);
    for (const { name, architecture } of KNOWN_MODELS) expect(types, name).toContain(architecture);
  });

  it("have a folder each, and each folder is in the registry once", () => {
    const folders = readdirSync(folder("models"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    // A folder is called as its model_type; "distil_bert" would be distil-bert.
    expect(MODELS.map(({ modelType }) => modelType.replaceAll("_", "-")).sort()).toEqual(folders.sort());
    expect(twice(MODELS.map(({ modelType }) => modelType))).toEqual([]);
  });
});

describe("losses", () => {
  it("are in the registry exactly once, with a source and a form at least", async () => {
    const exported = Object.values(await modulesOf("losses"))
      .flatMap((module) => Object.values(module))
      .filter((value) => isRecord(value, "name", "forms", "summary"));
    expect(new Set(LOSSES)).toEqual(new Set(exported));
    expect(LOSSES.length).toBe(exported.length);
    for (const { name, forms, source } of LOSSES) {
      expect(Object.keys(forms).length, name).toBeGreaterThan(0);
      expect(source, name).toMatch(/\w+/);
    }
  });
});

describe("conversions of weights", () => {
  it("are in the registry exactly once, under names of their own", async () => {
    const exported = Object.values(await modulesOf("checkpoints/conversions"))
      .flatMap((module) => Object.values(module))
      .filter((value) => isRecord(value, "name", "rules", "source"));
    expect(exported.length).toBeGreaterThan(3);
    expect(new Set(CONVERSIONS)).toEqual(new Set(exported));
    expect(twice(CONVERSIONS.map(({ name }) => name))).toEqual([]);
  });

  it("have one place for each weight", () => {
    for (const { name, rules } of CONVERSIONS) expect(twice(rules.map(([stored]) => stored)), name).toEqual([]);
  });
});

describe("metrics", () => {
  it("are in the registry exactly once, in the room of what they need", async () => {
    for (const room of ["counts", "scores", "numbers"]) {
      const exported = Object.values(await modulesOf(`metrics/${room}`))
        .flatMap((module) => Object.values(module))
        .filter((value) => isRecord(value, "name", "averaging", "needs"));
      expect(new Set(METRICS.filter(({ needs }) => needs === room))).toEqual(new Set(exported));
    }
    expect(new Set(METRICS).size).toBe(METRICS.length);
  });
});

describe("optimizers", () => {
  it("are in the registry exactly once, under the name of their record", async () => {
    const exported = Object.values(await modulesOf("optimizers"))
      .flatMap((module) => Object.values(module))
      .filter((value) => isRecord(value, "name", "idleRows", "update"));
    expect(new Set(OPTIMIZER_NAMES.map(optimizerOf))).toEqual(new Set(exported));
    for (const name of OPTIMIZER_NAMES) expect(optimizerOf(name).name).toBe(name);
  });
});
