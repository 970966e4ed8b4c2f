/** Models of Kaggle, of TensorFlow Hub and from anywhere: archives that are downloaded once and kept unpacked. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pack } from "tar-stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ArchiveServer, type ArchiveServerOptions, startArchives } from "../../../tests/support/archive-server.js";
import { startHub } from "../../../tests/support/hub-server.js";
import { listModels, removeModel, verifyModels } from "./model-cache.js";
import { openCheckpoint } from "./open-checkpoint.js";
import { pullModel } from "./pull-model.js";

const GOLDEN = fileURLToPath(new URL("../../../tests/golden/weight-formats/", import.meta.url));
const module = readFileSync(join(GOLDEN, "archives/small_bert_1.tar.gz"));
const handle = "keras/bert/keras/bert_tiny_en_uncased";
const api = (end: string): string => `/api/v1/models/${handle}/${end}`;

let cacheDir: string;
let server: ArchiveServer | undefined;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), "textune names "));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = undefined;
  await rm(cacheDir, { recursive: true, force: true });
});
const start = async (options: Partial<ArchiveServerOptions> = {}): Promise<string> => {
  server = await startArchives({ archives: { "/small.tar.gz": module }, ...options });
  vi.stubEnv("KAGGLE_API_ENDPOINT", server.url);
  return `${server.url}/small.tar.gz`;
};
/** The preset as Kaggle packs it. */
async function preset(): Promise<Buffer> {
  const archive = pack();
  for (const file of [
    "config.json",
    "metadata.json",
    "tokenizer.json",
    "model.weights.h5",
    "assets/tokenizer/vocabulary.txt",
  ])
    archive.entry({ name: `./${file}` }, readFileSync(join(GOLDEN, "keras-hub", file)));
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
const words = async (source: string): Promise<number> => {
  const { weights } = await openCheckpoint(source, { cacheDir });
  const [size] = weights.shape("bert.embeddings.word_embeddings.weight");
  await weights.close();
  return size as number;
};

describe("an archive", () => {
  it("is fetched once, unpacked, and opened without a network afterwards", async () => {
    const address = await start();
    expect(await words(address)).toBeGreaterThan(10);
    const asked = server?.requests.length;
    expect(await words(address)).toBeGreaterThan(10);
    expect(server?.requests.length).toBe(asked);
    const folder = await pullModel(address, { cacheDir, offline: true });
    expect(readdirSync(folder).sort()).toEqual(["assets", "variables"]);
    // Neither the archive nor a lock stays.
    expect(readdirSync(join(cacheDir, "archives"))).toHaveLength(1);
  });

  it("is gone on with where it was cut off", async () => {
    const isThere = (): boolean =>
      readdirSync(join(cacheDir, "archives"))
        .filter((name) => name.endsWith(".incomplete"))
        .some((name) => statSync(join(cacheDir, "archives", name)).size === 500);
    const address = await start({ cutAfter: { bytes: 500, when: () => vi.waitUntil(isThere, 10_000) } });
    await words(address);
    const store = server?.requests.filter(({ path }) => path.startsWith("/store")) ?? [];
    expect(store.map(({ from }) => from)).toEqual([0, 500]);
  });

  it("of which nothing is told is read as it comes", async () => {
    expect(await words(await start({ silent: true }))).toBeGreaterThan(10);
  });

  it("is fetched once by two at the same time", async () => {
    const address = await start();
    await Promise.all([words(address), words(address)]);
    expect(server?.requests.filter(({ path }) => path.startsWith("/store"))).toHaveLength(1);
  });

  it("that is not what its checksum says is refused", async () => {
    const address = await start({ corrupt: true });
    await expect(pullModel(address, { cacheDir })).rejects.toMatchObject({
      code: "E_HUB",
      message: expect.stringContaining("checksum"),
    });
  });

  it("that is none is refused and not kept", async () => {
    const address = await start({ archives: { "/small.tar.gz": Buffer.from("<html>") } });
    await expect(pullModel(address, { cacheDir })).rejects.toMatchObject({ code: "E_WEIGHTS" });
    expect(readdirSync(join(cacheDir, "archives"))).toEqual([]);
  });

  it.each([
    [401, /KAGGLE_USERNAME/],
    [403, /KAGGLE_USERNAME/],
    [404, /check the address/],
  ])("that is answered by %i is an error that says what to do", async (status, message) => {
    const address = await start({ status });
    await expect(pullModel(address, { cacheDir })).rejects.toMatchObject({
      code: "E_HUB",
      message: expect.stringMatching(message),
    });
  });

  it("that is not in the cache is an error offline", async () => {
    await expect(pullModel("experts_pubmed", { cacheDir, offline: true })).rejects.toMatchObject({
      code: "E_HUB",
      message: expect.stringMatching(/tfhub\.dev\/google\/experts\/bert\/pubmed\/2.*offline/),
    });
  });
});

describe("a preset of KerasHub", () => {
  it("comes from Kaggle by its name, with credentials where there are any", async () => {
    vi.stubEnv("KAGGLE_USERNAME", "someone");
    vi.stubEnv("KAGGLE_KEY", "secret");
    await start({ archives: { [api("3/download")]: await preset() } });
    expect(await words("bert_tiny_en_uncased")).toBeGreaterThan(10);
    expect(server?.requests[0]).toEqual({
      path: api("3/download"),
      from: 0,
      authorization: `Basic ${Buffer.from("someone:secret").toString("base64")}`,
    });
  });

  it("without a version is the newest one; offline, the newest in the cache", async () => {
    const other = "kaggle://someone/bert/keras/mine";
    const path = (end: string): string => `/api/v1/models/someone/bert/keras/mine/${end}`;
    const archive = await preset();
    await start({
      archives: { [path("9/download")]: archive, [path("10/download")]: archive },
      answers: { [path("get")]: { versionNumber: 10 } },
    });
    expect(await pullModel(other, { cacheDir })).toContain("mine--10");
    await pullModel(`${other}/9`, { cacheDir });
    expect(await pullModel(other, { cacheDir, offline: true })).toContain("mine--10");
  });
});

describe("the cache", () => {
  it("lists, verifies and removes what is in it", async () => {
    const address = await start();
    const hub = await startHub({
      id: "someone/tiny",
      files: {
        "config.json": Buffer.from('{"model_type":"bert"}'),
        "vocab.txt": Buffer.from("[PAD]\n"),
        "model.safetensors": Buffer.from("weights"),
      },
    });
    await pullModel("someone/tiny", { cacheDir, endpoint: hub.url });
    await hub.close();
    const folder = await pullModel(address, { cacheDir });
    const cached = (await listModels({ cacheDir })).filter(({ bytes, source }) => bytes && source !== "embedded");
    expect(cached.map(({ name }) => name)).toEqual(["someone/tiny", address]);
    expect(cached[1]).toMatchObject({ folder });
    expect((await verifyModels(undefined, { cacheDir })).flatMap(({ problems }) => problems)).toEqual([]);

    const blob = createHash("sha256").update("weights").digest("hex");
    await writeFile(join(cacheDir, "models--someone--tiny", "blobs", blob), "wEights");
    await appendFile(join(folder, "assets/vocab.txt"), "x");
    const found = await verifyModels(undefined, { cacheDir });
    expect(found.map(({ name, problems }) => [name, problems])).toEqual([
      ["someone/tiny", [expect.stringMatching(`${blob}: not what was downloaded`)]],
      [address, [expect.stringMatching("vocab.txt: not what was downloaded")]],
    ]);

    for (const name of ["someone/tiny", address]) expect(await removeModel(name, { cacheDir })).toBeGreaterThan(6);
    expect(await verifyModels(undefined, { cacheDir })).toEqual([]);
    await expect(removeModel("someone/tiny", { cacheDir })).rejects.toMatchObject({ code: "E_STORE" });
  });

  it("does not remove what is being downloaded", async () => {
    const blobs = join(cacheDir, "models--someone--tiny", "blobs");
    await mkdir(blobs, { recursive: true });
    await writeFile(join(blobs, "0.lock"), "1");
    await expect(removeModel("someone/tiny", { cacheDir })).rejects.toMatchObject({ code: "E_STORE" });
    expect(await readFile(join(blobs, "0.lock"), "utf8")).toBe("1");
  });

  it("may have one of the oldest models under its old name", async () => {
    const hub = await startHub({
      id: "bert-base-uncased",
      files: {
        "config.json": Buffer.from('{"model_type":"bert"}'),
        "vocab.txt": Buffer.from("[PAD]\n"),
        "model.safetensors": Buffer.from("weights"),
      },
    });
    await mkdir(join(cacheDir, "models--bert-base-uncased"));
    const folder = await pullModel("bert-base-uncased", { cacheDir, endpoint: hub.url });
    await hub.close();
    expect(folder).toContain("models--bert-base-uncased");
    expect(await pullModel("bert-base-uncased", { cacheDir, offline: true })).toBe(folder);
  });
});
