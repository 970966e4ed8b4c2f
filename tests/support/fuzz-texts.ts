/** Texts of all of Unicode, the same as those of scripts/golden/tokenizer_kinds.py. */

type Block = readonly [low: number, high: number];

const BLOCKS: readonly Block[] = [
  ...[
    [0x20, 0x7f],
    [0x20, 0x7f],
    [0x20, 0x7f],
    [0x61, 0x7b],
    [0x61, 0x7b],
    [0, 0x20],
    [0x80, 0x250],
  ],
  ...[
    [0x250, 0x370],
    [0x300, 0x370],
    [0x370, 0x590],
    [0x590, 0x900],
    [0x900, 0xe00],
    [0xe00, 0x1200],
  ],
  ...[
    [0x1200, 0x2000],
    [0x1e00, 0x2000],
    [0x2000, 0x2070],
    [0x2000, 0x2070],
    [0x2070, 0x3000],
    [0x3000, 0x3400],
  ],
  ...[
    [0x3400, 0xa000],
    [0xa000, 0xac00],
    [0xac00, 0xd7b0],
    [0xe000, 0xf900],
    [0xf900, 0x10000],
    [0xff00, 0xfff0],
  ],
  ...[
    [0x10000, 0x20000],
    [0x1f300, 0x1fb00],
    [0x20000, 0x32000],
    [0xe0000, 0xe0200],
    [0x110, 0x10ffff],
  ],
] as readonly unknown[] as readonly Block[];

const PIECES: readonly string[] = [
  ...["the", "ing", " ", " ", " ", "  ", ",", "'s", "'ll", "don't", "1,000", "2,", "``", "''", "\n", "\t", "\r\n"],
  ...["\u0301", "\u0323", "\u0345", "\u05b0", "Σ", "İ", "가", "\u1100", "\u1161", "\u11a8", "\u094d", "क", "\u200d"],
  ...["\u00a9", "\u2122", "\ufe0f", "\u00a0", "\u3000", "▁", "<mask>", "</s>", "[SEP]", "ﬁ", "①", "Å", "é", "e\u0301"],
  ...["ü", "ß", "中", "文", "😀", "👨\u200d👩", "\u0600", "\u{110bd}"],
];

/** Words, blocks of characters, single neighbourhoods where marks meet their letters. */
export function* fuzzTexts(count: number): Generator<string> {
  let state = 20_250_101;
  // Marsaglia's xorshift of 32 bits.
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  const char = (low: number, high: number): string => {
    const code = low + below(high - low);
    return String.fromCodePoint(code >= 0xd800 && code <= 0xdfff ? 0xfffd : code);
  };
  for (let i = 0; i < count; i++) {
    const kind = below(3);
    const [low, high] = BLOCKS[below(BLOCKS.length)];
    const start = low + below(high - low);
    const length = below(24);
    let text = "";
    for (let j = 0; j < length; j++) {
      if (below(10) < 3) text += PIECES[below(PIECES.length)];
      else if (kind === 0) text += char(start, Math.min(start + 48, 0x110000));
      else text += char(...BLOCKS[below(BLOCKS.length)]);
    }
    yield text;
  }
}
