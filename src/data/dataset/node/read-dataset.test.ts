import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharedPath } from "../../../../tests/support/shared.js";
import type { Dataset } from "../dataset.js";
import { readDataset } from "./read-dataset.js";

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
const rows = (dataset: Dataset): (string | undefined)[][] => [...dataset].map((row) => [row.text, row.label]);

describe("readDataset", () => {
  it("reads the named columns of a CSV file", async () => {
    const path = await file("a.csv", 'id,text,sentiment\n1,"Good, really",pos\n2,"Two\nlines",neg\n');
    const dataset = await readDataset(path, { text: "text", label: "sentiment", columns: ["id"] });
    expect(rows(dataset)).toEqual([
      ["Good, really", "pos"],
      ["Two\nlines", "neg"],
    ]);
    expect(dataset.labels.names).toEqual(["neg", "pos"]);
    expect(dataset.value(1, "id")).toBe(2);
    expect(dataset.notices).toEqual([]);
  });

  it("chooses obvious columns and says so; asks where none is", async () => {
    const path = await file("obvious.csv", "id,question_text,target\n1,How so?,1\n2,Why not?,0\n");
    const dataset = await readDataset(path);
    expect(rows(dataset)).toEqual([
      ["How so?", "1"],
      ["Why not?", "0"],
    ]);
    expect(dataset.notices).toEqual(['"target" is read as the label', '"question_text" is read as the text']);
    const other = await file("other.csv", "a,b,c\nx,y,z\n");
    await expect(readDataset(other)).rejects.toMatchObject({
      code: "E_DATA",
      message: expect.stringMatching(
        /other\.csv: expected to be told which column is the text, got columns "a", "b", "c"/,
      ),
    });
    await expect(readDataset(other, { header: true, text: "a" })).rejects.toThrow(
      /which column is the label, got columns "a", "b", "c"/,
    );
  });

  it("names the nearest columns and counts from 1", async () => {
    const path = await file("near.csv", "text,category\nHello,a\nBye,b\n");
    await expect(readDataset(path, { text: "txt", label: "category" })).rejects.toThrow(
      'near.csv: expected a column called "txt" (text), got columns "text", "category"; did you mean "text"?',
    );
    await expect(readDataset(path, { text: 0, label: 2 })).rejects.toThrow(
      "option text: expected a number above 0, got 0",
    );
    await expect(readDataset(path, { text: 1, label: 3 })).rejects.toThrow(/a column from 1 to 2 as label, got 3/);
    expect(rows(await readDataset(path, { text: 1, label: "2" }))).toEqual([
      ["Hello", "a"],
      ["Bye", "b"],
    ]);
    await expect(readDataset(path, { text: "text", label: "text" })).rejects.toThrow(/different columns/);
  });

  it.each([
    [{ text: "txt" }, "text", "E_DATA"],
    [{ text: 1, label: 3 }, "label", "E_DATA"],
    [{ text: 1, label: 2, columns: ["when"] }, "columns", "E_DATA"],
    [{ delimiter: "ab" }, "delimiter", "E_CONFIG"],
    [{ encoding: "klingon" }, "encoding", "E_CONFIG"],
    [{ pattern: "(" }, "pattern", "E_CONFIG"],
    [{ labels: [] }, "labels", "E_CONFIG"],
  ])("names in an error for %j the option %s", async (options, option, code) => {
    const path = await file("named.csv", "text,category\ngood,a\nbad,b\n");
    await expect(readDataset(path, options)).rejects.toMatchObject({ option, code });
  });

  it("joins several text columns and reads texts alone", async () => {
    const path = await file("two.csv", "3,Title,A description\n1,Other,\n");
    expect(rows(await readDataset(path, { header: false, text: [2, 3], label: 1 }))).toEqual([
      ["Title A description", "3"],
      ["Other", "1"],
    ]);
    const alone = await readDataset(path, { header: false, text: 2, label: false });
    expect([alone.label(0), alone.labelId(0), alone.labels.names]).toEqual([undefined, -1, []]);
  });

  it("drops rows without text or label, with their lines", async () => {
    const path = await file("empty.csv", 'text,label\na,x\n,x\n\n"  ",y\nb,\nc,y\n');
    const dataset = await readDataset(path, { text: "text", label: "label" });
    expect(rows(dataset)).toEqual([
      ["a", "x"],
      ["c", "y"],
    ]);
    expect(dataset.notices).toEqual([
      "2 rows without text were left out (line 3, 5)",
      "1 row without a label was left out (line 6)",
    ]);
  });

  it("stops at a ragged row, leaves it out, or lists it", async () => {
    const path = await file("ragged.csv", 'text,label\na,x\nb,y,z\n"q" r,x\nd,y\n');
    await expect(readDataset(path)).rejects.toThrow(
      /ragged\.csv, line 3: expected 2 fields separated by commas, got 3; correct it/,
    );
    const skipped = await readDataset(path, { badRows: "skip", quote: '"' });
    expect([rows(skipped), skipped.badRows]).toEqual([
      [
        ["a", "x"],
        ["d", "y"],
      ],
      [],
    ]);
    expect(skipped.notices).toContain("2 rows could not be read and were left out (line 3, line 4)");
    const reported = await readDataset(path, { badRows: "report", quote: '"' });
    expect(reported.badRows.map((row) => row.where)).toEqual(["line 3", "line 4"]);
  });

  it("guesses encodings and says so", async () => {
    const content = "text,label\ncafé,x\nnaïve,y\n";
    const utf16 = new Uint8Array([
      0xff,
      0xfe,
      ...new Uint8Array(Uint16Array.from(content, (ch) => ch.charCodeAt(0)).buffer),
    ]);
    const latin1 = Uint8Array.from(content, (ch) => ch.charCodeAt(0));
    for (const [name, bytes, encoding] of [
      ["u8.csv", content, undefined],
      ["bom.csv", `\ufeff${content}`, undefined],
      ["u16.csv", utf16, "utf-16le"],
      ["bare16.csv", utf16.slice(2), "utf-16le"],
      ["l1.csv", latin1, "windows-1252"],
    ] as const) {
      const dataset = await readDataset(await file(name, bytes), { text: "text", label: "label" });
      expect(rows(dataset)).toEqual([
        ["café", "x"],
        ["naïve", "y"],
      ]);
      expect(dataset.notices.join()).toBe(encoding === undefined ? "" : `the encoding was taken to be ${encoding}`);
    }
    await expect(readDataset(await file("l1.csv", latin1), { encoding: "utf-8" })).rejects.toThrow(
      /l1\.csv, line 2: expected text in utf-8/,
    );
    await expect(readDataset(await file("l1.csv", latin1), { encoding: "latim" })).rejects.toMatchObject({
      code: "E_CONFIG",
    });
  });

  it("guesses an older encoding from a single letter at the very end", async () => {
    const dataset = await readDataset(await file("end.csv", Buffer.from("label,text\nx,tea\ny,caf\xe9", "latin1")));
    expect(dataset.text(1)).toBe("café");
  });

  it("finds damage beyond the first megabyte, and an older encoding there", async () => {
    const ascii = `text,label\n${"some words that fill the line,x\n".repeat(40_000)}`;
    const late = await readDataset(await file("late.csv", Buffer.from(`${ascii}caf\xe9,y\n`, "latin1")));
    expect(late.text(40_000)).toBe("café");
    const damaged = Buffer.concat([
      Buffer.from(`text,label\nnaïve,x\n${ascii.slice(11)}`),
      Buffer.from("caf\xe9,y\n", "latin1"),
    ]);
    const path = await file("damaged.csv", damaged);
    await expect(readDataset(path)).rejects.toThrow(/damaged\.csv, line 40003: expected text in utf-8/);
    expect((await readDataset(path, { badRows: "skip" })).text(40_001)).toBe("caf\ufffd");
  });

  it("reads a line of ten megabytes", async () => {
    const dataset = await readDataset(
      await file("long.csv", `text,label\n"${"word ".repeat(2_000_000)}",x\nshort,y\n`),
    );
    expect([dataset.text(0).length, dataset.text(1)]).toEqual([10_000_000, "short"]);
  });

  it("reads JSON Lines, lists, and objects that hold rows", async () => {
    const expected = [
      ["a \n b", "1"],
      ["c", "true"],
    ];
    const lines = '{"text":"a \\n b","label":1}\n\n{"text":"c","label":true}\n';
    const list = '[\n {"text":"a \\n b","label":1},\n {"text":"c","label":true}\n]';
    const nested = '{"version":1,"data":[{"text":"a \\n b","label":1},{"text":"c","label":true}]}';
    const columns = '{"text":{"0":"a \\n b","1":"c"},"label":{"0":1,"1":true}}';
    for (const [name, content] of [
      ["a.jsonl", lines],
      ["b.json", lines],
      ["c.json", list],
      ["d.json", nested],
      ["e.json", columns],
      ["f.data", list],
    ] as const) {
      expect(rows(await readDataset(await file(name, content), { text: "text", label: "label" }))).toEqual(expected);
    }
    const broken = await file("g.jsonl", '{"text":"a","label":1}\n{bad}\n["x"]\n{"text":"c","label":0}\n');
    await expect(readDataset(broken)).rejects.toThrow(/g\.jsonl, line 2: not valid JSON/);
    expect((await readDataset(broken, { badRows: "report" })).badRows.map((row) => row.where)).toEqual([
      "line 2",
      "line 3",
    ]);
    await expect(readDataset(await file("h.json", list.slice(0, -2)))).rejects.toThrow(
      /h\.json, line 3: the list is not closed/,
    );
  });

  it("reads lines with a pattern", async () => {
    const path = await file("q.label", "NUM:dist How far ?\nHUM:desc Who was it ?\n");
    const dataset = await readDataset(path, { pattern: /^(?<label>\w+):(?<fine>\w+) (?<text>.*)$/, columns: ["fine"] });
    expect(rows(dataset)).toEqual([
      ["How far ?", "NUM"],
      ["Who was it ?", "HUM"],
    ]);
    expect(dataset.value(0, "fine")).toBe("dist");
    await expect(readDataset(path, { pattern: "(?<label>NUM):(?<text>.*)" })).rejects.toThrow(
      /q\.label, line 2: the line does not fit the pattern/,
    );
  });

  it("reads a folder of class folders, in order, without hidden files", async () => {
    for (const [name, content] of [
      ["f/pos/b.txt", "second"],
      ["f/pos/a.txt", "first"],
      ["f/neg/x.txt", "bad"],
      ["f/neg/.hidden.txt", "no"],
      ["f/README", "stray"],
    ] as const)
      await file(name, content);
    const dataset = await readDataset(join(folder, "f"));
    expect(rows(dataset)).toEqual([
      ["bad", "neg"],
      ["first", "pos"],
      ["second", "pos"],
    ]);
    expect(dataset.notices[0]).toMatch(/1 file .*README/);
    await file("g/train/pos/a.txt", "x");
    await expect(readDataset(join(folder, "g"))).rejects.toThrow(/parts of a data set \("train"\); name one of them/);
    await mkdir(join(folder, "void"));
    await expect(readDataset(join(folder, "void"))).rejects.toThrow(/folders, one for each class/);
  });

  it("reads no more rows than the limit, over several files, and says so", async () => {
    const [one, two] = [
      await file("limit-1.csv", "text,label\na,x\n,x\nb,y\n"),
      await file("limit-2.csv", "text,label\nc,x\nd,y\n"),
    ];
    const three = await readDataset([one, two], { limit: 3 });
    expect([...three].map((row) => row.text)).toEqual(["a", "b", "c"]);
    expect(three.notices).toContain("only the first 3 rows were read");
    const all = await readDataset([one, two], { limit: 9 });
    expect([all.length, all.notices.some((notice) => notice.includes("first"))]).toEqual([4, false]);
  });

  it("refuses what cannot be a labelled data set, in one line", async () => {
    await file("reviews.csv", "text,label\na,b\n");
    const expectLine = async (promise: Promise<Dataset>, message: RegExp): Promise<void> => {
      const error = await promise.then(
        () => undefined,
        (thrown: Error) => thrown,
      );
      expect(error).toMatchObject({ name: "TextuneError", code: "E_DATA" });
      expect(error?.message).toMatch(message);
      expect(error?.message).not.toContain("\n");
    };
    await expectLine(readDataset(join(folder, "review.csv")), /nothing there; did you mean "reviews\.csv"/);
    await expectLine(readDataset(await file("nothing.csv", "")), /nothing\.csv: expected rows, got an empty file/);
    await expectLine(
      readDataset(await file("header.csv", "text,label\n")),
      /got none: columns "text" and "label" and no row below/,
    );
    const ids = Array.from({ length: 1500 }, (_, i) => `words here,id-${i}`).join("\n");
    await expectLine(
      readDataset(await file("ids.csv", `text,label\n${ids}\n`)),
      /1001 different values.*is this the text\?/,
    );
    const named = Array.from({ length: 1500 }, (_, i) => `id-${i}`);
    expect((await readDataset(join(folder, "ids.csv"), { labels: named })).labels.names).toEqual(named);
    const noise = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919 + ((i * i) >> 3)) % 256);
    await expectLine(
      readDataset(await file("noise.csv", noise)),
      /^noise\.csv: expected text, got bytes that are no text/,
    );
    await expectLine(
      readDataset(await file("numbers.csv", `text,label\n${"12,a\n13,b\n".repeat(5)}`)),
      /column "text": expected texts, got numbers/,
    );
    await expectLine(
      readDataset(await file("strange.csv", "text,label\na,pos\nb,neutral\n"), { labels: ["neg", "pos"] }),
      /got "neutral"/,
    );
  });
});

