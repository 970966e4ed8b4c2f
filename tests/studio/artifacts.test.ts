/** Artifacts in the Studio: aliases, downloads, lineage. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RunningStudio } from "../../src/studio/node/server.js";
import type { ArtifactDetails, Lineage } from "../../src/studio/wire/artifacts.js";
import { studioOf } from "../support/studio-of.js";
import { type TinyArtifacts, tinyArtifacts } from "../support/tiny-artifacts.js";

const place = mkdtempSync(join(tmpdir(), "textune studio artifacts "));
const dir = join(place, "store");
let studio: RunningStudio;
let runs: TinyArtifacts;

beforeAll(async () => {
  runs = await tinyArtifacts(dir, place);
  studio = await studioOf(dir);
});
afterAll(async () => {
  await studio.close();
  rmSync(place, { recursive: true, force: true, maxRetries: 3 });
});

const get = (path: string): Promise<Response> => fetch(`${studio.address}/api/artifacts${path}`);
const ask = async <T>(path: string): Promise<T> => (await (await get(path)).json()) as T;
async function change(path: string, body: object): Promise<ArtifactDetails & { error?: string }> {
  const headers = { "content-type": "application/json" };
  const sent = { method: "PATCH", headers, body: JSON.stringify(body) };
  return (await (await fetch(`${studio.address}/api/artifacts${path}`, sent)).json()) as ArtifactDetails;
}

it("moves an alias from one version to another, takes it away, and leaves latest where it is", async () => {
  expect((await change("/reviews:v0", { set: "good" })).aliases).toEqual(["good"]);
  expect((await change("/reviews:v1", { set: "good" })).aliases).toEqual(["good", "latest"]);
  expect((await ask<ArtifactDetails>("/reviews:v0")).aliases).toEqual([]);
  expect((await ask<ArtifactDetails>("/tickets%2Freviews:good")).version).toBe("v1");
  expect((await change("/reviews:v1", { remove: "good" })).aliases).toEqual(["latest"]);
  for (const body of [{ set: "latest" }, { remove: "latest" }, { set: "v7" }, { set: "a b" }, { set: "" }])
    expect((await change("/reviews:v0", body)).error).toMatch(/\S: expected/);
});

it("tells which run made a version and what came of it", async () => {
  const { nodes, edges } = await ask<Lineage>("/reviews:v1/lineage");
  const [model] = nodes.filter((node) => node.kind === "artifact" && node.name === "classifier");
  expect(edges).toContainEqual({ run: runs.trained, artifact: model?.id, how: "made" });
  expect(edges.filter(({ run }) => run === runs.trained).map(({ how }) => how)).toContain("used");
});

it("sends a file as it was put, under its name, however that is written", async () => {
  const response = await get(`/reviews:v0/file?${new URLSearchParams({ path: runs.odd })}`);
  expect(response.headers.get("content-disposition")).toBe(
    `attachment; filename*=UTF-8''${encodeURIComponent(runs.odd.split("/")[1])}`,
  );
  expect(response.headers.get("content-type")).toBe("application/octet-stream");
  expect(await response.text()).toBe("text,label\n<script>alert(1)</script>,0\n");
});

it("sends nothing but files of the artifact", async () => {
  for (const path of ["../../store/runs.sqlite", "/etc/passwd", "..", "reviews.csv/../../x", ""]) {
    const response = await get(`/reviews:v0/file?${new URLSearchParams({ path })}`);
    expect([path, response.status]).toEqual([path, 404]);
  }
  expect((await get("/reviews:v0/file")).status).toBe(404);
});

it("never ends a download of content that is damaged", async () => {
  const { files } = await ask<ArtifactDetails>("/classifier:v0");
  const [{ hash, bytes }] = files;
  const blob = readdirSync(dir, { recursive: true, encoding: "utf8" }).find((path) => path.endsWith(hash.slice(2)));
  if (blob === undefined) throw new Error(`no file for ${hash}`);
  const content = readFileSync(join(dir, blob));
  expect((await (await get("/classifier:v0/file")).arrayBuffer()).byteLength).toBe(bytes);
  content[bytes - 1] ^= 1;
  writeFileSync(join(dir, blob), content);
  await expect(get("/classifier:v0/file").then((response) => response.arrayBuffer())).rejects.toThrow();
});
