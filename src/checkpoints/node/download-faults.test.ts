/** Downloads from a hub that breaks connections, lies, and asks for patience; and several at once. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { COMMIT, type HubOptions, type HubServer, startHub } from "../../../tests/support/hub-server.js";
import type { DownloadProgress } from "../../hub/hub-options.js";
import { downloadModel } from "./download-model.js";

const id = "someone/tiny";
const weights = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251));
const file = "model.safetensors";
const files = {
  "config.json": Buffer.from('{"model_type":"bert"}'),
  "vocab.txt": Buffer.from("[PAD]\n"),
  [file]: weights,
};
const digest = createHash("sha256").update(weights).digest("hex");

let cacheDir: string;
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

const blobs = (): string => join(cacheDir, "models--someone--tiny", "blobs");
const left = (): string[] => readdirSync(blobs()).filter((name) => /lock|incomplete/.test(name));
const start = async (options: Partial<HubOptions> = {}): Promise<string> => {
  hub = await startHub({ id, files, ...options });
  return hub.url;
};
/** The first bytes that were asked for, request by request. */
const starts = (): number[] => (hub?.downloads ?? []).filter((one) => one.file === file).map(({ from }) => from);
const arrives = async (endpoint: string, onDownload?: (event: DownloadProgress) => void): Promise<void> => {
  const folder = await downloadModel(id, { endpoint, cacheDir, onDownload });
  expect(readFileSync(join(folder, file)).equals(weights)).toBe(true);
  expect(left()).toEqual([]);
};

describe("a connection", () => {
  it("that is cut is taken up where it ended", async () => {
    const partial = join(blobs(), `${digest}.incomplete`);
    const isThere = (): boolean => statSync(partial, { throwIfNoEntry: false })?.size === 100_000;
    await arrives(await start({ cutAfter: { file, bytes: 100_000, when: () => vi.waitUntil(isThere, 10_000) } }));
    expect(starts()).toEqual([0, 100_000]);
  });

  it("that ends early as if the file were whole is taken up too", async () => {
    await arrives(await start({ endEarly: file }));
    expect(starts()).toEqual([0, 1000]);
  });

  it("that falls silent is given up and taken up again", async () => {
    vi.stubEnv("HF_HUB_DOWNLOAD_TIMEOUT", "2");
    await arrives(await start({ stall: file }));
    expect(starts()).toEqual([0, 1000]);
  });

  it("that is refused again and again is an error that says so", async () => {
    const stopped = await startHub({ id, files });
    await stopped.close();
    await expect(downloadModel(id, { endpoint: stopped.url, cacheDir })).rejects.toMatchObject({
      code: "E_HUB",
      message: expect.stringMatching(/no connection \(ECONNREFUSED\)/),
    });
  });
});

describe("what is left of an earlier download", () => {
  const leave = async (content: Buffer): Promise<void> => {
    await mkdir(blobs(), { recursive: true });
    await writeFile(join(blobs(), `${digest}.incomplete`), content);
  };

  it("is fetched anew where it is not the file's beginning", async () => {
    await leave(Buffer.from("something else"));
    await arrives(await start());
    expect(starts()).toEqual([14, 0]);
  });

  it("is not mixed with another part than the one asked for", async () => {
    await leave(weights.subarray(0, 100_000));
    await arrives(await start({ wrongPart: file }));
    expect(starts()).toEqual([100_000, 0]);
  });

  it("is fetched anew where it is as long as the file", async () => {
    await leave(Buffer.alloc(weights.length));
    await arrives(await start());
    expect(starts()).toEqual([0]);
  });
});

describe("a file that is not what the hub says", () => {
  it.each([
    ["with other bytes", { corrupt: file }, /checksum/],
    ["with more bytes", { longer: file }, /expected 300000 bytes, got more/],
  ])("%s is refused and removed", async (_, options, message) => {
    const endpoint = await start(options);
    await expect(downloadModel(id, { endpoint, cacheDir })).rejects.toMatchObject({
      code: "E_HUB",
      message: expect.stringMatching(message),
    });
    expect(left()).toEqual([]);
    expect(existsSync(join(cacheDir, "models--someone--tiny", "snapshots", COMMIT, file))).toBe(false);
  });
});