it("says that a label which looks missing is taken for a class", async () => {
  const path = await file("gaps.csv", "text,label\na,pos\nb,NaN\nc,neg\nNaN,pos\n");
  const { notices, length } = await readDataset(path);
  expect(length).toBe(4);
  expect(notices).toContain('"NaN" is taken for a class; leave these rows out if it stands for a missing label');
  expect((await readDataset(path, { labels: ["NaN", "neg", "pos"] })).notices.join()).not.toContain("missing label");
});

describe("readDataset on real data", () => {
  const on = (name: string, check: (path: string) => Promise<void>): void => {
    const path = sharedPath(`data/${name}`);
    it.skipIf(path === undefined)(`reads ${name}${path === undefined ? " (skipped: not there)" : ""}`, () =>
      check(path as string),
    );
  };

  on("sms-spam/SMSSpamCollection", async (path) => {
    const dataset = await readDataset(path);
    expect(dataset.length).toBe(5574);
    expect(dataset.labels).toMatchObject({ names: ["ham", "spam"], counts: [4827, 747] });
    expect(dataset.notices.join("; ")).toMatch(
      /column 2 is read as the text and column 1 as the label.*quotes were taken as part of the text/,
    );
    expect([...dataset].filter((row) => row.text.startsWith('"')).length).toBeGreaterThan(10);
  });
  on("trec/train_5500.label", async (path) => {
    const dataset = await readDataset(path, { pattern: /^(?<label>\w+):\w+ (?<text>.*)$/ });
    expect(dataset.length).toBe(5452);
    expect(dataset.labels.names).toEqual(["ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM"]);
    expect([...dataset].filter((row) => row.text.includes("\ufffd")).length).toBe(0);
  });
  on("cola/train.tsv", async (path) => {
    const dataset = await readDataset(path, { text: 4, label: 2 });
    expect([dataset.length, dataset.labels.names.join()]).toEqual([7250, "0,1"]);
    expect(dataset.text(0)).toBe("Our friends won't buy this analysis, let alone the next one we propose.");
  });
  on("agnews/test.csv", async (path) => {
    const dataset = await readDataset(path, {
      text: [2, 3],
      label: 1,
      labels: { 1: "World", 2: "Sports", 3: "Business", 4: "Sci/Tech" },
    });
    expect(dataset.length).toBe(7600);
    expect(dataset.labels).toMatchObject({
      names: ["Business", "Sci/Tech", "Sports", "World"],
      counts: [1900, 1900, 1900, 1900],
    });
  });
  on("agnews/train-sample.tsv", async (path) => {
    const dataset = await readDataset(path);
    expect([dataset.length, dataset.labels.names.length]).toEqual([10001, 4]);
  });
  on("banking77/train.csv", async (path) => {
    const dataset = await readDataset(path);
    expect([dataset.length, dataset.labels.names.length]).toEqual([10003, 77]);
    expect([...dataset].some((row) => row.text.includes("\n"))).toBe(true);
  });
  on("sst2/train.tsv", async (path) => {
    const dataset = await readDataset(path);
    expect([dataset.length, dataset.labels.counts.join()]).toEqual([67349, "29780,37569"]);
  });
});
