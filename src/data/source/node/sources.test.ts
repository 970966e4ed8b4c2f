import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readlink, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { tableFromArrays, tableToIPC } from "@uwdata/flechette";
import Database from "libsql";
import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharedPath } from "../../../../tests/support/shared.js";
import type { Dataset } from "../../dataset/dataset.js";
import { readDataset } from "../../dataset/node/read-dataset.js";
import { textDatasetFromDirectory } from "../../dataset/node/text-directory.js";
import { withDuckDB } from "../../format/node/parquet.js";

const CSV = 'text,label\n"Good, really",pos\n"Two\nlines",neg\n';
const EXPECTED = [
  ["Good, really", "pos"],
  ["Two\nlines", "neg"],
];

let folder = "";
let server: Server;
let address = "";
const served = new Map<string, Buffer | string>();
/** A body that never ends. */
const ENDLESS = "endless";
const authorizations: (string | undefined)[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "textune-"));
  server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    const found = served.get(request.url?.split("?")[0] ?? "");
    if (found === undefined) return response.writeHead(404).end("not found");
    if (found === ENDLESS) return response.writeHead(200).write(CSV);
    const body = Buffer.from(found);
    return response.writeHead(200, { "content-length": body.length }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const file = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
};
const rows = (dataset: Dataset): (string | undefined)[][] => [...dataset].map((row) => [row.text, row.label]);
const tar = (members: Readonly<Record<string, string>>): Promise<Buffer> => {
  const archive = pack();
  for (const [name, content] of Object.entries(members)) archive.entry({ name }, content);
  archive.finalize();
  return buffer(archive);
};

