import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { mkdir, mkdtemp, open, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openCheckpoint } from "./open-checkpoint.js";
import { saveCheckpoint } from "./save-checkpoint.js";

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "textune save "));
});
afterEach(() => rm(place, { recursive: true, force: true }));

const content = (value: number) => ({
  config: { model_type: "bert", value },
  tensors: [{ name: "w", shape: [2], data: Float32Array.of(value, value + 1) }],
  tokenizerFiles: { "vocab.txt": "[PAD]\n[UNK]\n" },
});

it("writes a folder that opens again", async () => {
  const folder = join(place, "deeper", "model");
  await saveCheckpoint(folder, content(3));
  const checkpoint = await openCheckpoint(folder);
  expect(checkpoint.config.value).toBe(3);
  expect([...(await checkpoint.weights.read("w"))]).toEqual([3, 4]);
  expect(checkpoint.tokenizerFiles["vocab.txt"]).toContain("[UNK]");
  await checkpoint.weights.close();
});

it("replaces a model folder and leaves nothing else behind", async () => {
  const folder = join(place, "model");
  await saveCheckpoint(folder, { ...content(1), tokenizerFiles: { "tokenizer.json": "{}" } });
  await saveCheckpoint(folder, content(2));
  expect(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")).value).toBe(2);
  expect(readdirSync(folder).sort()).toEqual(["config.json", "model.safetensors", "vocab.txt"]);
  expect(readdirSync(place)).toEqual(["model"]);
});

it("does not remove what is no part of a model, though it stands in a model's folder", async () => {
  const folder = join(place, "model");
  await saveCheckpoint(folder, content(1));
  await mkdir(join(folder, ".git"));
  await expect(saveCheckpoint(folder, content(2))).rejects.toMatchObject({
    code: "E_STORE",
    message: expect.stringContaining(".git"),
  });
  expect(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")).value).toBe(1);
  const project = join(place, "project");
  await mkdir(project);
  await writeFile(join(project, "config.json"), "{}");
  await expect(saveCheckpoint(project, content(2))).rejects.toMatchObject({ code: "E_STORE" });
  expect(readFileSync(join(project, "config.json"), "utf8")).toBe("{}");
  expect(readdirSync(place).sort()).toEqual(["model", "project"]);
});

it("writes through a link and leaves the link", async () => {
  await saveCheckpoint(join(place, "model"), content(1));
  await symlink("model", join(place, "latest"));
  await saveCheckpoint(join(place, "latest"), content(2));
  expect(JSON.parse(readFileSync(join(place, "model", "config.json"), "utf8")).value).toBe(2);
  expect(readlinkSync(join(place, "latest"))).toBe("model");
});

it("refuses weights that do not have their shape, and names that come twice", async () => {
  const folder = join(place, "model");
  const [weight] = content(1).tensors;
  for (const tensors of [[{ ...weight, shape: [3] }], [weight, weight]]) {
    await expect(saveCheckpoint(folder, { ...content(1), tensors })).rejects.toMatchObject({ code: "E_WEIGHTS" });
  }
  expect(readdirSync(place)).toEqual([]);
});

it("does not touch a folder of other files, nor a file", async () => {
  const folder = join(place, "photos");
  await mkdir(folder);
  await writeFile(join(folder, "cat.jpg"), "cat");
  await expect(saveCheckpoint(folder, content(1))).rejects.toMatchObject({
    code: "E_STORE",
    message: expect.stringContaining("cat.jpg"),
  });
  await writeFile(join(place, "file"), "text");
  await expect(saveCheckpoint(join(place, "file"), content(1))).rejects.toMatchObject({ code: "E_STORE" });
  await expect(saveCheckpoint(join(place, "file", "model"), content(1))).rejects.toMatchObject({
    code: "E_STORE",
    message: expect.stringContaining("a file"),
  });
  expect(readdirSync(place).sort()).toEqual(["file", "photos"]);
});

it("leaves the old folder whole when the new one fails", async () => {
  const folder = join(place, "model");
  await saveCheckpoint(folder, content(1));
  const broken = {
    ...content(2),
    get tensors(): never {
      throw Object.assign(new Error("write"), { code: "ENOSPC" });
    },
  };
  await expect(saveCheckpoint(folder, broken)).rejects.toMatchObject({
    code: "E_STORE",
    message: expect.stringContaining("a full disk"),
  });
  expect(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")).value).toBe(1);
  expect(readdirSync(place)).toEqual(["model"]);
});

it.each([true, false])("of saves at once one wins, whole; something there before: %s", async (before) => {
  const folder = join(place, "model");
  if (before) await saveCheckpoint(folder, content(0));
  await Promise.all([1, 2, 3, 4, 5, 6].map((value) => saveCheckpoint(folder, content(value))));
  const checkpoint = await openCheckpoint(folder);
  const [first, second] = await checkpoint.weights.read("w");
  expect(first).toBeGreaterThan(0);
  expect([first, second]).toEqual([checkpoint.config.value, (checkpoint.config.value as number) + 1]);
  await checkpoint.weights.close();
  expect(readdirSync(place)).toEqual(["model"]);
});

it("finds the old model where a save was killed between its two renames", async () => {
  await saveCheckpoint(join(place, ".model.saving-1234.old"), content(1));
  const message = await openCheckpoint(join(place, "model")).catch((error: Error) => error.message);
  expect(message).toContain(join(place, ".model.saving-1234.old"));
});

it("removes what killed saves left, but not the only whole model", async () => {
  const gone = spawnSync(process.execPath, ["--version"]).pid;
  const folder = join(place, "model");
  const left = [`.model.saving-${gone}-0a`, `.model.saving-${gone}-0b.old`, `.model.saving-${process.pid}-0c`];
  for (const name of left) await mkdir(join(place, name));
  await mkdir(join(place, `.model2.saving-${gone}-0a`));
  await saveCheckpoint(folder, content(1));
  // The first save found no model in the place of the one moved aside, so that it may have been the only one.
  const others = [`.model2.saving-${gone}-0a`, `.model.saving-${process.pid}-0c`];
  expect(readdirSync(place).sort()).toEqual([...others, `.model.saving-${gone}-0b.old`, "model"].sort());
  await saveCheckpoint(folder, content(2));
  expect(readdirSync(place).sort()).toEqual([...others, "model"].sort());
});

it.runIf(existsSync("/proc/self/fd"))("has all on the disk before the old model goes", async () => {
  const folder = join(place, "model");
  await saveCheckpoint(folder, content(1));
  const file = await open(join(folder, "config.json"));
  const prototype = Object.getPrototypeOf(file) as typeof file;
  await file.close();
  const { sync } = prototype;
  const synced: string[] = [];
  prototype.sync = function (this: typeof file) {
    const path = readlinkSync(`/proc/self/fd/${this.fd}`);
    const isAside = readdirSync(place).some((name) => name.endsWith(".old"));
    synced.push(`${basename(path).replace(/saving-.*/, "saving")}${isAside ? ", the old model aside" : ""}`);
    return sync.call(this);
  };
  try {
    await saveCheckpoint(folder, content(2));
  } finally {
    prototype.sync = sync;
  }
  expect(synced).toEqual([
    "config.json",
    "vocab.txt",
    "model.safetensors",
    ".model.saving",
    `${basename(place)}, the old model aside`,
  ]);
});

it("says what a folder lacks", async () => {
  const said = (folder: string) =>
    openCheckpoint(folder).then(
      () => "opened",
      (error: Error) => error.message,
    );
  expect(await said(join(place, "nothing"))).toMatch(/nothing of this name/);
  expect(await said(place)).toMatch(/config\.json.*empty folder/);
  await writeFile(join(place, "config.json"), "{}");
  expect(await said(place)).toMatch(/model\.safetensors/);
  await writeFile(join(place, "pytorch_model.bin"), "");
  expect(await said(place)).toMatch(/tokenizer\.json, or a vocabulary/);
  await writeFile(join(place, "vocab.txt"), "[PAD]\n");
  expect(await said(place)).toMatch(/pytorch_model\.bin.*damaged/);
});
