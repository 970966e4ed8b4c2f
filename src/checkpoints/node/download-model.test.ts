import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { COMMIT, type HubOptions, type HubServer, startHub } from "../../../tests/support/hub-server.js";
import { downloadModel } from "./download-model.js";

const id = "someone/tiny";
const weights = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251));
const files = {
  "config.json": Buffer.from('{"model_type":"bert"}'),
  "vocab.txt": Buffer.from("[PAD]\n"),
  "model.safetensors": weights,
  "pytorch_model.bin": Buffer.from("pickle"),
  "README.md": Buffer.from("hello"),
};

const digest = createHash("sha256").update(weights).digest("hex");

let cacheDir: string;
const blobs = (): string => join(cacheDir, "models--someone--tiny", "blobs");
let hub: HubServer | undefined;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), "textune hub "));
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  await rm(cacheDir, { recursive: true, force: true });
});
const start = async (options: Partial<HubOptions> = {}): Promise<string> => {
  hub = await startHub({ id, files, ...options });
  return hub.url;
};

it("puts configuration, tokenizer and weights into the cache of Hugging Face's tools, and nothing else", async () => {
  const endpoint = await start();
  const progress: number[] = [];
  const folder = await downloadModel(id, {
    endpoint,
    cacheDir,
    onDownload: ({ file, loaded }) => file === "model.safetensors" && progress.push(loaded),
  });
  expect(folder).toBe(join(cacheDir, "models--someone--tiny", "snapshots", COMMIT));
  expect(readdirSync(folder).sort()).toEqual(["config.json", "model.safetensors", "vocab.txt"]);
  expect(readFileSync(join(folder, "model.safetensors")).equals(weights)).toBe(true);
  expect(progress.at(-1)).toBe(weights.length);
  expect(readFileSync(join(cacheDir, "models--someone--tiny", "refs", "main"), "utf8")).toBe(COMMIT);
});

it("downloads nothing twice, and works offline afterwards", async () => {
  const endpoint = await start();
  const first = await downloadModel(id, { endpoint, cacheDir });
  const count = hub?.downloads.length;
  expect(await downloadModel(id, { endpoint, cacheDir })).toBe(first);
  expect(hub?.downloads.length).toBe(count);
  expect(await downloadModel(id, { endpoint: "http://127.0.0.1:9", cacheDir, offline: true })).toBe(first);
  // Nor is the network needed where it is only looked for, as with Hugging Face's tools.
  expect(await downloadModel(id, { endpoint: "http://127.0.0.1:9", cacheDir })).toBe(first);
});

it("stops on request and goes on later", async () => {
  const stop = new AbortController();
  const endpoint = await start({ onDownload: (file) => file === "model.safetensors" && stop.abort() });
  await expect(downloadModel(id, { endpoint, cacheDir, signal: stop.signal })).rejects.toMatchObject({
    code: "E_ABORTED",
  });
  await expect(downloadModel(id, { endpoint, cacheDir })).resolves.toContain(COMMIT);
});

it.skipIf(!existsSync("/dev/full"))("says that the disk is full", async () => {
  const endpoint = await start();
  await mkdir(blobs(), { recursive: true });
  await symlink("/dev/full", join(blobs(), `${digest}.incomplete`));
  await expect(downloadModel(id, { endpoint, cacheDir })).rejects.toMatchObject({
    code: "E_STORE",
    message: expect.stringContaining("a full disk"),
  });
});

it("takes branches, tags, pull requests and commits, and writes their names as Hugging Face's tools do", async () => {
  const endpoint = await start();
  for (const revision of ["v1.0", "refs/pr/1", COMMIT]) {
    const folder = await downloadModel(id, { endpoint, cacheDir, revision });
    expect(await downloadModel(id, { cacheDir, revision, offline: true })).toBe(folder);
  }
  const refs = join(cacheDir, "models--someone--tiny", "refs");
  expect(readFileSync(join(refs, "refs", "pr", "1"), "utf8")).toBe(COMMIT);
  expect(readdirSync(refs).sort()).toEqual(["refs", "v1.0"]);
  for (const revision of ["../../outside", "a/../../b", "/etc", ""]) {
    await expect(downloadModel(id, { endpoint, cacheDir, revision })).rejects.toMatchObject({ code: "E_CONFIG" });
  }
});

it("writes nothing outside the cache, whatever the hub says", async () => {
  const endpoint = await start({ commit: "../../../outside" });
  await expect(downloadModel(id, { endpoint, cacheDir: join(cacheDir, "a", "b") })).rejects.toMatchObject({
    code: "E_HUB",
  });
  expect(readdirSync(cacheDir)).toEqual([]);
});

