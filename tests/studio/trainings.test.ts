/** Trainings started from the Studio: which files, which options, and how the process is run. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { trainGroups } from "../../src/cli/train-options.js";
import { type RunningStudio, startStudio } from "../../src/studio/node/server.js";
import type { DataPreview, FileList, Training, TrainingList } from "../../src/studio/wire/trainings.js";
import { openStore, type Store } from "../../src/tracking/store/node/open-store.js";

const place = mkdtempSync(join(tmpdir(), "textune studio start "));
const folder = join(place, "work");
const ODD = "a $(touch pwned) `touch pwned`; touch pwned.csv";
/** In the place of the command line: says what it was given. */
const SAYS = `
const { readFileSync } = require("node:fs");
const [, ...words] = process.argv.slice(process.argv.indexOf("train"));
console.error(process.cwd());
console.error(JSON.stringify([words[0], words[2], JSON.parse(readFileSync(words[1], "utf8")), process.env.TEXTUNE_TRIAL]));
if (readFileSync(words[1], "utf8").includes('"epochs":9')) setInterval(() => {}, 1000);
process.exitCode = 3;
`;
let store: Store;
let studio: RunningStudio;

beforeAll(async () => {
  mkdirSync(join(folder, "data"), { recursive: true });
  writeFileSync(join(folder, "data", ODD), "text,label\n<b>good</b>,1\nbad,0\n");
  writeFileSync(join(place, "secret.csv"), "text,label\nsecret,1\n");
  symlinkSync(place, join(folder, "out"));
  store = await openStore(join(place, "store"));
  studio = await startStudio(
    store,
    { port: 0 },
    { groups: trainGroups, command: [process.execPath, "-e", SAYS, "--"], store: store.name, folder },
  );
});
afterAll(async () => {
  await studio.close();
  await store.close();
  rmSync(place, { recursive: true, force: true, maxRetries: 3 });
});

const ask = async <T>(path: string): Promise<T> => (await (await fetch(`${studio.address}${path}`)).json()) as T;
async function post(path: string, body: object): Promise<{ status: number; said: Training & { error: string } }> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${studio.address}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, said: (await answer.json()) as Training & { error: string } };
}
const current = async (id: string): Promise<Training | undefined> =>
  (await ask<TrainingList>("/api/trainings")).trainings.find((one) => one.id === id);

it("shows the files of its folder and the first rows of one", async () => {
  const { entries } = await ask<FileList>("/api/files?folder=data");
  expect(entries.map(({ path, kind }) => [path, kind])).toEqual([[`data/${ODD}`, "file"]]);
  const query = new URLSearchParams({ path: `data/${ODD}` });
  expect(await ask<DataPreview>(`/api/files/preview?${query}`)).toEqual({
    columns: ["text", "label"],
    named: true,
    rows: [
      ["<b>good</b>", "1"],
      ["bad", "0"],
    ],
    text: "text",
    label: "label",
  });
});

it("never leaves its folder: not by .., an absolute path, or a link", async () => {
  // What is not there is refused as well: nobody learns what stands elsewhere.
  for (const path of [
    "../secret.csv",
    "../nothing.csv",
    join(place, "secret.csv"),
    "out/secret.csv",
    "data/../../secret.csv",
    "out",
  ]) {
    const query = new URLSearchParams({ path, folder: path });
    for (const address of [
      `/api/files/preview?path=${query.get("path")}`,
      `/api/files?folder=${query.get("folder")}`,
    ]) {
      const answer = await fetch(`${studio.address}${encodeURI(address)}`);
      expect([path, answer.status]).toEqual([path, 400]);
      expect(await answer.text()).not.toContain("good");
    }
    const start = (body: object) => post("/api/trainings", { data: `data/${ODD}`, output: "models/x", ...body });
    for (const body of [{ data: path }, { output: path }, { options: { validation: path } }])
      expect((await start(body)).status).toBe(400);
  }
  expect(existsSync(join(folder, "models"))).toBe(false);
});

it("asks for every option that the command has but those that say where things go", async () => {
  const { form, canStart } = await ask<TrainingList>("/api/trainings");
  const fields = form.flatMap((group) => group.fields);
  expect(canStart).toBe(true);
  expect(fields.find(({ name }) => name === "epochs")).toMatchObject({ kind: "number" });
  expect(fields.find(({ name }) => name === "preset")).toMatchObject({ choices: expect.arrayContaining(["fast"]) });
  expect(fields.filter(({ name }) => ["output", "overwrite", "dir", "plots"].includes(name))).toEqual([]);
});

it("refuses options in words before anything runs", async () => {
  const start = (options: object) => post("/api/trainings", { data: `data/${ODD}`, output: "models/x", options });
  expect((await start({ epochs: "many" })).said.error).toMatch(/epochs: expected .*number.*many/);
  expect((await start({ epoch: "1" })).said.error).toContain('did you mean "epochs"');
  expect((await start({ overwrite: "true" })).status).toBe(400);
  expect((await ask<TrainingList>("/api/trainings")).trainings).toEqual([]);
});

it("runs the command with words in a list and options in a file, says how it ended, and no shell reads anything", async () => {
  const options = { epochs: "2", tags: "a, b", classWeights: "balanced", baseline: "true", name: "$(touch pwned)" };
  const { said, status } = await post("/api/trainings", { data: `data/${ODD}`, output: "models/x y", options });
  expect([status, said.state]).toEqual([200, "running"]);
  await expect.poll(async () => (await current(said.id))?.state).toBe("failed");
  const [directory, given] = (await current(said.id))?.lines ?? [];
  expect(directory).toBe(folder);
  const [first, json, config, run] = JSON.parse(given) as [string, string, object, string];
  expect([first, json]).toEqual(["--config", "--json"]);
  expect(config).toEqual({
    ...{ epochs: 2, tags: ["a", "b"], classWeights: "balanced", baseline: true, name: "$(touch pwned)" },
    data: join(folder, "data", ODD),
    output: join(folder, "models/x y"),
  });
  expect(JSON.parse(run)).toMatchObject({ runId: said.id, address: store.name });
  expect(readdirSync(folder).filter((name) => name.includes("pwned"))).toEqual([]);
});

it("stops a training, and starts none when it is read-only", async () => {
  const body = { data: `data/${ODD}`, output: "models/y", options: { epochs: "9" } };
  const { said } = await post("/api/trainings", body);
  await expect.poll(async () => (await current(said.id))?.lines.length).toBe(2);
  expect((await post(`/api/trainings/${said.id}/stop`, {})).said.state).toBe("stopping");
  await expect.poll(async () => (await current(said.id))?.state).toBe("stopped");
  const shown = await startStudio(
    store,
    { port: 0, readOnly: true },
    { groups: trainGroups, command: ["false"], store: store.name, folder },
  );
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${shown.address}/api/trainings`, { method: "POST", headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(403);
  const file = new URLSearchParams({ path: `data/${ODD}` });
  const files = ["/api/files", `/api/files/preview?${file}`];
  for (const path of [...files, "/api/label/files", `/api/label/columns?${file}`, `/api/label?${file}`])
    expect((await fetch(`${shown.address}${path}`)).status).toBe(403);
  await shown.close();
});
