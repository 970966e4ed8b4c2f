import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { COMMIT, type HubOptions, type HubServer, startHub } from "../../../tests/support/hub-server.js";
import { downloadModel } from "./hub.js";

const id = "someone/tiny";
const weights = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251));
const files = {
  "config.json": Buffer.from('{"model_type":"bert"}'),
  "vocab.txt": Buffer.from("[PAD]\n"),
  "model.safetensors": weights,
  "pytorch_model.bin": Buffer.from("pickle"),
  "README.md": Buffer.from("hello"),
};

let cacheFolder: string;
let hub: HubServer | undefined;
beforeEach(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), "textune hub "));
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  await rm(cacheFolder, { recursive: true, force: true });
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
    cacheFolder,
    onDownload: ({ file, loaded }) => file === "model.safetensors" && progress.push(loaded),
  });
  expect(folder).toBe(join(cacheFolder, "models--someone--tiny", "snapshots", COMMIT));
  expect(readdirSync(folder).sort()).toEqual(["config.json", "model.safetensors", "vocab.txt"]);
  expect(readFileSync(join(folder, "model.safetensors")).equals(weights)).toBe(true);
  expect(progress.at(-1)).toBe(weights.length);
  expect(readFileSync(join(cacheFolder, "models--someone--tiny", "refs", "main"), "utf8")).toBe(COMMIT);
});

it("downloads nothing twice, and works offline afterwards", async () => {
  const endpoint = await start();
  const first = await downloadModel(id, { endpoint, cacheFolder });
  const count = hub?.downloads.length;
  expect(await downloadModel(id, { endpoint, cacheFolder })).toBe(first);
  expect(hub?.downloads.length).toBe(count);
  expect(await downloadModel(id, { endpoint: "http://127.0.0.1:9", cacheFolder, offline: true })).toBe(first);
});

it("goes on where a cut connection ended", async () => {
  const endpoint = await start({ cutAfter: { file: "model.safetensors", bytes: 100_000 } });
  await expect(downloadModel(id, { endpoint, cacheFolder })).rejects.toMatchObject({ code: "E_HUB" });
  const folder = await downloadModel(id, { endpoint, cacheFolder });
  expect(hub?.downloads.at(-1)).toEqual({ file: "model.safetensors", from: 100_000 });
  expect(readFileSync(join(folder, "model.safetensors")).equals(weights)).toBe(true);
});

it("refuses and removes what does not have its checksum", async () => {
  const endpoint = await start({ corrupt: "model.safetensors" });
  await expect(downloadModel(id, { endpoint, cacheFolder })).rejects.toMatchObject({
    code: "E_HUB",
    message: expect.stringContaining("checksum"),
  });
  const blobs = readdirSync(join(cacheFolder, "models--someone--tiny", "blobs"));
  expect(blobs.filter((name) => name.includes("incomplete") || name.includes("lock"))).toEqual([]);
  expect(existsSync(join(cacheFolder, "models--someone--tiny", "snapshots", COMMIT, "model.safetensors"))).toBe(false);
});

it("serves two downloads at once", async () => {
  const endpoint = await start();
  const folders = await Promise.all([1, 2, 3].map(() => downloadModel(id, { endpoint, cacheFolder })));
  expect(new Set(folders).size).toBe(1);
  expect(readFileSync(join(folders[0], "model.safetensors")).equals(weights)).toBe(true);
});

it("sends the token, and says how to give one", async () => {
  const endpoint = await start({ token: "hf_secret" });
  await expect(downloadModel(id, { endpoint, cacheFolder, token: "hf_wrong" })).rejects.toMatchObject({
    code: "E_HUB",
    message: expect.stringContaining("HF_TOKEN"),
  });
  await expect(downloadModel(id, { endpoint, cacheFolder, token: "hf_secret" })).resolves.toContain(COMMIT);
});

it("says in one line what is wrong", async () => {
  const endpoint = await start();
  await expect(downloadModel("someone/else", { endpoint, cacheFolder })).rejects.toMatchObject({
    code: "E_HUB",
    message: expect.stringContaining("someone/else"),
  });
  await expect(downloadModel(id, { cacheFolder, offline: true })).rejects.toMatchObject({
    code: "E_HUB",
    message: expect.stringContaining("offline"),
  });
  await expect(downloadModel(id, { endpoint: "http://127.0.0.1:9", cacheFolder })).rejects.toMatchObject({
    code: "E_HUB",
    message: expect.not.stringContaining("\n"),
  });
});

it("does not touch pickled weights", async () => {
  const { "model.safetensors": _, ...pickled } = files;
  const endpoint = await start({ files: pickled });
  await expect(downloadModel(id, { endpoint, cacheFolder })).rejects.toMatchObject({
    code: "E_HUB",
    message: expect.stringContaining("pytorch_model.bin"),
  });
});
