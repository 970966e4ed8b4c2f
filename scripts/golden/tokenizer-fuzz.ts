/** Textune's side of tokenizer_fuzz.py: reads tokenizer.json and texts.json of a folder, writes ids.json. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadTokenizer } from "../../src/tokenizers/tokenizer.js";

const folder = process.argv[2] as string;
const tokenizer = loadTokenizer({ "tokenizer.json": readFileSync(join(folder, "tokenizer.json"), "utf8") });
const texts = JSON.parse(readFileSync(join(folder, "texts.json"), "utf8")) as string[];
const idsOf = (maxLength: number): number[][] => texts.map((text) => [...tokenizer.encode(text, { maxLength }).ids]);
writeFileSync(join(folder, "ids.json"), JSON.stringify({ ids: idsOf(1_000_000), cut: idsOf(16) }));
