/** Which files the Studio labels and writes. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningStudio, startStudio } from "../../src/studio/node/server.js";
import { openStore, type Store } from "../../src/tracking/store/node/open-store.js";

const place = mkdtempSync(join(tmpdir(), "textune labels "));
const folder = join(place, "work");
let store: Store;
let studio: RunningStudio;
beforeAll(async () => {
  mkdirSync(folder);
  for (const name of [join(folder, "mails.csv"), join(place, "secret.csv")]) writeFileSync(name, "text\nhello\nbye\n");
  symlinkSync(join(place, "secret.csv"), join(folder, "link.csv"));
  symlinkSync(place, join(folder, "up"));
  store = await openStore(join(place, "store"));
  studio = await startStudio(store, { port: 0 }, undefined, { folder, cache: join(place, "cache") });
});
afterAll(async () => {
  await studio.close();
  await store.close();
  rmSync(place, { recursive: true });
});

it("offers data to label: neither what describes a classifier, nor labels and corrections", async () => {
  mkdirSync(join(folder, "my classifier"));
  for (const name of ["config.json", "tokenizer.json", "training.json", "errors.jsonl"])
    writeFileSync(join(folder, "my classifier", name), '{"model_type":"bert"}\n');
  // The configuration of something else hides no data beside it.
  mkdirSync(join(folder, "my page"));
  for (const name of ["config.json", "texts.json"]) writeFileSync(join(folder, "my page", name), "{}\n");
  for (const name of ["mails.json", "mails.json.labels.jsonl", "mails.csv.corrections.jsonl"])
    writeFileSync(join(folder, name), "[]\n");
  const { files } = (await (await fetch(`${studio.address}/api/label/files`)).json()) as { files: { path: string }[] };
  expect(files.map(({ path }) => path)).toEqual([
    "mails.csv",
    "mails.json",
    "my classifier/errors.jsonl",
    "my page/config.json",
    "my page/texts.json",
  ]);
});

async function post(path: string, body: object): Promise<number> {
  const headers = { "content-type": "application/json" };
  return (await fetch(`${studio.address}${path}`, { method: "POST", headers, body: JSON.stringify(body) })).status;
}

it("labels files of its folder alone, whatever leads out of it", async () => {
  for (const path of [
    "../secret.csv",
    join(place, "secret.csv"),
    "link.csv",
    "up/secret.csv",
    "none.csv",
    ".",
    "",
    "a\0b",
  ]) {
    const columns = await fetch(`${studio.address}/api/label/columns?${new URLSearchParams({ path })}`);
    expect([400, 404], path).toContain(columns.status);
    expect([400, 404], path).toContain(await post("/api/label/open", { path, classes: ["a", "b"] }));
  }
  expect(existsSync(`${folder}.labels.jsonl`)).toBe(false);
});

it("writes labels into folders that are there, and over neither the data nor what was decided", async () => {
  expect(await post("/api/label/open", { path: "mails.csv", classes: ["a", "b"] })).toBe(200);
  expect(await post("/api/label/decide", { path: "mails.csv", row: 0, action: "label", label: "a" })).toBe(200);
  const own = ["mails.csv", "mails.csv.labels.jsonl", "mails.csv.labels.jsonl.lock"];
  const kept = () => own.map((name) => readFileSync(join(folder, name), "utf8"));
  const before = kept();
  for (const to of ["../out.csv", join(place, "out.csv"), "link.csv", "up/out.csv", "no/folder/out.csv", ".", ...own])
    expect([400, 404], to).toContain(await post("/api/label/export", { path: "mails.csv", to, overwrite: true }));
  expect(existsSync(join(place, "out.csv"))).toBe(false);
  expect(existsSync(join(folder, "no"))).toBe(false);
  expect(kept()).toEqual(before);
  expect(await post("/api/label/export", { path: "mails.csv", to: "out.csv" })).toBe(200);
});