describe("a hub that asks for patience", () => {
  it.each([429, 500, 503])("by %i gets it, for its files as for the rest", async (status) => {
    const failures = ["the model", file, file, "vocab.txt"].map((of) => ({ of, status, retryAfter: "0" }));
    await arrives(await start({ failures }));
    expect(starts()).toEqual([0, 0, 0]);
  });

  it("is waited for as long as it says, and the user hears why", async () => {
    const said: string[] = [];
    const began = performance.now();
    const endpoint = await start({ failures: [{ of: file, status: 429, retryAfter: "1" }] });
    await arrives(endpoint, ({ waiting }) => waiting !== undefined && said.push(waiting));
    expect(performance.now() - began).toBeGreaterThan(950);
    expect(said).toEqual(["429 for model.safetensors: next try in 1 s"]);
  });

  it("for long is not waited for", async () => {
    const endpoint = await start({ failures: [{ of: "the model", status: 429, retryAfter: "3600" }] });
    await expect(downloadModel(id, { endpoint, cacheDir })).rejects.toMatchObject({
      code: "E_HUB",
      message: expect.stringMatching(/429: too many requests; try again in 3600 s; with a token/),
    });
  });

  it("for ever is given up", async () => {
    const failures = Array.from({ length: 9 }, () => ({ of: file, status: 500, retryAfter: "0" }));
    const endpoint = await start({ failures });
    await expect(downloadModel(id, { endpoint, cacheDir })).rejects.toMatchObject({
      code: "E_HUB",
      message: expect.stringContaining("answer 500"),
    });
    expect(starts()).toHaveLength(5);
  });

  it("is left on request meanwhile", async () => {
    const stop = new AbortController();
    const endpoint = await start({ failures: [{ of: file, status: 503, retryAfter: "60" }] });
    const onDownload = ({ waiting }: DownloadProgress): void => {
      if (waiting !== undefined) stop.abort();
    };
    await expect(downloadModel(id, { endpoint, cacheDir, onDownload, signal: stop.signal })).rejects.toMatchObject({
      code: "E_ABORTED",
    });
  });
});

describe("several at once", () => {
  const lock = (): string => join(blobs(), `${digest}.lock`);
  const partial = (): string => join(blobs(), `${digest}.incomplete`);
  /** A process that has the lock. */
  const other = async (script: string) => {
    const child = spawn(process.execPath, ["-e", script]);
    await once(child, "spawn");
    await mkdir(blobs(), { recursive: true });
    await writeFile(lock(), String(child.pid));
    return child;
  };

  it("in one process fetch the file once", async () => {
    const endpoint = await start();
    await Promise.all([1, 2, 3].map(() => arrives(endpoint)));
    expect(starts()).toEqual([0]);
  });

  it("in two processes: one waits for the other, and shows how far that is", async () => {
    const endpoint = await start();
    const child = await other("setInterval(() => {}, 1000)");
    await writeFile(partial(), weights.subarray(0, 1000));
    const seen: number[] = [];
    const arrived = arrives(endpoint, (event) => event.file === file && seen.push(event.loaded));
    await vi.waitUntil(() => seen.length > 1, { timeout: 5000 });
    // The other one is done.
    await writeFile(join(blobs(), digest), weights);
    await rm(partial());
    await rm(lock());
    await arrived;
    child.kill();
    expect(new Set(seen)).toEqual(new Set([1000]));
    expect(starts()).toEqual([]);
  });

  it("in two processes: what a killed one began is gone on with", async () => {
    const endpoint = await start();
    const child = await other("setInterval(() => {}, 1000)");
    await writeFile(partial(), weights.subarray(0, 1000));
    const arrived = arrives(endpoint);
    child.kill("SIGKILL");
    await arrived;
    expect(starts()).toEqual([1000]);
  });

  it("in two processes: what one that sleeps may still write to is left alone", async () => {
    const endpoint = await start();
    const child = await other("setInterval(() => {}, 1000)");
    await writeFile(partial(), weights.subarray(0, 1000));
    const long = new Date(Date.now() - 60_000);
    await utimes(lock(), long, long);
    const folder = await downloadModel(id, { endpoint, cacheDir });
    expect(readFileSync(join(folder, file)).equals(weights)).toBe(true);
    child.kill();
    expect(starts()).toEqual([0]);
    expect(left().sort()).toEqual([`${digest}.incomplete`, `${digest}.lock`]);
    expect(readFileSync(partial()).length).toBe(1000);
  });

  it("of which one had this process's number long ago", async () => {
    const endpoint = await start();
    await mkdir(blobs(), { recursive: true });
    await writeFile(lock(), String(process.pid));
    await writeFile(partial(), weights.subarray(0, 5000));
    await arrives(endpoint);
    expect(starts()).toEqual([5000]);
  });
});
