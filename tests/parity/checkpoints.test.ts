/** Checkpoints go both ways between Textune and transformers: the same files, the same token ids, the same logits. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TextClassifier } from "../../src/classifier/node/text-classifier.js";
import type { FromPretrainedOptions } from "../../src/classifier/open-classifier.js";
import { classify, goldenCheckpoints, writeVariant } from "../support/golden-checkpoints.js";
import { startHub } from "../support/hub-server.js";

const { labels, texts, tokenIds, variants } = goldenCheckpoints;
const TOLERANCE = 1e-5;

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune checkpoints "));
});
afterAll(() => rm(place, { recursive: true, force: true }));

function largestDifference(actual: Float32Array, wanted: readonly (readonly number[])[]): number {
  const flat = wanted.flat();
  expect(actual.length).toBe(flat.length);
  return Math.max(...flat.map((value, i) => Math.abs(actual[i] - value)));
}

describe("what transformers wrote", () => {
  const withHead = variants.filter(({ logits }) => logits !== undefined).map(({ name }) => name);

  it.each(withHead)("has transformers' token ids and logits: %s", async (name) => {
    const folder = join(place, name);
    const { logits } = await writeVariant(name, folder);
    const result = await classify(folder, texts, labels.length);
    expect(result.tokenIds).toEqual(tokenIds);
    expect(largestDifference(result.logits, logits ?? [])).toBeLessThan(TOLERANCE);
    expect(result.report.created).toEqual([]);
  });

  it.each(Object.entries(goldenCheckpoints.pairs))(
    "has transformers' scores of pairs, cut %s",
    async (truncation, pairs) => {
      const folder = join(place, `pairs ${truncation}`);
      await writeVariant("float32", folder);
      const config = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as object;
      await writeFile(join(folder, "config.json"), JSON.stringify({ ...config, textune: { truncation } }));
      const examples = pairs.rows.map((row) => ({ text: texts[row], textPair: texts[(row + 1) % texts.length] }));
      const scores = async (source: string): Promise<number[][]> => {
        await using classifier = await TextClassifier.fromPretrained(source, { threads: 1 });
        await classifier.save(join(place, `pairs saved ${truncation}`));
        return (await classifier.predict(examples)).map(({ scores }) => labels.map((label) => scores[label]));
      };
      const found = Float32Array.from((await scores(folder)).flat());
      const wanted = pairs.logits.map((logits) => {
        const powers = logits.map((logit) => Math.exp(logit));
        return powers.map((power) => power / powers.reduce((sum, one) => sum + one));
      });
      expect(largestDifference(found, wanted)).toBeLessThan(TOLERANCE);
      expect(Float32Array.from((await scores(join(place, `pairs saved ${truncation}`))).flat())).toEqual(found);
    },
  );

  it("tells the variants apart: rounding to half moves logits by more than the tolerance", () => {
    const [exact, half] = variants.map(({ logits }) => logits ?? []);
    expect(largestDifference(Float32Array.from(exact.flat()), half)).toBeGreaterThan(5 * TOLERANCE);
  });

  it("says which weights of a checkpoint of pre-training it leaves out", async () => {
    const folder = join(place, "ignored");
    await writeVariant("names of TensorFlow", folder);
    const { report } = await classify(folder, texts, labels.length);
    expect([...report.ignored].sort()).toEqual(["bert.embeddings.position_ids", "cls.seq_relationship.weight"]);
    expect(report.found).toContain("bert.embeddings.LayerNorm.gamma");
  });

  it.each([
    ["without prefix and head", ["classifier.bias", "classifier.weight"]],
    ["without pooler", ["bert.pooler.dense.bias", "bert.pooler.dense.weight", "classifier.bias", "classifier.weight"]],
  ])("reads an encoder bit for bit and makes what is missing: %s", async (name, missing) => {
    const folder = join(place, name);
    const whole = join(place, `${name} whole`);
    await writeVariant(name, folder);
    await writeVariant("float32", whole);
    const encoder = await classify(folder, texts, labels.length);
    const { weights } = await classify(whole, texts, labels.length);
    expect([...encoder.report.created].sort()).toEqual(missing);
    for (const [parameter, values] of weights) {
      const same = Buffer.compare(bytesOf(values), bytesOf(encoder.weights.get(parameter) as Float32Array)) === 0;
      expect(same, parameter).toBe(!missing.includes(parameter));
    }
  });
});

it("comes from the hub as from a folder, and again without it", async () => {
  const folder = join(place, "of the hub");
  const cacheDir = join(place, "cache");
  await writeVariant("several files", folder);
  const files = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  const hub = await startHub({ id: "someone/tiny", files });
  const scoresOf = async (source: string, options: FromPretrainedOptions) => {
    const classifier = await TextClassifier.fromPretrained(source, { ...options, threads: 1 });
    const predictions = await classifier.predict([...texts]);
    await classifier.close();
    return predictions;
  };
  const wanted = await scoresOf(folder, {});
  expect(await scoresOf("someone/tiny", { endpoint: hub.url, cacheDir })).toEqual(wanted);
  await hub.close();
  expect(await scoresOf("someone/tiny", { cacheDir, offline: true })).toEqual(wanted);
});

describe("what Textune wrote", () => {
  const golden = JSON.parse(
    readFileSync(new URL("../golden/saved-classifier.json", import.meta.url), "utf8"),
  ) as Record<"labels" | "problems", string[]> & {
    /** Of each file that transformers read, but of the configuration, which stands there as it was. */
    sha256: Record<string, string>;
    config: object;
    dtype: string;
    logits: number[][];
    maxLength: number;
  };

  it("is what transformers read, with the same logits", async () => {
    const source = join(place, "to save");
    const folder = join(place, "saved");
    await writeVariant("float16", source);
    const classifier = await TextClassifier.fromPretrained(source, { threads: 1 });
    await classifier.save(folder);
    // What transformers said below, it said of these very files.
    const { textune: _, ...config } = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
    expect(config).toEqual(golden.config);
    const others = readdirSync(folder).filter((name) => name !== "config.json");
    const digests = others.map((name) => {
      const digest = createHash("sha256").update(readFileSync(join(folder, name)));
      return [name, digest.digest("hex")] as const;
    });
    expect(Object.fromEntries(digests)).toEqual(golden.sha256);
    expect(golden.problems).toEqual([]);
    const result = await classify(folder, texts, labels.length);
    expect(largestDifference(result.logits, golden.logits)).toBeLessThan(TOLERANCE);
    // The source was float16; a reader that keeps to config.json must not round the weights again.
    expect([golden.dtype, config.dtype, config.torch_dtype]).toEqual(["torch.float32", "float32", "float32"]);

    const reopened = await TextClassifier.fromPretrained(folder, { threads: 1 });
    expect(reopened.labels).toEqual(golden.labels);
    expect(reopened.maxLength).toBe(golden.maxLength);
    const [{ scores }] = await reopened.predict([texts[0]]);
    const powers = golden.logits[0].map(Math.exp);
    const sum = powers.reduce((total, power) => total + power, 0);
    for (const [id, label] of golden.labels.entries()) expect(scores[label]).toBeCloseTo(powers[id] / sum, 5);
    await reopened.close();
    await classifier.close();
  });
});

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
