/** Threads of the built package: their file is found, and reads what it needs. Needs the build in dist/, which `npm test` makes. */
import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { tokenizeTexts } from "../../src/tokenizing/tokenize-texts.js";
import { datasetOf, HARD_TEXTS, smallTokenizer } from "../support/hard-texts.js";

it("tokenizes in threads of plain Node.js, from dist/", () => {
  const tokenizer = smallTokenizer();
  const dataset = datasetOf(HARD_TEXTS);
  const texts = Array.from({ length: dataset.length }, (_, row) => dataset.text(row));
  const dist = (path: string): string => JSON.stringify(new URL(`../../dist/${path}`, import.meta.url));
  const program = `
    const { fromArrays } = await import(${dist("data/dataset/dataset-from.js")});
    const { loadTokenizer } = await import(${dist("tokenizers/tokenizer.js")});
    const { tokenizeDataset } = await import(${dist("tokenizing/node/tokenize-dataset.js")});
    const texts = ${JSON.stringify(texts)};
    const dataset = fromArrays(texts.map(() => "x")).map(({ index }) => ({ text: texts[index] }));
    const tokenizer = { ...loadTokenizer(${JSON.stringify(tokenizer.files)}), encode: undefined };
    const options = { tokenizer, maxLength: 64, cache: undefined, threads: 2, onWarning() {}, onProgress() {} };
    const { ids, offsets, truncated } = await tokenizeDataset(dataset, options, { largeBytes: 1, patience: 0 });
    console.log(JSON.stringify({ ids: [...ids], offsets: [...offsets], truncated }));
  `;
  const said = execFileSync(process.execPath, ["--input-type=module"], { input: program, encoding: "utf8" });
  const { ids, offsets, truncated } = tokenizeTexts(texts, tokenizer, { maxLength: 64 });
  expect(JSON.parse(said)).toEqual({ ids: [...ids], offsets: [...offsets], truncated });
});
