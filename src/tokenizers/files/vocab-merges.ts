/**
 * RoBERTa's `vocab.json` and `merges.txt` as the tokenizer.json that transformers would build from them.
 *
 * @source transformers, models/roberta/tokenization_roberta.py
 */

import { readVocabulary } from "../models/token-model.js";
import { parseObject } from "./read-json.js";
import { addedTokens, ROBERTA_TOKENS, robertaTemplate, specialTokens } from "./special-tokens.js";
import type { VocabularyFormat } from "./vocabulary-format.js";

export const vocabMerges: VocabularyFormat = {
  names: ["vocab.json", "merges.txt"],
  build(files, settings) {
    const tokens = specialTokens(settings, ROBERTA_TOKENS);
    const vocab = parseObject(files["vocab.json"] as string, "vocab.json");
    const vocabulary = readVocabulary({ vocab }, "vocab.json");
    const merges = (files["merges.txt"] as string)
      .replace(/^\uFEFF/, "")
      .split(/\r?\n/)
      .filter((line) => line !== "" && !line.startsWith("#version"));
    const options = { where: "vocab.json", isExtended: false, maskTakesSpace: true };
    const added_tokens = addedTokens(settings, tokens, vocabulary, options);
    return {
      added_tokens,
      normalizer: null,
      pre_tokenizer: {
        type: "ByteLevel",
        add_prefix_space: settings.config.add_prefix_space === true,
        trim_offsets: true,
        use_regex: true,
      },
      post_processor: robertaTemplate(tokens, vocabulary),
      decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: {
        type: "BPE",
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: "",
        end_of_word_suffix: "",
        fuse_unk: false,
        byte_fallback: false,
        vocab,
        merges,
      },
    };
  },
};
