import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writtenTerminal } from "../../../tests/support/terminal.js";
import { runCommandLine } from "../command-line.js";

let folder = "";
let mails = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "textune-"));
  mails = join(folder, "mails.csv");
  const rows = Array.from(
    { length: 40 },
    (_, i) => `mail <b>number</b> ${i % 36},${i % 4 === 0 ? "spam" : "ham"},${i % 8}`,
  );
  await writeFile(mails, `text,label,sender\n${rows.join("\n")}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a command as a process would, and gives what it wrote. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { terminal, written } = writtenTerminal();
  const code = await runCommandLine(["data", ...args], terminal);
  return { code, ...written };
}

describe("textune data", () => {
  it("reports as text, JSON, HTML and pictures, and compares parts", async () => {
    const text = await run("report", mails, "--quiet");
    expect([text.code, text.err]).toEqual([0, ""]);
    expect(text.out).toMatch(/^ham +30 +75\.0 %/m);
    const html = join(folder, "report.html");
    const json = await run(
      "report",
      mails,
      "--json",
      "--test-split",
      "0.25",
      "--html",
      html,
      "--images",
      join(folder, "plots"),
      "--image-format",
      "svg",
    );
    const report = JSON.parse(json.out) as {
      parts: { name: string; rows: number }[];
      notices: string[];
      columns: { name: string }[];
    };
    expect(report.parts.map(({ name, rows }) => [name, rows])).toEqual([
      ["train", 30],
      ["test", 10],
    ]);
    expect(report.notices).toContain('"label" is read as the label');
    const page = await readFile(html, "utf8");
    expect(page).toContain("<h2>Findings</h2>");
    expect(page).toContain("<h1>mails.csv</h1>");
    expect(report.columns.map(({ name }) => name)).toEqual(["text", "label", "sender"]);
    expect(await readdir(join(folder, "plots"))).toContain("labels-log.svg");
    const again = await run("report", mails, "--html", html);
    expect([again.code, again.out]).toEqual([2, ""]);
    expect(again.err).toMatch(/add --overwrite\n$/);
  });

  it("cleans into another file with all columns, and says what was changed", async () => {
    const output = join(folder, "clean.jsonl");
    const { code, out } = await run(
      "clean",
      mails,
      "--output",
      output,
      "--strip-markup",
      "--drop-duplicates",
      "exact",
      "--json",
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      rowsBefore: 40,
      rowsAfter: 36,
      steps: [
        { step: "stripMarkup", changed: 40 },
        { step: "dropDuplicates", dropped: 4 },
      ],
    });
    expect((await readFile(output, "utf8")).split("\n")[0]).toBe('{"text":"mail number 0","label":"spam","sender":0}');
    expect((await run("clean", mails, "--output", mails, "--trim")).code).toBe(2);
    expect((await run("clean", mails, "--output", join(folder, "x.csv"))).err).toMatch(
      /at least one step, got none; add some of --normalize-unicode/,
    );
  });

  it("splits into files, keeping groups together", async () => {
    const output = join(folder, "parts");
    const { code, out } = await run(
      "split",
      mails,
      "--output",
      output,
      "--test",
      "0.25",
      "--group",
      "sender",
      "--to",
      "tsv",
    );
    expect([code, out.split("\n").length]).toEqual([0, 3]);
    const senders = async (part: string) =>
      new Set(
        (await readFile(join(output, `${part}.tsv`), "utf8"))
          .trim()
          .split("\n")
          .slice(1)
          .map((line) => line.split("\t")[2]),
      );
    const [train, test] = [await senders("train"), await senders("test")];
    expect(train.size + test.size).toBe(8);
    expect([...test].some((sender) => train.has(sender))).toBe(false);
    expect((await run("split", mails, "--output", output, "--test", "1.5")).err).toMatch(
      /--test: expected a share below 1 or a whole number of rows, got 1\.5/,
    );
  });

  it("explains bad input in one line", async () => {
    const missing = await run("report", join(folder, "mail.csv"));
    expect([missing.code, missing.out]).toEqual([1, ""]);
    expect(missing.err).toMatch(/^textune: .*nothing there; did you mean "mails\.csv"\?\n$/);
    expect((await run("report", mails, "--text", "txt")).err).toMatch(/did you mean "text"\?\n$/);
    expect((await run("report")).code).toBe(2);
  });
});
