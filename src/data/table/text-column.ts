/**
 * A column of texts as UTF-8 bytes: 1.3 million short texts take about their size on disk, where as
 * many JavaScript strings would take twice that and slow every garbage collection.
 */

/** An immutable column of texts, each possibly missing (`undefined`). */
export interface TextColumn {
  readonly length: number;
  /** The text of `row`, an integer in [0, length). */
  get(row: number): string | undefined;
  /** The UTF-8 bytes of `row`; empty where the text is missing. A view: not to be written to. */
  bytes(row: number): Uint8Array;
}

/** Collects texts; `finish` hands them over and the builder is not used again. */
export interface TextColumnBuilder {
  readonly length: number;
  push(text: string | undefined): void;
  finish(): TextColumn;
}

/** Rows per block: large enough that a block's bookkeeping is nothing, small enough that growing one is cheap. */
const BLOCK_BITS = 12;
const BLOCK_ROWS = 1 << BLOCK_BITS;

/** Stands for a missing text: a byte that occurs nowhere in UTF-8. */
const MISSING = 0xff;

interface Block {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array; // [rows + 1]
}

const encoder = new TextEncoder();
// A byte order mark inside a text is part of it, so the decoder must not eat it.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A builder of an empty column. Lone surrogates become U+FFFD, as everywhere in UTF-8. */
export function buildTextColumn(): TextColumnBuilder {
  const blocks: Block[] = [];
  let bytes = new Uint8Array(1 << 16);
  let offsets = new Uint32Array(BLOCK_ROWS + 1);
  let used = 0;
  let rows = 0;

  const reserve = (more: number): void => {
    if (used + more <= bytes.length) return;
    const grown = new Uint8Array(Math.max(bytes.length * 2, used + more));
    grown.set(bytes.subarray(0, used));
    bytes = grown;
  };
  const seal = (): void => {
    blocks.push({ bytes: bytes.slice(0, used), offsets: offsets.slice(0, rows + 1) });
    used = 0;
    rows = 0;
    offsets = new Uint32Array(BLOCK_ROWS + 1);
  };

  return {
    get length() {
      return blocks.length * BLOCK_ROWS + rows;
    },
    push(text) {
      if (text === undefined) {
        reserve(1);
        bytes[used++] = MISSING;
      } else {
        reserve(text.length * 3);
        used += encoder.encodeInto(text, bytes.subarray(used)).written;
      }
      rows++;
      offsets[rows] = used;
      if (rows === BLOCK_ROWS) seal();
    },
    finish() {
      const length = blocks.length * BLOCK_ROWS + rows;
      seal();
      bytes = new Uint8Array(0);
      return columnOf(blocks, length);
    },
  };
}

/** The column of `texts`. */
export function textColumn(texts: Iterable<string | undefined>): TextColumn {
  const builder = buildTextColumn();
  for (const text of texts) builder.push(text);
  return builder.finish();
}

function columnOf(blocks: readonly Block[], length: number): TextColumn {
  const view = (row: number): Uint8Array => {
    const block = blocks[row >>> BLOCK_BITS];
    if (block === undefined || row < 0 || row >= length) throw new RangeError(`row ${row} of a column of ${length}`);
    const at = row & (BLOCK_ROWS - 1);
    return block.bytes.subarray(block.offsets[at], block.offsets[at + 1]);
  };
  const missing = (bytes: Uint8Array): boolean => bytes.length === 1 && bytes[0] === MISSING;
  return Object.freeze({
    length,
    get: (row: number) => {
      const bytes = view(row);
      return missing(bytes) ? undefined : decoder.decode(bytes);
    },
    bytes: (row: number) => {
      const bytes = view(row);
      return missing(bytes) ? bytes.subarray(0, 0) : bytes;
    },
  });
}

/** Rows of a column; all of them where `rows` is undefined. */
export interface ColumnPart {
  readonly column: TextColumn;
  readonly rows: Uint32Array | undefined;
}

/** The rows of several columns one after the other, as a view: no text is copied. */
export function joinColumns(parts: readonly ColumnPart[]): TextColumn {
  const starts = [0];
  for (const { column, rows } of parts) starts.push((starts.at(-1) as number) + (rows?.length ?? column.length));
  const length = starts.at(-1) as number;
  const at = (row: number): [TextColumn, number] => {
    if (!(row >= 0 && row < length)) throw new RangeError(`row ${row} of a column of ${length}`);
    let i = 0;
    while (row >= (starts[i + 1] as number)) i++;
    const { column, rows } = parts[i] as ColumnPart;
    const inside = row - (starts[i] as number);
    return [column, rows === undefined ? inside : (rows[inside] as number)];
  };
  return Object.freeze({
    length,
    get: (row: number) => {
      const [column, inside] = at(row);
      return column.get(inside);
    },
    bytes: (row: number) => {
      const [column, inside] = at(row);
      return column.bytes(inside);
    },
  });
}

/** Texts in arrays that can be sent to another thread. */
export interface PackedTexts {
  /** UTF-8, one text after the other. */
  readonly bytes: Uint8Array;
  /** Where each ends, in bytes. */
  readonly ends: Float64Array;
}

/** Packs rows of a column; a missing text becomes an empty one. */
export function packTexts({ column, rows }: ColumnPart): PackedTexts {
  const length = rows?.length ?? column.length;
  const bytesOf = (row: number): Uint8Array => column.bytes(rows === undefined ? row : (rows[row] as number));
  const ends = new Float64Array(length);
  let end = 0;
  for (let row = 0; row < length; row++) {
    end += bytesOf(row).length;
    ends[row] = end;
  }
  const bytes = new Uint8Array(end);
  for (let row = 0; row < length; row++) bytes.set(bytesOf(row), row === 0 ? 0 : ends[row - 1]);
  return { bytes, ends };
}

/** The column of packed texts, which are not copied. */
export function unpackTexts({ bytes, ends }: PackedTexts): TextColumn {
  const view = (row: number): Uint8Array => bytes.subarray(row === 0 ? 0 : ends[row - 1], ends[row]);
  return Object.freeze({ length: ends.length, get: (row: number) => decoder.decode(view(row)), bytes: view });
}
