import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openCheckpoint } from "./open-checkpoint.js";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune archives "));
});
afterAll(() => rm(place, { recursive: true, force: true }));

async function archive(name: string, files: Readonly<Record<string, Buffer>>): Promise<string> {
  const tar = pack();
  for (const [path, content] of Object.entries(files)) tar.entry({ name: path }, content);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  const path = join(place, name);
  await writeFile(path, gzipSync(Buffer.concat(chunks)));
  return path;
}

const leftovers = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`textune-model-${process.pid}-`));

it("refuses what leads out, what becomes far larger than it was, and what is cut off; nothing stays behind", async () => {
  const whole = readFileSync(
    new URL("../../../tests/golden/weight-formats/archives/small_bert_1.tar.gz", import.meta.url),
  );
  await writeFile(join(place, "cut.tar.gz"), whole.subarray(0, whole.length >> 1));
  await writeFile(join(place, "text.zip"), "no archive");
  const cases = [
    [await archive("out.tar.gz", { "../outside": Buffer.from("x") }), "outside"],
    [await archive("bomb.tar.gz", { zeros: Buffer.alloc(100 << 20) }), "unpacked"],
    [await archive("empty.tar.gz", { "model/readme": Buffer.from("x") }), "config.json"],
    [join(place, "cut.tar.gz"), "cut.tar.gz"],
    [join(place, "text.zip"), "a zip archive"],
  ] as const;
  for (const [path, said] of cases) {
    await expect(openCheckpoint(path), path).rejects.toMatchObject({
      code: "E_WEIGHTS",
      message: expect.stringContaining(said),
    });
  }
  expect(leftovers()).toEqual([]);
});
