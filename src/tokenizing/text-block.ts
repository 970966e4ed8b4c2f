/** Texts as bytes in one piece, which are cheap to hash and to hand to another thread. */

/** Some texts, in their order. */
export interface TextBlock {
  /** Their UTF-8 bytes, one after the other. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** [N]: where each text ends in `bytes`. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

/** The texts of `block`. */
export function* textsOf(block: TextBlock): Generator<string> {
  let start = 0;
  for (const end of block.ends) {
    yield decoder.decode(block.bytes.subarray(start, end));
    start = end;
  }
}

// A byte order mark inside a text is part of it, so the decoder must not eat it.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
