import { fail } from "../../base/errors.js";

/** Text in pieces, and what its encoding was found to be. */
export interface DecodedText {
  readonly pieces: AsyncIterable<string>;
  /** The first piece, which `pieces` repeats; empty for an empty file. */
  readonly sample: string;
  readonly encoding: string;
  readonly notices: readonly string[];
}

/** How to decode. */
export interface DecodeOptions {
  readonly source: string;
  /** A name of the WHATWG encoding standard, such as "utf-8", "utf-16le", "latin1", "shift_jis". Guessed by default. */
  readonly encoding?: string;
  /** Whether the text is known not to be UTF-8, though its start looks like it. */
  readonly notUtf8?: boolean;
  /** Replace damaged characters by U+FFFD instead of failing. */
  readonly lenient?: boolean;
}

/** Thrown inside where a text that looked like UTF-8 turns out not to be, so that the reader can start again. */
export class NotUtf8 extends Error {
  readonly source: string;
  constructor(source: string) {
    super(`${source} is not UTF-8`);
    this.source = source;
  }
}

/** Bytes looked at to guess the encoding, and given to those who guess the format. */
const SAMPLE_BYTES = 2 ** 20;

/**
 * Decodes `chunks` as text. Without an encoding: by the byte order mark, by the zeros of UTF-16, and
 * otherwise UTF-8 if the first megabyte is valid, or else windows-1252 (which includes latin-1).
 *
 * @throws E_DATA for bytes that the encoding cannot hold, E_CONFIG for an unknown encoding
 */
export async function decodeText(chunks: AsyncIterable<Uint8Array>, options: DecodeOptions): Promise<DecodedText> {
  const iterator = chunks[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let size = 0;
  while (size < SAMPLE_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    held.push(next.value);
    size += next.value.length;
  }
  const start = concat(held, size);
  const guess =
    options.encoding === undefined
      ? options.notUtf8 === true
        ? { encoding: "windows-1252", sure: true }
        : guessEncoding(start, size < SAMPLE_BYTES)
      : { encoding: known(options.encoding), sure: true };
  if (options.encoding === undefined && guess.encoding === "windows-1252") refuseBinary(start, options.source);
  const notices =
    options.encoding === undefined && guess.encoding !== "utf-8"
      ? [`the encoding was taken to be ${guess.encoding}`]
      : [];
  const decoder = new TextDecoder(guess.encoding, {
    fatal: options.lenient !== true && guess.encoding.startsWith("utf"),
  });
  const state = { lines: 1, sure: guess.sure };
  const decode = (bytes: Uint8Array | undefined): string => {
    try {
      const text = bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
      state.lines += newlines(text);
      return text;
    } catch (error) {
      if (!state.sure) throw new NotUtf8(options.source);
      const before =
        bytes === undefined ? 0 : newlines(new TextDecoder(guess.encoding).decode(bytes).split("\ufffd")[0] ?? "");
      return fail(
        "E_DATA",
        {
          where: `${options.source}, line ${state.lines + before}`,
          expected: `text in ${guess.encoding}`,
          got: "other bytes",
          option: "encoding",
          fix: "name the right encoding, for example",
          set: { encoding: "latin1" },
        },
        error,
      );
    }
  };
  const sample = decode(start);
  if (size < SAMPLE_BYTES) {
    const whole = sample + decode(undefined);
    return { sample: whole, encoding: guess.encoding, notices, pieces: once(whole) };
  }
  // Whoever reads the pieces first must also see the sample.
  async function* pieces(): AsyncGenerator<string> {
    try {
      yield sample;
      for (;;) {
        const next = await iterator.next();
        if (next.done === true) break;
        yield decode(next.value);
      }
      const last = decode(undefined);
      if (last !== "") yield last;
    } finally {
      await iterator.return?.();
    }
  }
  return { sample, encoding: guess.encoding, notices, pieces: pieces() };
}

/** Whether bytes are no text: control characters are too many. */
export function looksBinary(start: Uint8Array): boolean {
  const look = start.subarray(0, 4096);
  const controls = look.filter((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13).length;
  return controls > look.length / 50;
}

/** @throws E_DATA for bytes that are no text */
function refuseBinary(start: Uint8Array, source: string): void {
  if (!looksBinary(start)) return;
  fail("E_DATA", {
    where: source,
    expected: "text",
    got: "bytes that are no text",
    fix: "is it packed, or another kind of file? Unpack or export it first, or name its encoding",
    set: { encoding: "…" },
  });
}

async function* once(text: string): AsyncGenerator<string> {
  if (text !== "") yield text;
}

function known(name: string): string {
  try {
    return new TextDecoder(name.toLowerCase() === "latin-1" ? "latin1" : name).encoding;
  } catch (error) {
    return fail(
      "E_CONFIG",
      {
        option: "encoding",
        expected: 'an encoding such as "utf-8", "utf-16le" or "latin1"',
        got: `"${name}"`,
        fix: "leave it out to have it guessed",
      },
      error,
    );
  }
}

function guessEncoding(start: Uint8Array, whole: boolean): { readonly encoding: string; readonly sure: boolean } {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return { encoding: "utf-8", sure: true };
  if (start[0] === 0xff && start[1] === 0xfe) return { encoding: "utf-16le", sure: true };
  if (start[0] === 0xfe && start[1] === 0xff) return { encoding: "utf-16be", sure: true };
  const look = start.subarray(0, 4096);
  const zeros = [0, 0] as [number, number];
  look.forEach((byte, i) => {
    if (byte === 0) zeros[(i & 1) as 0 | 1]++;
  });
  const pairs = Math.max(1, look.length / 2);
  if (zeros[1] / pairs > 0.4 && zeros[0] === 0) return { encoding: "utf-16le", sure: true };
  if (zeros[0] / pairs > 0.4 && zeros[1] === 0) return { encoding: "utf-16be", sure: true };
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(start, { stream: !whole });
    // Only ASCII so far says nothing about what comes; anything else that is valid hardly is by chance.
    return { encoding: "utf-8", sure: start.some((byte) => byte >= 0x80) };
  } catch {
    return { encoding: "windows-1252", sure: true };
  }
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function concat(parts: readonly Uint8Array[], size: number): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
