import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { rewriteConfig } from "./rewrite-config.js";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune config "));
});
afterAll(() => rm(place, { recursive: true, force: true }));

it("changes config.json, leaves the other files, and nothing beside them", async () => {
  await writeFile(join(place, "config.json"), '{"model_type":"bert","textune":{"tokenizer":"ab"}}');
  await writeFile(join(place, "model.safetensors"), "weights");
  await rewriteConfig(place, (config) => ({ ...config, more: 1 }));
  expect(JSON.parse(await readFile(join(place, "config.json"), "utf8"))).toEqual({
    model_type: "bert",
    textune: { tokenizer: "ab" },
    more: 1,
  });
  expect((await readdir(place)).sort()).toEqual(["config.json", "model.safetensors"]);
});

it("says where there is no model folder, and leaves a configuration that it cannot read as it is", async () => {
  await expect(rewriteConfig(join(place, "nowhere"), (config) => config)).rejects.toThrow(/none with a config.json/);
  const broken = join(place, "broken");
  await mkdir(broken);
  await writeFile(join(broken, "config.json"), "{");
  await expect(rewriteConfig(broken, (config) => config)).rejects.toMatchObject({ code: "E_STORE" });
  expect(await readFile(join(broken, "config.json"), "utf8")).toBe("{");
  expect(await readdir(broken)).toEqual(["config.json"]);
});