it.each(["config.json", "vocab.txt", "model.safetensors"])(
  "offline, does not take a snapshot without %s",
  async (file) => {
    const endpoint = await start();
    const folder = await downloadModel(id, { endpoint, cacheDir });
    await rm(join(folder, file));
    await expect(downloadModel(id, { cacheDir, offline: true })).rejects.toMatchObject({
      code: "E_HUB",
      message: expect.stringMatching(/all-MiniLM-L6-v2.*folder.*cache.*offline/),
    });
  },
);

it("fetches all files of weights that are spread over several, and knows offline whether one is missing", async () => {
  const shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
  const { "model.safetensors": whole, ...others } = files;
  const index = { weight_map: { x: shards[0], y: shards[1] } };
  const endpoint = await start({
    files: {
      ...others,
      [shards[0]]: whole,
      [shards[1]]: whole.subarray(1),
      "model.safetensors.index.json": Buffer.from(JSON.stringify(index)),
    },
  });
  const folder = await downloadModel(id, { endpoint, cacheDir });
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(shards));
  expect(await downloadModel(id, { cacheDir, offline: true })).toBe(folder);
  await rm(join(folder, shards[1]));
  await expect(downloadModel(id, { cacheDir, offline: true })).rejects.toMatchObject({ code: "E_HUB" });
});

it("serves two downloads at once", async () => {
  const endpoint = await start();
  const folders = await Promise.all([1, 2, 3].map(() => downloadModel(id, { endpoint, cacheDir })));
  expect(new Set(folders).size).toBe(1);
  expect(readFileSync(join(folders[0], "model.safetensors")).equals(weights)).toBe(true);
});

it("sends the token, and says how to give one", async () => {
  const endpoint = await start({ token: "hf_secret" });
  await expect(downloadModel(id, { endpoint, cacheDir, token: "hf_wrong" })).rejects.toMatchObject({
    code: "E_HUB",
    message: expect.stringContaining("HF_TOKEN"),
  });
  await expect(downloadModel(id, { endpoint, cacheDir, token: "hf_secret" })).resolves.toContain(COMMIT);
  const sent = hub?.downloads.map(({ file, authorization }) => [file, authorization]) ?? [];
  expect(sent.at(-1)).toEqual(["config.json", "Bearer hf_secret"]);
  expect(sent.slice(0, 2).sort()).toEqual([
    // Another host does not get the token.
    ["model.safetensors", undefined],
    ["vocab.txt", "Bearer hf_secret"],
  ]);
  await hub?.close();
  const gated = await start({ token: "hf_other", refusal: 403 });
  // What the cache holds would do, so here it holds nothing.
  const empty = join(cacheDir, "empty");
  await expect(downloadModel(id, { endpoint: gated, cacheDir: empty, token: "hf_secret" })).rejects.toMatchObject({
    code: "E_HUB",
    message: expect.stringMatching(/403.*gated/),
  });
});

it("says in one line what is wrong", async () => {
  const endpoint = await start();
  await expect(downloadModel("someone/else", { endpoint, cacheDir })).rejects.toMatchObject({
    code: "E_HUB",
    message: expect.stringContaining("someone/else"),
  });
  await expect(downloadModel(id, { cacheDir, offline: true })).rejects.toMatchObject({
    code: "E_HUB",
    message: expect.stringContaining("offline"),
  });
  await expect(downloadModel(id, { endpoint: "http://127.0.0.1:9", cacheDir })).rejects.toMatchObject({
    code: "E_HUB",
    message: expect.not.stringContaining("\n"),
  });
});

it("takes the weights of another format where there are no safetensors, with all their parts", async () => {
  const { "model.safetensors": whole, ...others } = files;
  const names = async (more: Record<string, Buffer>): Promise<string[]> => {
    await rm(cacheDir, { recursive: true, force: true });
    const endpoint = await start({ files: { "config.json": files["config.json"], "vocab.txt": whole, ...more } });
    const folder = await downloadModel(id, { endpoint, cacheDir });
    expect(await downloadModel(id, { cacheDir, offline: true })).toBe(folder);
    const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
    return found.map((entry) => entry.name).sort();
  };
  expect(await names(others)).toContain("pytorch_model.bin");
  expect(await names({ "onnx/model.onnx": whole, "onnx/model.onnx_data": whole, "onnx/model_q4.onnx": whole })).toEqual(
    ["config.json", "model.onnx", "model.onnx_data", "vocab.txt"],
  );
  const preset = { "model.weights.h5": whole, "task.weights.h5": whole, "assets/tokenizer/vocabulary.txt": whole };
  expect(await names(preset)).toEqual([
    "config.json",
    "model.weights.h5",
    "task.weights.h5",
    "vocab.txt",
    "vocabulary.txt",
  ]);
});
