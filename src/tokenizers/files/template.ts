/**
 * What stands around a text, and around and between two: BERT's `[CLS] a [SEP] b [SEP]`, RoBERTa's
 * `<s> a </s></s> b </s>`.
 *
 * @source huggingface/tokenizers, tokenizers/src/processors/template.rs, bert.rs and roberta.rs
 */
import { fail } from "../../base/errors.js";
import { missingToken } from "../models/token-model.js";
import { type JsonObject, objectAt, quote, RESTORE } from "./read-json.js";

/** The ids of special tokens, or the place of the first or second text. */
type TemplatePart = readonly number[] | "first" | "second";

/** The parts of an encoding in their order, and the first whose tokens have the type 1 (their number where none has). */
export interface Template {
  readonly parts: readonly TemplatePart[];
  readonly secondSegment: number;
  /** Number of special tokens. */
  readonly specials: number;
}

/** The templates of a tokenizer. */
export interface Templates {
  readonly single: Template;
  /** Undefined where the tokenizer's files have none. */
  readonly pair: Template | undefined;
  /** The first token of a text by itself, and the last. */
  readonly cls: string;
  readonly sep: string;
}

/** A part as tokenizer.json has it: a special token or a text, and the type of its tokens. */
interface Piece {
  readonly token?: string;
  readonly text?: "first" | "second";
  readonly type: number;
}

/**
 * Reads the section "post_processor".
 *
 * @throws E_TOKENIZER for one that puts nothing before or after a text, for special tokens that the vocabulary has not, and for
 * one of another kind
 */
export function readTemplates(
  processor: JsonObject | undefined,
  vocabulary: ReadonlyMap<string, number>,
  where: string,
): Templates {
  const wanted = (got: string): never =>
    fail("E_TOKENIZER", {
      where,
      expected: "a post_processor that puts [CLS] before and [SEP] after a text",
      got,
      fix: RESTORE,
    });
  if (processor === undefined) return wanted("none");
  const said = piecesOf(processor);
  if (said === undefined) return wanted(quote(processor.type));
  const idsOf = (token: string): readonly number[] => {
    const known = vocabulary.get(token);
    if (known === undefined) return missingToken(token, where);
    const ids = said.ids(token);
    if (Array.isArray(ids) && ids.length === 1 && ids[0] === known) return [known];
    return fail("E_TOKENIZER", {
      where,
      expected: `id ${known} for ${token} in the post_processor, as in the vocabulary`,
      got: quote(ids),
      fix: RESTORE,
    });
  };
  const templateOf = (pieces: readonly Piece[]): Template => {
    const second = pieces.findIndex(({ type }) => type === 1);
    const secondSegment = second < 0 ? pieces.length : second;
    if (pieces.some(({ type }, i) => type !== (i < secondSegment ? 0 : 1)))
      return wanted("other segments than 0, then 1");
    const parts = pieces.map(({ token, text }) => (token === undefined ? (text as "first" | "second") : idsOf(token)));
    return { parts, secondSegment, specials: parts.filter((part) => typeof part !== "string").length };
  };
  const { single, pair } = said;
  const places = (pieces: readonly Piece[]): string => pieces.flatMap(({ text }) => text ?? []).join(" ");
  const [before, after] = [single[0]?.token, single[single.length - 1]?.token];
  if (before === undefined || after === undefined || places(single) !== "first") return wanted("another template");
  const hasPair = pair.length > 0;
  if (hasPair && places(pair) !== "first second") return wanted("another template of pairs");
  return { single: templateOf(single), pair: hasPair ? templateOf(pair) : undefined, cls: before, sep: after };
}

interface Said {
  readonly single: readonly Piece[];
  readonly pair: readonly Piece[];
  /** The ids of a special token by the post-processor, unchecked. */
  ids(token: string): unknown;
}

/** The pieces by each kind of post-processor; undefined for an unknown one. */
function piecesOf(processor: JsonObject): Said | undefined {
  const { type } = processor;
  if (type === "TemplateProcessing") {
    const special = objectAt(processor, "special_tokens") ?? {};
    return {
      single: templatePieces(processor.single),
      pair: templatePieces(processor.pair),
      ids: (token) => objectAt(special, token)?.ids,
    };
  }
  if (type === "Sequence" && Array.isArray(processor.processors)) {
    // ByteLevel there moves offsets, which play no role here.
    const others = (processor.processors as JsonObject[]).filter((one) => one.type !== "ByteLevel");
    return others.length === 1 ? piecesOf(others[0]) : undefined;
  }
  if ((type !== "BertProcessing" && type !== "RobertaProcessing") || !Array.isArray(processor.cls)) return undefined;
  if (!Array.isArray(processor.sep)) return undefined;
  const [clsToken, clsId] = processor.cls as [string, unknown];
  const [sepToken, sepId] = processor.sep as [string, unknown];
  const [cls, sep]: Piece[] = [
    { token: clsToken, type: 0 },
    { token: sepToken, type: 0 },
  ];
  const single: Piece[] = [cls, { text: "first", type: 0 }, sep];
  return {
    single,
    pair:
      type === "BertProcessing"
        ? [...single, { text: "second", type: 1 }, { ...sep, type: 1 }]
        : [...single, sep, { text: "second", type: 0 }, sep],
    ids: (token) => [token === clsToken ? clsId : sepId],
  };
}

function templatePieces(list: unknown): Piece[] {
  if (!Array.isArray(list)) return [];
  return (list as JsonObject[]).map((entry) => {
    const special = objectAt(entry, "SpecialToken");
    const { id, type_id } = special ?? objectAt(entry, "Sequence") ?? {};
    const type = typeof type_id === "number" ? type_id : 0;
    if (special !== undefined) return { token: String(id), type };
    return { text: id === "A" ? "first" : "second", type };
  });
}
