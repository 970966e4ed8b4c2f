import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { cachedFeatures } from "./feature-cache.js";

const place = mkdtempSync(join(tmpdir(), "textune feature cache "));
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Features of two texts from the folder `name`, and how often they were computed. */
function cache(name: string) {
  let computed = 0;
  const folder = join(place, name);
  const features = (fingerprint = "texts", model = "model", length = 2) =>
    cachedFeatures(folder, { fingerprint, length }, model, async () => {
      computed++;
      return { values: Float32Array.of(3, 4, 0, 2).subarray(0, 2 * length), width: 2 };
    });
  return { folder, features, computed: () => computed };
}
/** Of length 1. */
const UNIT = { values: Float32Array.of(0.6, 0.8, 0, 1), width: 2 };

it("computes the features of the same texts by the same model once", async () => {
  const { features, computed } = cache("once");
  expect(await features()).toEqual(UNIT);
  expect(await features()).toEqual(UNIT);
  expect(computed()).toBe(1);
  await features("other texts");
  await features("texts", "another model");
  expect(computed()).toBe(3);
});

it.each([
  ["cut off", (bytes: Buffer) => bytes.subarray(0, 11)],
  ["of fewer texts", (bytes: Buffer) => bytes.subarray(0, 12)],
  ["empty", () => Buffer.alloc(0)],
])("computes them anew where the file is %s, and mends it", async (name, damage) => {
  const { folder, features, computed } = cache(name);
  await features();
  const [file] = readdirSync(folder);
  const path = join(folder, file as string);
  writeFileSync(path, damage(readFileSync(path)));
  expect(await features()).toEqual(UNIT);
  expect(await features()).toEqual(UNIT);
  expect(computed()).toBe(2);
  expect(readdirSync(folder)).toEqual([file]);
});

it("gives the features though they cannot be kept", async () => {
  writeFileSync(join(place, "file"), "");
  const { features, computed } = cache("file");
  expect(await features()).toEqual(UNIT);
  expect(computed()).toBe(1);
});