/** A zip archive with deflated members, written as the format's description has it. */
function zip(members: Readonly<Record<string, string>>): Buffer {
  // Members of like content, such as those of a bomb, are packed once.
  const packings = new Map<string, { size: number; crc: number; packed: Buffer }>();
  const packingOf = (content: string) => {
    const plain = Buffer.from(content);
    return { size: plain.length, crc: crc32(plain), packed: deflateRawSync(plain) };
  };
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(members)) {
    const { size, crc, packed } = packings.get(content) ?? packingOf(content);
    packings.set(content, { size, crc, packed });
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc, 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(size, 18);
    facts.writeUInt16LE(Buffer.byteLength(name), 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    locals.push(Buffer.from("PK\x03\x04"), facts, Buffer.from(name), packed);
    central.push(Buffer.from("PK\x01\x02\x14\x00"), facts, tail, Buffer.from(name));
    offset += 4 + facts.length + Buffer.byteLength(name) + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(Object.keys(members).length, 8);
  end.writeUInt16LE(Object.keys(members).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

describe("packed files", () => {
  it("reads gzip, zstd, zip and tar around a table", async () => {
    const zst = join(folder, "a.csv.zst");
    await file("plain.csv", CSV);
    await withDuckDB((db) =>
      db.run(
        `copy (select * from read_csv('${join(folder, "plain.csv")}', header=true, all_varchar=true)) to '${zst}' (format csv, header true, compression zstd)`,
      ),
    );
    const paths = [
      await file("a.csv.gz", gzipSync(CSV)),
      zst,
      await file("train.csv.zip", zip({ "__MACOSX/._train.csv": "x", "train.csv": CSV, "README.txt": "hello" })),
      await file("a.tar", await tar({ "data/a.csv": CSV })),
      await file("a.tar.gz", gzipSync(await tar({ "./data/a.csv": CSV, "data/.hidden.csv": "x" }))),
      await file("nameless", gzipSync(CSV)),
    ];
    for (const path of paths) expect([path, rows(await readDataset(path))]).toEqual([path, EXPECTED]);
    const sources = await Promise.all(paths.map(async (path) => (await readDataset(path)).source));
    expect(sources).toEqual([
      "a.csv.gz",
      "a.csv.zst",
      "train.csv.zip/train.csv",
      "a.tar/data/a.csv",
      "a.tar.gz/data/a.csv",
      "nameless",
    ]);
  });

  it("asks which file of an archive is meant", async () => {
    const path = await file("two.zip", zip({ "train.csv": CSV, "test.csv": "text,label\nOnly,pos\n" }));
    await expect(readDataset(path)).rejects.toThrow(
      /one data file in the archive, got "train\.csv" and "test\.csv"; say which with \{ member: "test\.csv" \}/,
    );
    expect(rows(await readDataset(path, { member: "test.csv" }))).toEqual([["Only", "pos"]]);
    await expect(readDataset(path, { member: "dev.csv" })).rejects.toThrow(/"dev\.csv" in the archive/);
  });

  it("refuses damaged, cut, climbing, foreign and too large data", async () => {
    const packed = gzipSync(Buffer.from(CSV.repeat(2000)));
    await expect(readDataset(await file("cut.csv.gz", packed.subarray(0, packed.length - 30)))).rejects.toThrow(
      /cut\.csv\.gz: expected whole gzip data, got unexpected end of file/,
    );
    await expect(readDataset(await file("climb.tar", await tar({ "../../etc/a.csv": CSV })))).rejects.toThrow(
      /an archive of relative paths/,
    );
    await expect(readDataset(await file("climb.zip", zip({ "../a.csv": CSV })))).rejects.toThrow(
      /^climb\.zip: expected an archive of relative paths, got "\.\.\/a\.csv"; do not trust this file$/,
    );
    const whole = zip({ "a.csv": CSV });
    await expect(readDataset(await file("cut.zip", whole.subarray(0, whole.length - 40)))).rejects.toThrow(
      /cut\.zip: expected a whole zip archive/,
    );
    await expect(readDataset(await file("x.csv.bz2", Buffer.from("BZh91AY")))).rejects.toThrow(
      /got bzip2; unpack it first/,
    );
    await expect(readDataset(await file("cut.parquet", "PAR1 and no more"))).rejects.toThrow(
      /cut\.parquet: expected a whole Parquet file/,
    );
  });

  it("unpacks only so often, and no more of a zip archive than its size allows", async () => {
    let packed: Buffer = Buffer.from(CSV);
    for (let i = 0; i < 30; i++) packed = gzipSync(packed);
    await expect(readDataset(await file("matryoshka.csv.gz", packed))).rejects.toThrow(
      /expected data that is packed at most 4 times over, got more/,
    );
    expect((await readDataset(await file("twice.csv.gz.gz", gzipSync(gzipSync(CSV))))).length).toBe(2);
    const many = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`a/${i % 2}/${i}.txt`, " ".repeat(10 * 2 ** 20)]),
    );
    await expect(readDataset(await file("bomb.zip", zip(many)))).rejects.toThrow(
      /bomb\.zip: expected text, which packs/,
    );
    // 300 MB are packed and, as far as they may be, unpacked.
  }, 120_000);

  it("closes a file of which a column is wrong", async () => {
    const path = await file("open.csv", `text,label\n${"some words,x\n".repeat(400_000)}`);
    await expect(readDataset(path, { text: "txt" })).rejects.toMatchObject({ option: "text" });
    const open = async (): Promise<string[]> =>
      Promise.all((await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")));
    if (existsSync("/proc/self/fd")) expect(await open()).not.toContain(path);
  });

  it("reads class folders in a tar archive in the order of their names", async () => {
    const members = {
      "a/train/pos/b.txt": "b",
      "a/train/pos/a.txt": "a",
      "a/train/neg/c.txt": "c",
      "a/train/unsup/d.txt": "d",
    };
    const path = await file("reviews.tar.gz", gzipSync(await tar(members)));
    expect(rows(await readDataset(path, { exclude: ["unsup"] }))).toEqual([
      ["c", "neg"],
      ["a", "pos"],
      ["b", "pos"],
    ]);
    const both = await file(
      "both.tar.gz",
      gzipSync(await tar({ ...members, "a/test/pos/x.txt": "x", "a/README": "r" })),
    );
    await expect(readDataset(both)).rejects.toThrow(
      /parts of a data set \(.*\); say which with \{ member: "a\/(train|test)" \}/,
    );
    expect(rows(await readDataset(both, { member: "a/test" }))).toEqual([["x", "pos"]]);
  });
});

describe("tables of other kinds", () => {
  it("reads Parquet with typed columns and the class names in it", async () => {
    const path = join(folder, "a.parquet");
    const names = JSON.stringify({ info: { features: { label: { names: ["neg", "pos"], _type: "ClassLabel" } } } });
    await withDuckDB((db) =>
      db.run(
        `copy (select 'text ' || i as text, (i % 2)::bigint as label, i / 2 as score from range(5000) t(i)) to '${path}' (format parquet, kv_metadata {huggingface: '${names}'})`,
      ),
    );
    const dataset = await readDataset(path, { columns: ["score"] });
    expect([dataset.length, dataset.text(4999), dataset.label(4999), dataset.value(4999, "score")]).toEqual([
      5000,
      "text 4999",
      "pos",
      2499.5,
    ]);
    expect(dataset.labels.counts).toEqual([2500, 2500]);
  });

  it("reads Arrow files and streams", async () => {
    const table = tableFromArrays({ text: ["a ünï", "b"], label: ["x", "y"], n: [1, 2] });
    for (const format of ["file", "stream"] as const) {
      const bytes = tableToIPC(table, { format }) as Uint8Array;
      const dataset = await readDataset(await file(`${format}.arrow`, bytes), { columns: ["n"] });
      expect([rows(dataset), dataset.value(1, "n")]).toEqual([
        [
          ["a ünï", "x"],
          ["b", "y"],
        ],
        2,
      ]);
    }
  });

  it("reads a table or a query of a SQLite database", async () => {
    const path = join(folder, "a.sqlite");
    const database = new Database(path);
    database.exec(
      "create table mails (id integer, body text, class text); insert into mails values (1, 'Hello', 'ham'), (2, 'Win!', 'spam'), (3, null, 'ham')",
    );
    database.close();
    const dataset = await readDataset(path, { columns: ["id"] });
    expect([rows(dataset), dataset.value(1, "id")]).toEqual([
      [
        ["Hello", "ham"],
        ["Win!", "spam"],
      ],
      2,
    ]);
    expect(dataset.notices).toContain("1 row without text was left out (row 3)");
    expect(
      rows(await readDataset(path, { query: "select upper(body) as text, class as label from mails where id = 2" })),
    ).toEqual([["WIN!", "spam"]]);
    await expect(readDataset(path, { query: "select nought from mails" })).rejects.toThrow(
      /a query that SQLite can answer, got no such column: nought/,
    );
    await expect(readDataset(path, { query: "delete from mails" })).rejects.toMatchObject({ code: "E_DATA" });
    expect((await readDataset(path)).length).toBe(2);
  });

  it("reads several files and patterns as one, with the columns by name", async () => {
    await file("parts/p1.csv", "text,label\na,x\n");
    await file("parts/p2.csv", "label,text\ny,b\n,c\n");
    const dataset = await readDataset(join(folder, "parts/p*.csv"));
    expect(rows(dataset)).toEqual([
      ["a", "x"],
      ["b", "y"],
    ]);
    expect(dataset.notices).toContain("2 files were read as one");
    expect(dataset.notices).toContain("1 row without a label was left out (line p2.csv:3)");
    expect(rows(await readDataset([join(folder, "parts/p2.csv"), join(folder, "parts/p1.csv")]))).toEqual([
      ["b", "y"],
      ["a", "x"],
    ]);
    await file("parts/p3.csv", "text,klass\na,x\n");
    await expect(readDataset(join(folder, "parts/p*.csv"), { text: "text", label: "label" })).rejects.toThrow(
      /p3\.csv: expected a column called "label"/,
    );
    await expect(readDataset(join(folder, "parts/q*.csv"))).rejects.toThrow(/files that fit the pattern/);
    await expect(readDataset(join(folder, "parts"))).rejects.toThrow(
      /expected one data file, got "p1\.csv", "p2\.csv", "p3\.csv"/,
    );
  });
});

describe("remote data", () => {
  it("reads an address, packed or not, and explains a refusal", async () => {
    served.set("/data/a.csv", CSV);
    served.set("/data/a.csv.gz", gzipSync(CSV));
    expect(rows(await readDataset(`${address}/data/a.csv`))).toEqual(EXPECTED);
    expect(rows(await readDataset(new URL(`${address}/data/a.csv.gz?token=1`)))).toEqual(EXPECTED);
    await expect(readDataset(`${address}/data/b.csv?secret=1`)).rejects.toMatchObject({
      code: "E_HUB",
      message: `${address}/data/b.csv: expected a file, got status 404; check the address`,
    });
    await expect(readDataset("http://127.0.0.1:9/a.csv")).rejects.toMatchObject({ code: "E_HUB" });
  });

  it("sends a user and password, and shows neither them nor the query", async () => {
    served.set("/data/100%.csv", CSV);
    const secret = address.replace("://", "://me:p%40ss@");
    expect(rows(await readDataset(`${secret}/data/100%.csv`))).toEqual(EXPECTED);
    expect(authorizations.at(-1)).toBe(`Basic ${Buffer.from("me:p@ss").toString("base64")}`);
    await expect(readDataset(`${secret}/data/none.csv?key=1`)).rejects.toThrow(
      `${address.replace("://", "://me@")}/data/none.csv: expected a file, got status 404`,
    );
    await expect(readDataset("http://me:p@ss@")).rejects.toMatchObject({ code: "E_USAGE" });
  });

  it("stops on request while it downloads", async () => {
    served.set("/data/endless.csv", ENDLESS);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    await expect(readDataset(`${address}/data/endless.csv`, { signal: stop.signal })).rejects.toMatchObject({
      code: "E_ABORTED",
    });
  });
});

describe("textDatasetFromDirectory", () => {
  it("has Keras' options", async () => {
    for (const label of ["neg", "pos", "unsup"])
      for (let i = 0; i < 10; i++) await file(`films/${label}/${i}.txt`, `${label} ${i}`);
    const root = join(folder, "films");
    const all = await textDatasetFromDirectory(root, { exclude: ["unsup"], shuffle: false });
    expect([all.length, all.labels.names.join(), all.text(0)]).toEqual([20, "neg,pos", "neg 0"]);
    const named = await textDatasetFromDirectory(root, { classNames: ["pos", "neg"] });
    expect([named.labels.names.join(), named.length]).toEqual(["pos,neg", 20]);
    const { training, validation } = await textDatasetFromDirectory(root, {
      exclude: ["unsup"],
      validationSplit: 0.2,
      subset: "both",
      seed: 3,
    });
    expect([training.labels.counts, validation.labels.counts]).toEqual([
      [8, 8],
      [2, 2],
    ]);
    const alone = await textDatasetFromDirectory(root, {
      exclude: ["unsup"],
      validationSplit: 0.2,
      subset: "validation",
      seed: 3,
    });
    expect(alone.fingerprint).toBe(validation.fingerprint);
    const given = await textDatasetFromDirectory(root, {
      exclude: ["unsup"],
      labels: Array.from({ length: 20 }, (_, i) => (i < 3 ? "a" : "b")),
      shuffle: false,
    });
    expect(given.labels.counts).toEqual([3, 17]);
    await expect(textDatasetFromDirectory(root, { validationSplit: 0.2 })).rejects.toThrow(
      /validationSplit and subset together/,
    );
    await expect(textDatasetFromDirectory(root, { validationSplit: 2, subset: "both" })).rejects.toThrow(
      /a fraction between 0 and 1/,
    );
    await expect(textDatasetFromDirectory(root, { classNames: ["good"] })).rejects.toThrow(/"good" is not there/);
  });

  const imdb = sharedPath("data/imdb/aclImdb_train.tar.gz");
  it.skipIf(imdb === undefined)(
    `reads the IMDB archive${imdb === undefined ? " (skipped: not there)" : ""}`,
    async () => {
      const dataset = await textDatasetFromDirectory(imdb as string, { shuffle: false });
      expect([dataset.length, dataset.labels.names, dataset.labels.counts]).toEqual([
        25_000,
        ["neg", "pos"],
        [12_500, 12_500],
      ]);
      expect(dataset.value(0, "file")).toBe("aclImdb/train/neg/0_3.txt");
      expect(dataset.text(0)).toMatch(/^Story of a man who has unnatural feelings for a pig\./);
    },
    60_000,
  );
});

describe("PostgreSQL", () => {
  const initdb = ["/usr/lib/postgresql/15/bin", "/usr/local/bin", "/usr/bin"].find((path) => {
    try {
      execFileSync(join(path, "initdb"), ["--version"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
  it.skipIf(initdb === undefined)(
    `reads a query through a cursor${initdb === undefined ? " (skipped: no server installed)" : ""}`,
    async () => {
      const home = await mkdtemp(join(tmpdir(), "textune-pg-"));
      // The server refuses to run as root.
      const asUser = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
      if ("uid" in asUser) execFileSync("chown", ["65534:65534", home]);
      const run = (program: string, ...args: string[]): void => {
        execFileSync(join(initdb as string, program), args, { ...asUser, stdio: "ignore", cwd: home });
      };
      run("initdb", "-D", join(home, "db"), "-U", "reader", "--auth", "trust", "--no-sync");
      const port = 40_000 + (process.pid % 20_000);
      run(
        "pg_ctl",
        "-D",
        join(home, "db"),
        "-w",
        "-l",
        join(home, "log"),
        "-o",
        `-p ${port} -k ${home} -c listen_addresses=127.0.0.1 -c fsync=off`,
        "start",
      );
      try {
        const base = `postgres://reader:secret@127.0.0.1:${port}/postgres`;
        const query =
          "select 'text ' || i as text, case when i % 3 = 0 then 'a' else 'b' end as label, i as n from generate_series(1, 5000) i order by i";
        const dataset = await readDataset(base, { query, columns: ["n"] });
        expect([dataset.length, dataset.text(4999), dataset.value(4999, "n"), dataset.labels.counts]).toEqual([
          5000,
          "text 5000",
          5000,
          [1666, 3334],
        ]);
        expect(dataset.source).toBe(`postgres://reader@127.0.0.1:${port}/postgres`);
        await expect(readDataset(base, { query: "create table x (y int)" })).rejects.toMatchObject({ code: "E_DATA" });
        await expect(readDataset(base, { query: "select nothing" })).rejects.toThrow(
          /got column "nothing" does not exist/,
        );
        await expect(readDataset(base)).rejects.toThrow(/expected a query, got none/);
      } finally {
        run("pg_ctl", "-D", join(home, "db"), "-m", "immediate", "stop");
        await rm(home, { recursive: true, force: true });
      }
    },
    60_000,
  );
});
