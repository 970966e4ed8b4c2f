/** Batches of token ids as the tensors that a model takes. */
import type { TargetKind } from "../losses/define-loss.js";
import type { Tensor } from "../runtime/session.js";
import { lengthOf, type TokenizedTexts } from "../tokenizing/tokenized-texts.js";
import { type Activations, BORDER } from "./border.js";

/** The inputs of a model for some rows of `texts`, and how large they are. */
export interface Batch {
  /** `input_ids`, `token_type_ids`, `attention_mask` [B, T] and `position_ids` [T], all int64. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Rows B. */
  readonly size: number;
  /** Tokens of a row with padding, T. */
  readonly tokens: number;
  /** Tokens of all rows without padding. */
  readonly realTokens: number;
}

export interface CollateOptions {
  readonly padId: number;
  /** T is a multiple of it, within `maxLength`. */
  readonly padToMultipleOf: number;
  /** The most tokens that a row may have. */
  readonly maxLength: number;
  /** What frozen layers make of the texts, for a graph that begins above them. */
  readonly frozen?: Activations | undefined;
}

/** The rows `rows` of `texts`, padded at the end to the longest of them. */
export function collate(texts: TokenizedTexts, rows: ArrayLike<number>, options: CollateOptions): Batch {
  const size = rows.length;
  let longest = 1;
  let realTokens = 0;
  for (let i = 0; i < size; i++) {
    const length = lengthOf(texts, rows[i]);
    longest = Math.max(longest, length);
    realTokens += length;
  }
  const { padToMultipleOf: multiple, padId } = options;
  const tokens = Math.max(longest, Math.min(options.maxLength, Math.ceil(longest / multiple) * multiple));
  const ids = int64Matrix(size, tokens);
  const mask = int64Matrix(size, tokens);
  const segments = int64Matrix(size, tokens);
  if (padId !== 0) for (let at = 0; at < ids.low.length; at += 2) ids.low[at] = padId;
  for (let i = 0; i < size; i++) {
    const start = texts.offsets[rows[i]];
    const length = texts.offsets[rows[i] + 1] - start;
    for (let t = 0; t < length; t++) {
      const at = 2 * (i * tokens + t);
      ids.low[at] = texts.ids[start + t];
      mask.low[at] = 1;
    }
    const secondStart = texts.secondStarts?.[rows[i]] ?? length;
    for (let t = secondStart; t < length; t++) segments.low[2 * (i * tokens + t)] = 1;
  }
  return {
    tensors: {
      input_ids: ids.tensor,
      token_type_ids: segments.tensor,
      attention_mask: mask.tensor,
      position_ids: int64Vector(Int32Array.from({ length: tokens }, (_, position) => position)),
      ...(options.frozen === undefined ? {} : { [BORDER]: options.frozen.tensor(rows, tokens) }),
    },
    size,
    tokens,
    realTokens,
  };
}

/** Zeros [rows, columns] int64, with a view of the low words: ids are below 2^31, so the high words stay zero. */
function int64Matrix(rows: number, columns: number): { tensor: Tensor; low: Int32Array } {
  const data = new BigInt64Array(rows * columns);
  return { tensor: { dtype: "int64", shape: [rows, columns], data }, low: new Int32Array(data.buffer) };
}

/** The targets of `rows` rows, row by row, as the tensor that a graph takes: int64 [B] for `class`, else float32 [B, C]. */
export function targetTensor(targets: Int32Array | Float32Array, rows: number, kind: TargetKind): Tensor {
  if (kind === "class") return int64Vector(targets);
  return { dtype: "float32", shape: [rows, targets.length / rows], data: Float32Array.from(targets) };
}

/** `values` [N], each ≥ 0, as an int64 tensor. */
export function int64Vector(values: ArrayLike<number>): Tensor {
  const data = new BigInt64Array(values.length);
  const low = new Int32Array(data.buffer);
  for (let i = 0; i < values.length; i++) low[2 * i] = values[i];
  return { dtype: "int64", shape: [values.length], data };
}
