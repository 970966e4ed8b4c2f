/** A longer record (in UTF-16 units) is refused; a quote that is open for so long was never closed. */
export const LONGEST_RECORD = 64 * 2 ** 20;
/** What is said of one. */
export const TOO_LONG = "a line of more than 64 million characters";

/** A line of which pieces have come but no end: joined only when it has one, so that it costs no more than its length. */
export interface OpenLine {
  /** UTF-16 units so far. */
  readonly length: number;
  /** Starts anew with `text`. */
  begin(text: string): void;
  /** Goes on. False once it is longer than a record may be, and then all of it is forgotten. */
  add(piece: string): boolean;
  /** All of it, which is then forgotten. */
  take(): string;
}

export function createOpenLine(): OpenLine {
  let pieces: string[] = [];
  let length = 0;
  const begin = (text: string): void => {
    pieces = text === "" ? [] : [text];
    length = text.length;
  };
  return {
    get length() {
      return length;
    },
    begin,
    add(piece) {
      pieces.push(piece);
      length += piece.length;
      if (length < LONGEST_RECORD) return true;
      begin("");
      return false;
    },
    take() {
      const text = pieces.join("");
      begin("");
      return text;
    },
  };
}
