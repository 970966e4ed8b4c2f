import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { assertUnpackable, decompress } from "./decompress.js";

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
async function sizeOf(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0;
  for await (const chunk of chunks) size += chunk.length;
  return size;
}

describe("unpacking", () => {
  const zeros = gzipSync(Buffer.alloc(2 ** 22));

  it("stops at what packs as no text does, once that is large", async () => {
    await expect(sizeOf(decompress(once(zeros), "gzip", "bomb.gz", 2 ** 30, 2 ** 20))).rejects.toMatchObject({
      code: "E_DATA",
      message: expect.stringMatching(
        /^bomb\.gz: expected text, which packs to a tenth or so, got 1\.\d MB and more out of 0\.0 MB; do not trust/,
      ),
    });
    expect(await sizeOf(decompress(once(zeros), "gzip", "small.gz"))).toBe(2 ** 22);
    const words = gzipSync(Array.from({ length: 300_000 }, (_, i) => `word ${(i * 7919) % 10007}`).join(" "));
    expect(await sizeOf(decompress(once(words), "gzip", "text.gz", 2 ** 30, 1000))).toBeGreaterThan(2 ** 21);
  });

  it("stops at the limit", async () => {
    await expect(sizeOf(decompress(once(zeros), "gzip", "large.gz", 2 ** 20))).rejects.toThrow(
      /^large\.gz: expected at most 1048576 bytes unpacked, got more; /,
    );
  });

  it("believes the sizes that a zip archive says", () => {
    expect(() => assertUnpackable("a.zip, b.csv", 2 ** 30, 2 ** 20)).toThrow(
      /^a\.zip, b\.csv: .* got 1074 MB and more out of 1\.0 MB/,
    );
    assertUnpackable("a.zip, b.csv", 2 ** 30, 2 ** 24);
    assertUnpackable("a.zip, b.csv", 2 ** 20, 2);
  });
});
