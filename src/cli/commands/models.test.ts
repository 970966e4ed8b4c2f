/** `textune models` as a user runs it, on a cache of its own and a hub beside it. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type HubServer, startHub } from "../../../tests/support/hub-server.js";
import { personsTerminal } from "../../../tests/support/terminal.js";
import { runCommandLine } from "../command-line.js";

let cacheDir = "";
let hub: HubServer;
beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), "textune models "));
  const files = { "vocab.txt": Buffer.from("[PAD]\n"), "model.safetensors": Buffer.alloc(3_000_000) };
  hub = await startHub({
    id: "google/bert_uncased_L-2_H-128_A-2",
    files: { ...files, "config.json": Buffer.from('{"model_type":"bert"}') },
  });
  vi.stubEnv("HF_ENDPOINT", hub.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await hub.close();
  await rm(cacheDir, { recursive: true });
});

const tiny = "small_bert/bert_en_uncased_L-2_H-128_A-2";
async function models(...args: string[]) {
  const stdout: string[] = [];
  const { terminal, log } = personsTerminal();
  const stream = { ...terminal.stdout, write: (text: string) => stdout.push(text) > 0, on: () => undefined };
  const code = await runCommandLine(["models", ...args, "--cache-dir", cacheDir], { ...terminal, stdout: stream });
  return { code, stdout: stdout.join(""), stderr: log.join("") };
}
const names = (json: string): string[] => (JSON.parse(json) as { name: string }[]).map(({ name }) => name);

it("lists what fits, and says what is on this machine", async () => {
  expect(names((await models("--json")).stdout)).toContain("google-bert/bert-base-uncased");
  const small = names((await models("list", "--max-parameters", "5M", "--json")).stdout);
  expect(small).toEqual([
    tiny,
    "small_bert/bert_en_uncased_L-4_H-128_A-2",
    "bert_tiny_en_uncased",
    "bert_tiny_en_uncased_sst2",
  ]);
  const chinese = names((await models("--language", "chinese", "--architecture", "bert", "--json")).stdout);
  expect(chinese).toEqual(expect.arrayContaining(["bert_base_zh", "bert_base_multi"]));
  expect(chinese).not.toContain(tiny);
  expect(names((await models("--cached", "--json")).stdout)).toEqual(["all-MiniLM-L6-v2"]);
  expect((await models("--max-parameters", "many")).code).toBe(2);
});

it("pulls, tells, verifies and removes a model by any of its names", async () => {
  const address = "https://tfhub.dev/tensorflow/small_bert/bert_en_uncased_L-2_H-128_A-2/1";
  const pulled = await models("pull", address);
  expect(pulled).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("models--google--bert_uncased_L-2_H-128_A-2"),
  });
  expect(pulled.stderr).toContain("downloading model.safetensors, 3.0 MB");
  const folder = pulled.stdout.trim();
  expect(await readFile(join(folder, "vocab.txt"), "utf8")).toBe("[PAD]\n");

  const told = (await models("info", tiny)).stdout;
  expect(told).toMatch(/^name +small_bert.*\n/);
  expect(told).toMatch(/on this machine +3\.0 MB\n/);
  expect((await models("verify")).code).toBe(0);

  await writeFile(join(folder, "vocab.txt"), "[pad]\n");
  const verified = await models("verify", tiny);
  expect(verified).toMatchObject({ code: 1, stdout: expect.stringContaining("not what was downloaded") });
  expect(verified.stderr).toContain("textune models remove");
  expect((await models("remove", tiny)).code).toBe(0);
  expect((await models("remove", tiny)).code).toBe(1);
});

it("says what else may be meant", async () => {
  const wrong = await models("pull", "small_bert/bert_en_uncased_L-2_H-128_A-3");
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain(`did you mean "${tiny}"`);
  expect((await models("info", "bert-base-uncase")).stderr).toContain('"bert-base-uncased"');
  expect((await models("pull")).code).toBe(2);
});
