import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isLinesFile, lineTexts, sourceTexts, tableTexts } from "./read-texts.js";

async function* bytes(...pieces: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield typeof piece === "string" ? new TextEncoder().encode(piece) : piece;
}

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

it("gives each line, empty ones too, whatever its end and however it is cut", async () => {
  const [first, second] = [new TextEncoder().encode("日本").slice(0, 4), new TextEncoder().encode("日本").slice(4)];
  const rows = await all(lineTexts(bytes("\uFEFFone\r", "\n\ntw", "o\n", first, second)));
  expect(rows).toEqual([
    { place: "line 1", text: "one" },
    { place: "line 2", text: "" },
    { place: "line 3", text: "two" },
    { place: "line 4", text: "日本" },
  ]);
});

it("gives a line before the next is there", async () => {
  let released = false;
  async function* slow(): AsyncGenerator<Uint8Array> {
    yield* bytes("first\n");
    released = true;
    yield* bytes("second\n");
  }
  const rows = lineTexts(slow());
  expect((await rows.next()).value).toEqual({ place: "line 1", text: "first" });
  expect(released).toBe(false);
});

it("reads columns of tables, joined, with places of the file", async () => {
  const csv = 'id,title,body\n1,Hello,"two\nlines"\n2,,alone\n';
  const rows = await all(tableTexts(bytes(csv), { format: "csv", text: ["title", "body"] }, () => {}));
  expect(rows.map((row) => row.text)).toEqual(["Hello two\nlines", "alone"]);
  const jsonl = '{"text":"a"}\n{"text":null}\n';
  expect(await all(tableTexts(bytes(jsonl), { format: "jsonl", text: "text" }, () => {}))).toEqual([
    { place: "line 1", text: "a" },
    { place: "line 2", text: "" },
  ]);
});

it("stops at a damaged row, or gives it an empty text, so that the order holds", async () => {
  const csv = "id,text\n1,a\n2\n3,c\n";
  await expect(all(tableTexts(bytes(csv), { format: "csv", text: "text" }, () => {}))).rejects.toMatchObject({
    code: "E_DATA",
    message: expect.stringContaining("standard input, line 3"),
  });
  const rows = await all(tableTexts(bytes(csv), { format: "csv", text: "text", badRows: "skip" }, () => {}));
  expect(rows.map((row) => row.text)).toEqual(["a", "", "c"]);
});

it("takes a file for lines of text unless its name says that it is a table", () => {
  const tables = [
    "a.CSV",
    "a.tsv",
    "a.ndjson.gz",
    "a.parquet",
    "a.zip",
    "a.tar.gz",
    "https://x.org/a",
    "hf://a/b",
    "*.txt",
  ];
  expect(tables.filter(isLinesFile)).toEqual([]);
  expect(["a.txt", "a", "mails.2026", "a.txt.gz", "C:/a.txt"].filter((path) => !isLinesFile(path))).toEqual([]);
});

it("reads a table in a .txt, told by an option or by what stands in it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "textune-"));
  try {
    const file = async (name: string, content: string): Promise<string> => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    };
    const texts = async (path: string, options = {}): Promise<string[]> =>
      (await all(sourceTexts([path], options, () => {}))).map((row) => row.text);
    const table = "label;text\n1;fine\n0;awful, really\n";
    expect(await texts(await file("a.txt", table), { delimiter: ";", text: "text" })).toEqual([
      "fine",
      "awful, really",
    ]);
    expect(await texts(await file("b.txt", table), { text: "text" })).toEqual(["fine", "awful, really"]);
    const tabs = "text\tlabel\nfine\t1\nawful\t0\n";
    expect(await texts(await file("c.txt", tabs))).toEqual(["fine", "awful"]);
    const unknown = await file("d.data", "good\tso it is\nbad\tno\n");
    await expect(texts(unknown)).rejects.toMatchObject({ option: "text" });
    expect(await texts(unknown, { format: "lines" })).toEqual(["good\tso it is", "bad\tno"]);
    const prose = "One, two.\nThree.\n\nFour, five, six.\nSeven.\nEight.\n";
    expect(await texts(await file("e.txt", prose))).toEqual(prose.split("\n").slice(0, -1));
  } finally {
    await rm(folder, { recursive: true });
  }
});
