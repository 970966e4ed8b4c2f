/** The files that can stand for a tokenizer.json. */
import { sentencePieceFormats } from "./sentence-piece.js";
import { vocabMerges } from "./vocab-merges.js";
import { vocabTxt } from "./vocab-txt.js";
import type { VocabularyFormat } from "./vocabulary-format.js";

/** The preferred one first. */
export const VOCABULARY_FORMATS: readonly VocabularyFormat[] = [vocabTxt, vocabMerges, ...sentencePieceFormats];
