/** `textune/inference/web`: what it imports, and what it answers in a browser. Needs the build in dist/. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";
import * as ort from "onnxruntime-web";
import { type ModelFiles, openClassifier, type WebInferenceOptions } from "textune/inference/web";
import { build, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Prediction, TextClassifier } from "../../src/index.js";
import { inChromium } from "../support/browser.js";
import { saveTwoLayers } from "../support/two-layers.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const TEXTS = ["A wonderful little film.", "What a waste of time.", "日本語 😀"];
/** With this, probabilities of these texts differ by a thousandth: a wrong token shows. */
const SHARPNESS = 50;
let place: string;
let expected: Prediction[];

beforeAll(async () => {
  // Within the package, so that the page finds it and onnxruntime-web by their names.
  place = mkdtempSync(join(root, "node_modules/.page-"));
  await saveTwoLayers(join(place, "original"), ["bad", "good"], 3, SHARPNESS);
  const classifier = await TextClassifier.fromPretrained(join(place, "original"));
  expected = await classifier.predict(TEXTS);
  mkdirSync(join(place, "public"));
  await classifier.export(join(place, "public/web"), { dtype: "fp32,q8" });
  await classifier.close();
}, 120_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

const changeOf = (answers: readonly Prediction[]): number =>
  Math.max(
    ...answers.flatMap(({ scores }, i) =>
      Object.entries(scores).map(([label, score]) => Math.abs(score - expected[i].scores[label])),
    ),
  );

it("imports nothing of Node.js, and its packages are few", async () => {
  // An import of Node.js would not be found.
  const { metafile, outputFiles } = await bundle({
    entryPoints: [join(root, "dist/classifier/inference-web.js")],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    write: false,
    metafile: true,
  });
  const packages = Object.keys(metafile.inputs).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  expect([...new Set(packages)].sort()).toEqual([
    "@bufbuild/protobuf",
    "@huggingface/tokenizers",
    "@noble/hashes",
    "fastest-levenshtein",
  ]);
  expect(outputFiles[0].contents.length).toBeLessThan(500_000);
});

describe("with the files in memory, as where there is no file system", () => {
  const file = (path: string) => readFileSync(join(place, "public/web", path));
  const description = () => ({
    "config.json": file("config.json"),
    "tokenizer.json": file("tokenizer.json").toString(),
    "tokenizer_config.json": file("tokenizer_config.json"),
  });

  it.each([
    ["fp32", "onnx/model.onnx", 1e-5],
    ["q8", "onnx/model_quantized.onnx", 0.02],
  ] as const)("answers as TextClassifier does: %s", async (_dtype, path, most) => {
    const classifier = await openClassifier({ ...description(), [path]: file(path) }, { ort });
    expect(classifier.labels).toEqual(["bad", "good"]);
    expect(changeOf(await classifier.predict(TEXTS))).toBeLessThan(most);
    const [one] = await classifier.predict([TEXTS[1]]);
    expect(await classifier.predict(TEXTS[1])).toEqual(one);
    await expect(classifier.predict("a", { worker: true })).rejects.toThrow(/worker: expected false, got true/);
    await expect(classifier.predict(5 as unknown as string)).rejects.toMatchObject({ code: "E_USAGE" });
    await classifier.close();
  });

  it.each([
    ["no configuration", { "config.json": undefined }, {}, "E_WEIGHTS", /config\.json: expected a configuration/],
    ["a page in its place", { "config.json": "<!doctype html>" }, {}, "E_WEIGHTS", /config\.json: expected JSON/],
    ["no tokenizer", { "tokenizer.json": undefined }, {}, "E_TOKENIZER", /tokenizer\.json/],
    ["no such dtype", {}, { dtype: "q4" }, "E_CONFIG", /got q4, and no onnx\/model_q4\.onnx there/],
    ["no model", { "onnx/model.onnx": undefined }, {}, "E_CONFIG", /and no onnx\/model\.onnx, /],
    ["a model that is none", { "onnx/model.onnx": Uint8Array.of(1, 2, 3) }, {}, "E_RUNTIME", /a model that it accepts/],
    ["no onnxruntime", {}, { ort: undefined }, "E_CONFIG", /ort: expected the module onnxruntime-web, got undefined/],
  ] as const)("says what is wrong: %s", async (_name, files, options, code, said) => {
    const all: Record<string, unknown> = { ...description(), "onnx/model.onnx": file("onnx/model.onnx"), ...files };
    const opening = openClassifier(all as ModelFiles, { ort, ...options } as WebInferenceOptions);
    await expect(opening).rejects.toMatchObject({ code, message: expect.stringMatching(said) });
  });
});

inChromium((browser) => {
  let server: PreviewServer;
  beforeAll(async () => {
    const document = readFileSync(join(root, "docs/export.md"), "utf8");
    const page = /```html\n([^`]*inference\/web[\s\S]*?)```/.exec(document)?.[1] ?? "";
    expect(page).toContain('dtype: "q8"');
    const anyDtype = page.replace('"q8"', "location.hash.slice(1)").replace("toFixed(4)", "toFixed(7)");
    writeFileSync(join(place, "index.html"), anyDtype);
    await build({ root: place, configFile: false, logLevel: "error", build: { minify: false } });
    server = await preview({ root: place, configFile: false, preview: { port: 0, host: "127.0.0.1" } });
  }, 60_000);
  afterAll(() => server.close());

  it.each([
    ["q8", 0.02],
    ["fp32", 1e-5],
  ])(
    "the page that docs/export.md shows answers as TextClassifier does: %s",
    async (dtype, most) => {
      const tab = await browser().newPage();
      const problems: string[] = [];
      tab.on("pageerror", (error) => problems.push(String(error)));
      await tab.goto(`${server.resolvedUrls?.local[0]}#${dtype}`);
      for (const [i, text] of TEXTS.entries()) {
        await tab.fill("input", text);
        await tab.click("button:enabled");
        const { label, probability } = expected[i];
        const told = async (): Promise<number> => {
          const [name, value] = ((await tab.textContent("output")) ?? "").split(", ");
          return name === label ? Math.abs(Number(value) - probability) : Number.NaN;
        };
        await expect.poll(told, { timeout: 10_000 }).toBeLessThan(most);
      }
      expect(problems).toEqual([]);
      await tab.close();
    },
    60_000,
  );
});
