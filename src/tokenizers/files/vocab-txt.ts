/**
 * BERT's `vocab.txt` as the tokenizer.json that transformers would build from it.
 *
 * @source transformers, models/bert/tokenization_bert.py and models/mpnet/tokenization_mpnet.py
 */
import { fail } from "../../base/errors.js";
import { quote, RESTORE } from "./read-json.js";
import {
  addedTokens,
  BERT_TOKENS,
  bertTemplate,
  ROBERTA_TOKENS,
  robertaTemplate,
  specialTokens,
} from "./special-tokens.js";
import type { VocabularyFormat } from "./vocabulary-format.js";

export const vocabTxt: VocabularyFormat = {
  names: ["vocab.txt"],
  build(files, settings) {
    const { config } = settings;
    const isMpnet = /^MPNetTokenizer(Fast)?$/.test(String(config.tokenizer_class));
    const tokens = specialTokens(settings, isMpnet ? { ...ROBERTA_TOKENS, unk: "[UNK]" } : BERT_TOKENS);
    const vocabulary = readLines(files["vocab.txt"] as string);
    const vocab = Object.fromEntries(vocabulary);
    const options = { where: "vocab.txt", isExtended: false, maskTakesSpace: isMpnet };
    const added_tokens = addedTokens(settings, tokens, vocabulary, options);
    return {
      added_tokens,
      normalizer: {
        type: "BertNormalizer",
        clean_text: true,
        handle_chinese_chars: config.tokenize_chinese_chars ?? true,
        strip_accents: config.strip_accents ?? null,
        lowercase: config.do_lower_case ?? true,
      },
      pre_tokenizer: { type: "BertPreTokenizer" },
      post_processor: (isMpnet ? robertaTemplate : bertTemplate)(tokens, vocabulary),
      decoder: { type: "WordPiece", prefix: "##", cleanup: true },
      model: {
        type: "WordPiece",
        unk_token: tokens.unk,
        continuing_subword_prefix: "##",
        max_input_chars_per_word: 100,
        vocab,
      },
    };
  },
};

/** The ids of the tokens, a line each. */
function readLines(text: string): Map<string, number> {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  while (lines.length > 0 && lines[lines.length - 1] === "") lines.pop();
  if (lines.length === 0)
    fail("E_TOKENIZER", { where: "vocab.txt", expected: "a token on each line", got: "an empty file", fix: RESTORE });
  const vocabulary = new Map<string, number>();
  lines.forEach((token, id) => {
    const where = `vocab.txt, line ${id + 1}`;
    if (token === "") fail("E_TOKENIZER", { where, expected: "a token", got: "an empty line", fix: RESTORE });
    const first = vocabulary.get(token);
    if (first !== undefined) {
      fail("E_TOKENIZER", {
        where,
        expected: "each token once",
        got: `${quote(token)} again, first on line ${first + 1}`,
        fix: RESTORE,
      });
    }
    vocabulary.set(token, id);
  });
  return vocabulary;
}
