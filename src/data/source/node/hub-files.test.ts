import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { COMMIT, type HubServer, startHub } from "../../../../tests/support/hub-server.js";
import { readDataset } from "../../dataset/node/read-dataset.js";
import type { ReadOptions } from "../../dataset/node/read-options.js";

let cacheDir = "";
let hub: HubServer | undefined;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), "textune hub "));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub?.close();
  hub = undefined;
  await rm(cacheDir, { recursive: true, force: true });
});

/** Files that hold their own name as text. */
const named = (...paths: readonly string[]): Record<string, Buffer> =>
  Object.fromEntries(paths.map((path) => [path, Buffer.from(`text,label\n${path},x\n`)]));
const offer = async (
  files: Record<string, Buffer>,
  more: { readonly converted?: Record<string, Buffer>; readonly token?: string } = {},
): Promise<void> => {
  hub = await startHub({ id: "me/films", type: "dataset", files, ...more });
};
const texts = async (options: ReadOptions = {}): Promise<string[]> => {
  const dataset = await readDataset("hf://me/films", { endpoint: hub?.url, cacheDir, ...options });
  return [...dataset].map((row) => row.text);
};

describe("a data set of the hub", () => {
  it("is read by its split, under the names that splits go by", async () => {
    await offer(named("data/train-0.csv", "data/test-00000-of-00002.csv", "data/test-00001-of-00002.csv", "dev.csv"));
    expect(await texts()).toEqual(["data/train-0.csv"]);
    expect(await texts({ split: "test" })).toEqual(["data/test-00000-of-00002.csv", "data/test-00001-of-00002.csv"]);
    expect(await texts({ split: "validation" })).toEqual(["dev.csv"]);
    await expect(texts({ split: "final" })).rejects.toMatchObject({
      option: "split",
      message: expect.stringMatching(/data set me\/films: expected files of the split "final", got "data\/test/),
    });
  });

  it("is one split, called train, where no name says anything", async () => {
    await offer(named("films.csv"));
    expect(await texts()).toEqual(["films.csv"]);
    await expect(texts({ split: "test" })).rejects.toMatchObject({ option: "split" });
  });

  it.each([
    ["en-US", "en-US/train.csv"],
    ["sst_2", "sst_2/train.csv"],
    ["plain_text", "x.plain_text.train.csv"],
  ])("is read by its configuration %s", async (config, path) => {
    await offer(named("en-US/train.csv", "sst_2/train.csv", "en/train.csv", "x.plain_text.train.csv"));
    await expect(texts()).rejects.toMatchObject({ option: "config" });
    expect(await texts({ config })).toEqual([path]);
  });

  const README = (yaml: string): Record<string, Buffer> => ({
    "README.md": Buffer.from(`---\nlicense: mit\n${yaml}\n---\n# Films\n`),
  });

  it("is read by the configurations of its README", async () => {
    const files = named("a/one.csv", "a/two.csv", "b/deep/er/three.csv", "b/four.csv", "extra.csv");
    await offer({
      ...files,
      ...README(`configs:
- config_name: short
  default: true
  data_files:
  - split: train
    path: ["a/o*.csv", extra.csv]
  - split: test
    path: a/two.csv
- config_name: long
  data_dir: b
  data_files:
    train: "**/*.csv"
    held_out: fo?r.csv
- config_name: names
  data_dir: a`),
    });
    expect(await texts()).toEqual(["a/one.csv", "extra.csv"]);
    expect(await texts({ split: "test" })).toEqual(["a/two.csv"]);
    expect(await texts({ config: "long" })).toEqual(["b/deep/er/three.csv", "b/four.csv"]);
    expect(await texts({ config: "long", split: "held_out" })).toEqual(["b/four.csv"]);
    expect(await texts({ config: "names" })).toEqual(["a/one.csv", "a/two.csv"]);
    await expect(texts({ config: "lang" })).rejects.toMatchObject({
      option: "config",
      message: expect.stringMatching(/short.*long/s),
    });
    await expect(texts({ split: "dev" })).rejects.toMatchObject({
      option: "split",
      message: expect.stringMatching(/train.*test/s),
    });
    expect(await texts({ offline: true })).toEqual(["a/one.csv", "extra.csv"]);
  });

  it("with one list of files has a split called train, and a README that is no YAML says nothing", async () => {
    await offer({ ...named("x.csv", "test.csv"), ...README("configs:\n- data_files: '*.csv'") });
    expect(await texts()).toEqual(["test.csv", "x.csv"]);
    await hub?.close();
    await rm(cacheDir, { recursive: true });
    await offer({ ...named("x.csv", "test.csv"), ...README("configs: [: -\n\t- {") });
    expect(await texts({ split: "test" })).toEqual(["test.csv"]);
  });

  it("is read by a split with a hyphen", async () => {
    await offer(named("train.csv", "train-extra.csv", "data/test_matched/0.csv"));
    expect(await texts({ split: "train-extra" })).toEqual(["train-extra.csv"]);
    expect(await texts({ split: "test_matched" })).toEqual(["data/test_matched/0.csv"]);
  });

  it("stays in the cache of Hugging Face's tools, and is read from there where the hub is out of reach", async () => {
    await offer(named("train-00000-of-00002.csv", "train-00001-of-00002.csv"));
    const all = await texts();
    expect(all).toHaveLength(2);
    await texts();
    expect(hub?.downloads).toHaveLength(2);
    expect(await texts({ endpoint: "http://127.0.0.1:9" })).toEqual(all);
    expect(await texts({ offline: true })).toEqual(all);
    await rm(join(cacheDir, "datasets--me--films", "snapshots", COMMIT, "train-00001-of-00002.csv"));
    await expect(texts({ offline: true })).rejects.toThrow(/expected 2 files in the cache.*got 1/);
  });

  it('needs a token where it is private, that of "hf auth login" too', async () => {
    await offer(named("train.csv"), { token: "hf_secret" });
    vi.stubEnv("HF_TOKEN", "");
    vi.stubEnv("HF_HOME", cacheDir);
    await expect(texts()).rejects.toMatchObject({ code: "E_HUB", message: expect.stringContaining("HF_TOKEN") });
    await mkdir(cacheDir, { recursive: true });
    await writeFile(join(cacheDir, "token"), "hf_secret\n");
    expect(await texts()).toEqual(["train.csv"]);
  });

  it("stops on request", async () => {
    await offer(named("train.csv"));
    const stop = AbortSignal.abort();
    await expect(texts({ signal: stop })).rejects.toMatchObject({ code: "E_ABORTED" });
  });

  it("needs a name, and is missed in one line", async () => {
    await offer(named("train.csv"));
    for (const [address, got] of [
      ["hf://", "no name"],
      ["hf://me/films/train", '"me/films/train"'],
    ] as const)
      await expect(readDataset(address)).rejects.toThrow(
        `${address}: expected a data set of the hub, as in hf://owner/name, got ${got}; say which split`,
      );
    await expect(readDataset("hf://me/none", { endpoint: hub?.url, cacheDir })).rejects.toThrow(
      /^me\/none \(revision "main"\): expected a data set on the hub, got none/,
    );
    await expect(texts({ endpoint: "http://127.0.0.1:1" })).rejects.toThrow(/got no connection \(bad port\)/);
  });
});

describe("the Parquet files that a hub makes of a data set", () => {
  // What stands in them is read by its beginning, so that a name of Parquet need not hold Parquet here.
  const script = { "films.py": Buffer.from("import datasets"), "dataset_infos.json": Buffer.from("{}") };

  it("are read where the data set has no file of its own that can be", async () => {
    await offer(script, { converted: named("default/train/0000.csv", "default/test/0000.csv") });
    expect(await texts()).toEqual(["default/train/0000.csv"]);
    expect(await texts({ split: "test" })).toEqual(["default/test/0000.csv"]);
    await expect(texts({ revision: "main" })).rejects.toThrow(/got no data file/);
  });

  it("are missed in one line where there are none", async () => {
    await offer(script);
    await expect(texts()).rejects.toThrow(/^data set me\/films: expected CSV, .*, got neither; download it/);
  });
});
