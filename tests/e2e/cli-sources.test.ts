/** train, evaluate and predict on data of every kind, as processes. Needs the build in dist/, which `npm test` makes. */
import { spawn } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createGzip, gzipSync } from "node:zlib";
import Database from "libsql";
import { pack } from "tar-stream";
import { afterAll, beforeAll, expect, it } from "vitest";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const tickets = fileURLToPath(new URL("../../examples/data/support-tickets.csv", import.meta.url));

let place: string;
function textune(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, ...args], { cwd: place });
  child.stdin.end();
  return new Promise((resolve) => {
    const said = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk));
    child.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk));
    child.on("close", (code) => resolve({ code, ...said }));
  });
}

// Rows without commas or quotes, so that lines are rows.
const rows = readFileSync(tickets, "utf8")
  .split("\n")
  .slice(1)
  .map((line) => /^([^,"]+),(\w+)$/.exec(line))
  .flatMap((match) => (match === null ? [] : [{ text: match[1] as string, label: match[2] as string }]))
  .slice(0, 60);
const parts = { train: rows.slice(0, 40), test: rows.slice(40) };

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune sources "));
  const archive = pack();
  for (const [part, members] of Object.entries(parts))
    members.forEach(({ text, label }, i) => {
      archive.entry({ name: `tickets/${part}/${label}/${String(i).padStart(2, "0")}.txt` }, text);
    });
  archive.entry({ name: "tickets/train/unsup/0.txt" }, "left out");
  archive.finalize();
  await pipeline(archive, createGzip(), createWriteStream(join(place, "tickets.tar.gz")));
  const config = { data: "tickets.tar.gz", member: "tickets/train", exclude: "unsup", testMember: "tickets/test" };
  const training = { output: "model", epochs: 1, maxLength: 32, validationSplit: 0 };
  await writeFile(join(place, "run.json"), JSON.stringify({ ...config, ...training }));
  const trained = await textune("train", "--config", "run.json", "--json");
  expect(trained.code, trained.stderr).toBe(0);
  expect(JSON.parse(trained.stdout)).toMatchObject({
    labels: [...new Set(parts.train.map(({ label }) => label))].sort(),
    test: { examples: 20 },
  });
}, 120_000);
afterAll(() => rm(place, { recursive: true, force: true }));

it("evaluates the same on an archive, a database and several files", async () => {
  const database = new Database(join(place, "tickets.sqlite"));
  database.exec("create table tickets (body text, team text)");
  const insert = database.prepare("insert into tickets values (?, ?)");
  for (const { text, label } of parts.test) insert.run(text, label);
  database.close();
  const csv = (some: typeof rows) => `text,label\n${some.map(({ text, label }) => `${text},${label}`).join("\n")}\n`;
  await writeFile(join(place, "part-1.csv"), csv(parts.test.slice(0, 8)));
  await writeFile(join(place, "part-2.csv.gz"), gzipSync(csv(parts.test.slice(8))));
  const outcomes = await Promise.all([
    textune("evaluate", "model", "tickets.tar.gz", "--member", "tickets/test", "--json"),
    textune("evaluate", "model", "tickets.sqlite", "--query", "tickets", "--text", "body", "--label", "team", "--json"),
    textune("evaluate", "model", "part-*", "--json"),
    textune("evaluate", "model", "part-1.csv", "part-2.csv.gz", "--json"),
  ]);
  const [first, ...others] = outcomes.map(({ code, stdout, stderr }) => {
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout) as { examples: number; loss: number; confusion: number[][] };
  });
  expect(first?.examples).toBe(20);
  for (const other of others) {
    expect(other.confusion).toEqual(first?.confusion);
    expect(other.loss).toBeCloseTo(first?.loss as number, 5);
  }
}, 60_000);

it("predicts the texts of an archive, a query and packed lines, in their order", async () => {
  const texts = parts.test.slice(0, 3).map(({ text }) => text);
  await writeFile(join(place, "lines.txt.gz"), gzipSync(`${texts.join("\n")}\n`));
  const outcomes = await Promise.all([
    textune("predict", "model", ...texts, "--json"),
    textune("predict", "model", "--file", "lines.txt.gz", "--json"),
    textune("predict", "model", "--file", "tickets.sqlite", "--query", "select body from tickets limit 3", "--json"),
    textune("predict", "model", "--file", "part-1.csv", "--file", "part-2.csv.gz", "--json"),
    textune("predict", "model", "--file", "tickets.tar.gz", "--member", "tickets/test", "--json"),
  ]);
  const answers = outcomes.map(({ code, stdout, stderr }) => {
    expect(code, stderr).toBe(0);
    return stdout.trim().split("\n");
  });
  const [first, lines, query, files, archive] = answers as [string[], string[], string[], string[], string[]];
  expect(first.map((line) => JSON.parse(line).text)).toEqual(texts);
  const labels = (answer: string[]) => answer.map((line) => [JSON.parse(line).text, JSON.parse(line).label]);
  for (const other of [lines, query, files.slice(0, 3)]) expect(labels(other)).toEqual(labels(first));
  expect(files).toHaveLength(20);
  expect(archive).toHaveLength(20);
}, 60_000);
