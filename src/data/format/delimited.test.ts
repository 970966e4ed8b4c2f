import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDelimitedParser, guessDialect, parseDelimited } from "./delimited.js";

import { createJsonLinesParser, createJsonListParser } from "./json-parser.js";

const csv = { delimiter: ",", quote: '"' };
const fields = (text: string): (readonly string[] | string)[] =>
  parseDelimited(text, csv).map((record) => record.problem ?? record.fields);

describe("delimited text", () => {
  it("reads quotes, doubled quotes, delimiters and line ends inside them", () => {
    expect(fields('a,b\n"x,""y""\nz",1\r\n"",\n')).toEqual([
      ["a", "b"],
      ['x,"y"\nz', "1"],
      ["", ""],
    ]);
    expect(fields('it\'s "here",ab"c\n" a ",x')).toEqual([
      ['it\'s "here"', 'ab"c'],
      [" a ", "x"],
    ]);
  });

  it("knows the line of every record, over blank lines and line ends in quotes", () => {
    expect(parseDelimited('a\n\n"b\nc"\r\n\r\nd', csv).map((record) => record.line)).toEqual([1, 3, 6]);
  });

  it("refuses what is not CSV, with the line, and goes on after it", () => {
    const records = parseDelimited('a,b\n"x" y,1\nok,2\n"open,3\nlast,4\n', csv);
    expect(records.map((record) => [record.line, record.problem ?? record.fields])).toEqual([
      [1, ["a", "b"]],
      [2, "text follows the closing quote of field 1"],
      [3, ["ok", "2"]],
      [4, "a quote is opened and never closed"],
      [5, ["last", "4"]],
    ]);
  });

  it("refuses a line of more than 64 million characters in no more time than it takes to read, and goes on", () => {
    const parser = createDelimitedParser(csv);
    const piece = "a".repeat(2 ** 20);
    const seen = [...parser.push("a,b\n1,2\n")];
    for (let i = 0; i < 100; i++) seen.push(...parser.push(piece));
    seen.push(...parser.push("aa,x\nlast,4\n"), ...parser.end());
    expect(seen.map((record) => [record.line, record.problem ?? record.fields])).toEqual([
      [1, ["a", "b"]],
      [2, ["1", "2"]],
      [3, "a line of more than 64 million characters"],
      [4, ["last", "4"]],
    ]);
    const lines = createJsonLinesParser();
    const rows = lines.push("1\n");
    for (let i = 0; i < 100; i++) rows.push(...lines.push(piece));
    rows.push(...lines.push("a\n2\n"), ...lines.end());
    expect(rows).toEqual([
      { line: 1, value: 1 },
      { line: 2, problem: "a line of more than 64 million characters" },
      { line: 3, value: 2 },
    ]);
    const list = createJsonListParser();
    const values = [...list.push("[1, ")];
    for (let i = 0; i < 100; i++) values.push(...list.push(piece));
    expect([...values, ...list.end()]).toEqual([
      { line: 1, value: 1 },
      { line: 1, problem: "a value of more than 64 million characters" },
    ]);
  });

  it("gives the same records however the text is cut into pieces", () => {
    const text = 'a,b\r\n"x ""q"" \r\nmore",1\r\n\r\nplain,"2"\r\nlast,"3"';
    const whole = parseDelimited(text, csv);
    for (let size = 1; size < text.length; size++) {
      const parser = createDelimitedParser(csv);
      const records = [];
      for (let at = 0; at < text.length; at += size) records.push(...parser.push(text.slice(at, at + size)));
      expect([...records, ...parser.end()]).toEqual(whole);
    }
  });

  it("gives back whatever a CSV writer writes", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "é", '"', ",", "\n", "\r\n", " ", "\t") });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), fc.constantFrom("\n", "\r\n"), (rows, newline) => {
        const written = rows
          .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(","))
          .join(newline);
        expect(fields(written)).toEqual(rows);
      }),
    );
  });
});

describe("delimited text beside DuckDB", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "textune-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("reads the same rows where DuckDB's strict mode reads any", async () => {
    const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
    const path = join(folder, "x.csv");
    const words = ["plain", '"quoted"', '"a ""b"" c"', '"x,y"', '"two\nlines"', "", 'in"side', "ünï"];
    const rows = Array.from({ length: 300 }, (_, i) => `${words[i % 8] || "w"},${words[(i * 3 + (i >> 3)) % 8]}`);
    await writeFile(path, `${rows.join("\n")}\n`);
    const result = await connection.runAndReadAll(
      `select * from read_csv('${path}', columns={'a':'VARCHAR','b':'VARCHAR'}, header=false, auto_detect=false, delim=',', quote='"', escape='"', strict_mode=true)`,
    );
    const theirs = result.getRows().map((row) => row.map((value) => value ?? ""));
    expect(fields(rows.join("\n"))).toEqual(theirs);
    connection.closeSync();
  });
});

describe("guessing a dialect", () => {
  const guess = (sample: string, prefer: "," | "\t" = ",") => {
    const { delimiter, quote } = guessDialect(sample, {}, prefer);
    return [delimiter, quote];
  };

  it("finds the delimiter that gives rows of one width", () => {
    expect(guess("a,b\n1,2\n")).toEqual([",", '"']);
    expect(guess("a;b\nHello, you;2\nBye, you;3\n")).toEqual([";", '"']);
    expect(guess("text\tlabel\nHello, you\t2\nBye\t3\n")).toEqual(["\t", undefined]);
    expect(guess("just one column\nof text, here\n")).toEqual([",", '"']);
  });

  it("takes quotes literally where they contradict quoting", () => {
    expect(guess('ham\t"Hi" she said\nspam\tfree\n', "\t")).toEqual(["\t", undefined]);
    expect(guess('ham\t"Hi"\nspam\tfree "x"\n', "\t")).toEqual(["\t", undefined]);
    expect(guess('ham,"Hi" she said\nspam,free\n')).toEqual([",", undefined]);
  });

  it("sees real quoting in a file of tabs", () => {
    expect(guess('a\tb\n"two\nlines"\t1\n', "\t")).toEqual(["\t", '"']);
    expect(guess('a\tb\n"say ""hi"""\t1\n', "\t")).toEqual(["\t", '"']);
    expect(guess(`"a"\t"b"\n${'"x"\t"1"\n'.repeat(20)}`, "\t")).toEqual(["\t", '"']);
  });

  it("is not misled by a sample that breaks off inside a quoted field", () => {
    expect(guess('a,b\n"x, y",1\n"cut off')).toEqual([",", '"']);
  });
});
