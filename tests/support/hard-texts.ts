/** Texts that are easily handled wrongly, with a tokenizer that has words for some of them. */
import type { Dataset } from "../../src/data/dataset/dataset.js";
import { fromArrays } from "../../src/data/dataset/dataset-from.js";
import { loadTokenizer, type TextExample, type TextPair, type TextTokenizer } from "../../src/tokenizers/tokenizer.js";

export const HARD_TEXTS: readonly string[] = [
  "hello, hello",
  "",
  "\uFEFFhello after a byte order mark",
  "👩‍👩‍👧‍👦 ab 🎬🎬 é e\u0301 É",
  "中文 中 文字, 日本語 한국어",
  "\ud800 half a pair",
  " \t\n\u0000\u200b ",
  "ab".repeat(50_000),
  "a ".repeat(50_000),
  "[SEP] [MASK] not a separator",
  "",
  "last",
];

const TOKENS = [
  "[PAD]",
  "[UNK]",
  "[CLS]",
  "[SEP]",
  "[MASK]",
  "a",
  "b",
  "##a",
  "##b",
  "hello",
  "中",
  "文",
  "e",
  ",",
  "🎬",
];

/** A small WordPiece tokenizer; `tokens` are added to its vocabulary. */
export function smallTokenizer(...tokens: readonly string[]): TextTokenizer {
  return loadTokenizer({ "vocab.txt": `${[...TOKENS, ...tokens].join("\n")}\n` });
}

/** Every text with the next one. */
export const HARD_PAIRS: readonly TextPair[] = HARD_TEXTS.map((text, i) => ({
  text,
  textPair: HARD_TEXTS[(i + 1) % HARD_TEXTS.length],
}));

/** A data set of texts or pairs, empty ones included, which reading would leave out. */
export function datasetOf(examples: readonly TextExample[]): Dataset {
  const textOf = (example: TextExample): string => (typeof example === "string" ? example : example.text);
  const texts = fromArrays(examples.map(() => "x")).map(({ index }) => ({ text: textOf(examples[index]) }));
  if (examples.length === 0 || typeof examples[0] === "string") return texts;
  return { ...texts, hasPairs: true, textPair: (row) => (examples[row] as TextPair).textPair };
}
