/** The real texts that scripts/golden/tokenizer_datasets.py hashes the ids of, in its order. */

import { createReadStream, readFileSync } from "node:fs";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";

/** Every fifth labelled review of IMDB's training archive. */
export async function imdbReviews(archive: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const entry of createReadStream(archive).pipe(createGunzip()).pipe(extract())) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    if (/\/train\/(neg|pos)\/[^/]*\.txt$/.test(entry.header.name)) texts.push(Buffer.concat(parts).toString("utf8"));
  }
  return texts.filter((_, i) => i % 5 === 0);
}

/** The lines of a file, its last newline ending the last one. */
export function linesOf(path: string): string[] {
  return readFileSync(path, "utf8").replace(/\n$/, "").split("\n");
}
