/** `textune/inference`: what it answers, what it loads and how long that takes. Needs the build in dist/. */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openClassifier } from "textune/inference";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TextClassifier } from "../../src/index.js";
import { saveTwoLayers } from "../support/two-layers.js";

const entry = new URL("../../dist/classifier/node/inference.js", import.meta.url);
const TEXTS = ["A wonderful little film.", "What a waste of time."];
let place: string;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune inference "));
  await saveTwoLayers(join(place, "trained"), ["bad", "good"]);
  const classifier = await TextClassifier.fromPretrained(join(place, "trained"));
  await classifier.export(join(place, "exported"), { dtype: "fp32,q8" });
  await classifier.close();
}, 120_000);
afterAll(() => rm(place, { recursive: true, force: true }));

it.each(["trained", "exported"])("answers as TextClassifier does: a folder that was %s", async (name) => {
  const whole = await TextClassifier.fromPretrained(join(place, name));
  const light = await openClassifier(join(place, name));
  expect(light.labels).toEqual(["bad", "good"]);
  expect(light.maxLength).toBe(whole.maxLength);
  expect(await light.predict(TEXTS)).toEqual(await whole.predict(TEXTS));
  expect(await light.predict(TEXTS[1])).toEqual(await whole.predict(TEXTS[1]));
  expect(await light.predict(TEXTS, { worker: true })).toEqual(await whole.predict(TEXTS, { worker: true }));
  await expect(light.predict(5 as unknown as string)).rejects.toMatchObject({ code: "E_USAGE" });
  await light.close();
  await whole.close();
});

it("opens the model that is asked for, and says what else there is", async () => {
  const small = await openClassifier(join(place, "exported"), { dtype: "q8" });
  expect((await small.predict(TEXTS))[0].label).toMatch(/bad|good/);
  await small.close();
  await expect(openClassifier(join(place, "exported"), { dtype: "q4" })).rejects.toMatchObject({
    message: expect.stringContaining("fp32, q8"),
  });
  await expect(openClassifier("owner/model-of-the-hub")).rejects.toMatchObject({ code: "E_WEIGHTS" });
});

/** What a process prints that loads the entry and does `more`. */
function loaded(more: string): string {
  const code = `const began = process.cpuUsage(); await import(${JSON.stringify(entry.href)}); const took = process.cpuUsage(began); ${more}`;
  const flags = ["--input-type=module", "--experimental-loader", LOADER, "--no-warnings", "--eval", code];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    more.includes("took") ? ["--input-type=module", "--eval", code] : flags,
  );
  expect(stderr.toString()).not.toMatch(/Error/);
  return stdout.toString();
}

/** Prints the address of every module that is loaded. */
const LOADER = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from "node:fs";
   export async function load(url, context, next) { writeSync(1, url + "\\n"); return next(url, context); }`,
)}`;

it("loads nothing that only reads data, draws or downloads", () => {
  const packages = new Set([...loaded("").matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)].map(([, name]) => name));
  expect(packages).toContain("@huggingface/tokenizers");
  for (const name of [
    "@duckdb/node-api",
    "vega",
    "vega-lite",
    "@resvg/resvg-js",
    "@huggingface/hub",
    "libsql",
    "pg",
    "undici",
    "hono",
    "commander",
    "yauzl",
    "string-width",
  ])
    expect([...packages]).not.toContain(name);
});

it("is loaded in some 150 ms of processor time", () => {
  const took = Array.from({ length: 5 }, () => Number(loaded("console.log((took.user + took.system) / 1000)")));
  // Three times that, as others may be at work on the machine.
  expect(Math.min(...took)).toBeLessThan(450);
});
