import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDataset } from "./read-dataset.js";
import { writeDataset } from "./write-dataset.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "textune-"));
});
afterAll(() => rm(folder, { recursive: true }));
const file = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
};

describe("what is read and written again", () => {
  const CSV =
    "id,text,price,phone,label,zip\n1,fine,1.10,+4917012,a,01234\n2,awful,20,+4917013,b,00001\n3,so so,.5,+1,a,9\n";

  it("keeps every cell and the order of columns", async () => {
    const dataset = await readDataset(await file("shop.csv", CSV), { columns: "all" });
    const path = join(folder, "again.csv");
    await writeDataset(dataset, path);
    expect(await readFile(path, "utf8")).toBe(CSV);
    expect(
      dataset
        .shuffle(1)
        .map((row) => row)
        .columns.map(({ name }) => name),
    ).toEqual([...["id", "text", "price", "phone", "label", "zip"]]);
  });

  it("keeps numbers as they are written in JSON too", async () => {
    const lines = '{"text":"fine","price":1.10,"label":"a"}\n{"text":"awful","price":-2e3,"label":"b"}\n';
    const csv = await file("prices.csv", "text,price,label\nfine,1.10,a\nawful,-2e3,b\n");
    const path = join(folder, "prices.jsonl");
    await writeDataset(await readDataset(csv, { columns: "all" }), path);
    expect(await readFile(path, "utf8")).toBe(lines);
  });

  it("keeps what objects hold from somewhere on only", async () => {
    const objects = Array.from({ length: 3000 }, (_, i) => ({
      text: `text ${i}`,
      label: i % 2 === 0 ? "a" : "b",
      ...(i >= 2500 ? { late: i } : {}),
    }));
    const path = await file("late.jsonl", objects.map((object) => JSON.stringify(object)).join("\n"));
    const dataset = await readDataset(path, { columns: "all" });
    expect([dataset.value(2499, "late"), dataset.value(2999, "late")]).toEqual([undefined, 2999]);
    expect((await readDataset(path)).columns.map(({ name }) => name)).toEqual(["text", "label"]);
  });
});

describe("text of tabs", () => {
  it("does not let a quoted field pass that comes late", async () => {
    const many = `${"plain\tx\n".repeat(200_000)}"He said ""hi"""\ty\n`;
    const path = await file("late.tsv", `text\tlabel\n${many}`);
    await expect(readDataset(path)).rejects.toMatchObject({
      message: expect.stringMatching(/line 200002: a quoted field.*{ quote: "\\"" }/),
    });
    const dataset = await readDataset(path, { quote: '"' });
    expect(dataset.text(200_000)).toBe('He said "hi"');
  });
});

describe("a file", () => {
  it("may end lines in carriage returns and hold line feeds in quotes", async () => {
    const dataset = await readDataset(await file("mac.csv", 'text,label\r"two\nlines",a\rone,b\r'));
    expect([...dataset].map((row) => [row.text, row.label])).toEqual([
      ["two\nlines", "a"],
      ["one", "b"],
    ]);
  });

  it("may begin with a damaged row, which is no header", async () => {
    const path = await file("damaged.csv", '"never" closed,x,y\ntext,label\nfine,a\nbad,b\n');
    await expect(readDataset(path)).rejects.toThrow(/damaged\.csv, line 1: /);
    const dataset = await readDataset(path, { badRows: "report" });
    expect([...dataset].map((row) => row.text)).toEqual(["fine", "bad"]);
    expect(dataset.badRows.map(({ where }) => where)).toEqual(["line 1"]);
  });

  it("that is not UTF-8 leaves the others as they are", async () => {
    const ascii = `text,label\n${"plain words,x\n".repeat(90_000)}`;
    await file("mixed/a.csv", Buffer.concat([Buffer.from(ascii), Buffer.from("caf\xe9,y\n", "latin1")]));
    await file("mixed/b.csv", "text,label\nŁódź,z\n");
    const dataset = await readDataset(join(folder, "mixed/*.csv"));
    expect(dataset.text(dataset.length - 2)).toBe("café");
    expect(dataset.text(dataset.length - 1)).toBe("Łódź");
  });
});

describe("class folders", () => {
  it("hold texts whatever they are called, as those of 20 Newsgroups", async () => {
    await file("news/sci.space/51060", "Orbit");
    await file("news/sci.space/51061.txt", "Rocket");
    await file("news/rec.autos/101551", Buffer.from("Caf\xe9 racer", "latin1"));
    await file("news/rec.autos/.DS_Store", "\0\0\0\0");
    await file("news/README", "about");
    const dataset = await readDataset(join(folder, "news"));
    expect([...dataset].map((row) => [row.text, row.label])).toEqual([
      ["Café racer", "rec.autos"],
      ["Orbit", "sci.space"],
      ["Rocket", "sci.space"],
    ]);
    expect(dataset.notices).toEqual([
      ...dataset.notices.filter((notice) => notice.includes("is read as")),
      "1 file outside the classes left out (README)",
      "some texts are not in UTF-8 and were read as windows-1252",
    ]);
    const some = await readDataset(join(folder, "news"), { extension: "txt" });
    expect([...some].map((row) => row.text)).toEqual(["Rocket"]);
  });

  it("say which file is no text", async () => {
    await file("pictures/cat/a.txt", "a cat");
    await file("pictures/cat/b.png", Buffer.from([0x89, 0x50, 0, 0, 0, 0, 1, 2]));
    await file("pictures/dog/c.txt", "a dog");
    await expect(readDataset(join(folder, "pictures"))).rejects.toThrow(
      /b\.png: bytes that are no text; leave it out, .* with { extension: "\.txt" }/,
    );
    expect((await readDataset(join(folder, "pictures"), { badRows: "skip" })).length).toBe(2);
  });
});
