/** Classifiers that are tried in the Studio: which there are, what they say, and where they may lie. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TextClassifier } from "../../src/index.js";
import { type RunningStudio, startStudio } from "../../src/studio/node/server.js";
import type { ModelAnswer, ModelList } from "../../src/studio/wire/models.js";
import { Artifact, init } from "../../src/tracking/index.js";
import { openStore, type Store } from "../../src/tracking/store/node/open-store.js";
import { writeRandomCheckpoint } from "../support/random-checkpoint.js";

const place = mkdtempSync(join(tmpdir(), "textune studio try "));
const folder = join(place, "work");
const mine = join(folder, "my models", "one");
const TEXT = "The <b>cat</b> sat on the mat 🐈";
let store: Store;
const open: RunningStudio[] = [];

beforeAll(async () => {
  mkdirSync(mine, { recursive: true });
  await writeRandomCheckpoint("bert-relu", mine, ["ham", "news", "spam"]);
  cpSync(mine, join(place, "secret"), { recursive: true });
  symlinkSync(join(place, "secret"), join(folder, "link"));
  writeFileSync(join(folder, "config.json"), '{"not":"a model"}');
  const dir = join(place, "store");
  const settings = { statsSamplingInterval: 0, console: false } as const;
  const run = await init({ dir, project: "mails", settings });
  const kept = new Artifact({ name: "filter", type: "model" });
  await kept.addDir(mine);
  await run.logArtifact(kept, { aliases: ["best"] });
  const data = new Artifact({ name: "words", type: "dataset" });
  await data.addDir(mine);
  await run.logArtifact(data);
  await run.finish();
  store = await openStore(dir);
  for (const readOnly of [false, true])
    open.push(await startStudio(store, { port: 0, readOnly }, undefined, { folder, cache: join(place, "cache") }));
});
afterAll(async () => {
  for (const one of open) await one.close();
  await store.close();
  rmSync(place, { recursive: true, force: true, maxRetries: 3 });
});

const list = async (at: RunningStudio): Promise<string[]> => {
  const { models } = (await (await fetch(`${at.address}/api/models`)).json()) as ModelList;
  return models.map(({ model }) => model);
};
async function ask(body: object, at = open[0]): Promise<{ status: number; said: ModelAnswer & { error?: string } }> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${at.address}/api/models/ask`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, said: (await answer.json()) as ModelAnswer };
}

it("says what the classifier says, of a folder and of a model in the store", async () => {
  expect(await list(open[0])).toEqual(["artifact:mails/filter:v0", "folder:my models/one"]);
  const classifier = await TextClassifier.fromPretrained(mine);
  const { scores, label } = await classifier.predict(TEXT);
  const { words, value } = await classifier.explain(TEXT, { label: "spam" });
  await classifier.close();
  for (const model of await list(open[0])) {
    const { said } = await ask({ model, text: TEXT, label: "spam" });
    expect(said.error).toBeUndefined();
    expect(said.predicted).toEqual([label]);
    for (const one of said.scores) expect(one.value).toBeCloseTo(scores[one.name], 5);
    expect(said.explanation?.value).toBeCloseTo(value, 4);
    expect(said.explanation?.words.map((word) => word.text)).toEqual(words.map((word) => word.text));
    for (const { text, start, end } of said.explanation?.tokens ?? []) expect(TEXT.slice(start, end)).toBe(text);
  }
});

it("opens no folder but those below its own, and no artifact that is no model", async () => {
  const wrong = ["../secret", join(place, "secret"), "link", "my models", "none", "config.json", "\0"].map(
    (path) => `folder:${path}`,
  );
  for (const model of [...wrong, "artifact:mails/words:v0", "artifact:none:v0", "all-MiniLM-L6-v2", ""]) {
    const { status, said } = await ask({ model, text: TEXT });
    expect([model, [400, 404].includes(status)]).toEqual([model, true]);
    expect(said.error).toMatch(/\S: \S/);
  }
});

it("refuses a class that there is not, no text, and one that is too long", async () => {
  const model = "folder:my models/one";
  for (const more of [{ text: TEXT, label: "eggs" }, { text: "" }, { text: "x".repeat(20_001) }]) {
    const { status, said } = await ask({ model, ...more });
    expect([status, said.error]).toEqual([400, expect.stringMatching(/\S: expected/)]);
  }
});

it("tries models of the store when it is read-only, and shows no folders", async () => {
  expect(await list(open[1])).toEqual(["artifact:mails/filter:v0"]);
  expect((await ask({ model: "artifact:mails/filter:v0", text: TEXT }, open[1])).status).toBe(200);
  expect((await ask({ model: "folder:my models/one", text: TEXT }, open[1])).status).toBe(400);
});
