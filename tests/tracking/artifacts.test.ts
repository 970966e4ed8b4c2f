/** Artifacts after they were put: damage, removal, and what is left of them. */
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { downloadArtifact, findArtifact } from "../../src/tracking/artifacts/find-artifact.js";
import {
  collectGarbage,
  listArtifacts,
  removeVersion,
  verifyContents,
} from "../../src/tracking/artifacts/list-artifacts.js";
import { putArtifact } from "../../src/tracking/artifacts/put-artifact.js";
import { openStore, type Store } from "../../src/tracking/store/node/open-store.js";
import { onEveryStore } from "../support/stores.js";

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "textune artifacts "));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const facts = { project: "p", name: "data", type: "dataset", description: "", metadata: {} } as const;

async function put(store: Store, contents: Readonly<Record<string, string>>, aliases: readonly string[] = []) {
  const files = Object.entries(contents).map(([path, text], i) => {
    const source = join(place, `source-${i}`);
    writeFileSync(source, text);
    return { path, source };
  });
  return putArtifact(store, { ...facts, aliases, files });
}

onEveryStore((fresh) => {
  it("keeps every content once, and removes it only when asked, and only when no version has it", async () => {
    const store = await openStore(fresh());
    try {
      const big = "x".repeat(3_000_000);
      await put(store, { "a.txt": "one", "b/c.txt": big, "empty.txt": "" });
      await put(store, { "a.txt": "two", "b/c.txt": big }, ["best"]);
      expect(await listArtifacts(store)).toMatchObject([
        { name: "data", version: "v1", aliases: ["best", "latest"], bytes: 3_000_003 },
        { name: "data", version: "v0", aliases: [], bytes: 3_000_003 },
      ]);
      expect(await store.blobs.list()).toHaveLength(4);
      expect(await verifyContents(store)).toEqual({ contents: 4, damaged: [] });
      expect(await collectGarbage(store, 0, true)).toEqual({ contents: 0, bytes: 0 });
      await removeVersion(store, (await findArtifact(store, "data:v0")).id);
      expect(await collectGarbage(store, 0, false)).toEqual({ contents: 2, bytes: 3 });
      expect(await collectGarbage(store, 0, true)).toEqual({ contents: 2, bytes: 3 });
      expect(await store.blobs.list()).toHaveLength(2);
      await downloadArtifact(store, await findArtifact(store, "data"), join(place, "out"));
      expect(readdirSync(join(place, "out"), { recursive: true }).sort()).toEqual(["a.txt", "b", "b/c.txt"]);
      await expect(collectGarbage(store, 1, true)).rejects.toThrow(/no run under way/);
      await expect(
        put(store, {}, []).then(() => putArtifact(store, { ...facts, type: "model", aliases: [], files: [] })),
      ).rejects.toThrow(/type "dataset"/);
    } finally {
      await store.close();
    }
  });

  it("gives new versions numbers of their own when two put at once", async () => {
    const address = fresh();
    const stores = [await openStore(address), await openStore(address)];
    try {
      const versions = await Promise.all(
        Array.from({ length: 8 }, async (_, i) => {
          const source = join(place, `at-once-${i}`);
          writeFileSync(source, `content ${i}`);
          return (await putArtifact(stores[i % 2], { ...facts, aliases: [], files: [{ path: "x", source }] })).version;
        }),
      );
      expect(versions.sort()).toEqual(Array.from({ length: 8 }, (_, i) => `v${i}`));
    } finally {
      for (const store of stores) await store.close();
    }
  });
});

it("does not hand out a content that was damaged, and says which files it is", async () => {
  const folder = join(place, "store");
  const store = await openStore(folder);
  try {
    await put(store, { "weights.bin": "whole", "other.bin": "other" });
    const artifact = await findArtifact(store, "data");
    const { hash } = artifact.files[1];
    writeFileSync(join(folder, "blobs", hash.slice(0, 2), hash.slice(2)), "whoLe");
    await expect(downloadArtifact(store, artifact, join(place, "out"))).rejects.toThrow(/the store was damaged/);
    expect(readdirSync(join(place, "out"))).toEqual(["other.bin"]);
    const { damaged } = await verifyContents(store);
    expect(damaged).toMatchObject([{ hash, files: ["data:v0/weights.bin"] }]);
    rmSync(join(folder, "blobs"), { recursive: true });
    expect((await verifyContents(store)).damaged).toHaveLength(2);
  } finally {
    await store.close();
  }
});

it("never writes outside the folder, whatever paths a store has", async () => {
  const store = await openStore(join(place, "store"));
  try {
    await put(store, { "../../escape.txt": "out" });
    const artifact = await findArtifact(store, "data");
    await expect(downloadArtifact(store, artifact, join(place, "a/b"))).rejects.toThrow(/a path inside the artifact/);
    expect(readdirSync(place)).not.toContain("escape.txt");
  } finally {
    await store.close();
  }
});

it("makes no version of a file that changes while it is put", async () => {
  const store = await openStore(join(place, "store"));
  try {
    const source = join(place, "growing");
    writeFileSync(source, "x".repeat(1_000_000));
    const blobs = {
      ...store.blobs,
      put(hash: string, read: () => AsyncIterable<Uint8Array>) {
        // After its hash was taken, and before its content is kept.
        appendFileSync(source, "more");
        return store.blobs.put(hash, read);
      },
    };
    const put = putArtifact({ ...store, blobs }, { ...facts, aliases: [], files: [{ path: "x", source }] });
    await expect(put).rejects.toThrow(/chang/);
    expect(await listArtifacts(store)).toEqual([]);
    expect(await store.blobs.list()).toEqual([]);
  } finally {
    await store.close();
  }
});
