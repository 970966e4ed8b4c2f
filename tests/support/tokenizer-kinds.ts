/** Tokenizers of every kind, with the ids that the Rust library gives; scripts/golden/tokenizer_kinds.py made the files. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { protobufCodec } from "../../src/base/protobuf.js";
import { loadTokenizer, type TextTokenizer, type TokenizerFiles } from "../../src/tokenizers/tokenizer.js";
import { fuzzTexts } from "./fuzz-texts.js";

export interface Kind {
  readonly hash: string;
  readonly first_hash: string;
  readonly ids: readonly (readonly number[])[];
  /** Sections that take the place of those of XLM-RoBERTa. */
  readonly sections?: object;
}

const here = (path: string): URL => new URL(`../golden/tokenizers/${path}`, import.meta.url);
export const golden = JSON.parse(readFileSync(here("kinds.json"), "utf8")) as {
  readonly texts: number;
  readonly first: number;
  readonly text_hash: string;
  readonly kinds: Readonly<Record<string, Kind>>;
};
export const kinds = Object.entries(golden.kinds);
/** SHA-256 of lines. */
export const hashOf = (lines: Iterable<string>): string => {
  const hash = createHash("sha256");
  for (const line of lines) hash.update(line);
  return hash.digest("hex");
};

// A message of protobuf may come in parts: the table of normalization, which all models share, is the last one.
const { encode } = protobufCodec({
  ModelProto: { normalizerSpec: { number: 3, type: "NormalizerSpec" } },
  NormalizerSpec: { precompiledCharsmap: { number: 2, type: "bytes" } },
});
const charsmap = encode("ModelProto", {
  normalizerSpec: { precompiledCharsmap: gunzipSync(readFileSync(here("charsmap.gz"))) },
});

/** The files of a tokenizer, but the one called `without`. */
export function filesOf(folder: string, without?: string): TokenizerFiles {
  const names = readdirSync(here(folder)).filter((name) => name !== without);
  return Object.fromEntries(
    names.map((name) => {
      const content = readFileSync(here(`${folder}/${name}`));
      return [name, name.endsWith(".model") ? Buffer.concat([content, charsmap]) : content.toString("utf8")];
    }),
  );
}

export function tokenizerOf(name: string, { sections }: Kind): TextTokenizer {
  if (sections === undefined) return loadTokenizer(filesOf(name));
  const { files } = loadTokenizer(filesOf("xlm-roberta"));
  const json = JSON.parse(files["tokenizer.json"] as string) as object;
  return loadTokenizer({ "tokenizer.json": JSON.stringify({ ...json, ...sections }) });
}

/** The ids of the first `count` texts, a line each. */
export function* linesOf(tokenizer: TextTokenizer, count: number): Generator<string> {
  for (const text of fuzzTexts(count)) yield `${tokenizer.encode(text, { maxLength: 1e9 }).ids.join(" ")}\n`;
}
