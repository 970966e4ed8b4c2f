/** A text beside what a function of it makes: which part of the one became which part of the other. */

/** The result of a function, and for each UTF-16 unit of it the part of the text that it comes from. */
export interface AlignedText {
  readonly result: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Places that are tried as borders of a part, next to its middle. */
const TRIED = 64;

/** What all `changes`, one after the other, make of `text`. */
export function alignText(text: string, changes: readonly ((text: string) => string)[]): AlignedText {
  const places = Array.from({ length: text.length }, (_, unit) => unit);
  let aligned: AlignedText = { result: text, starts: places, ends: places.map((unit) => unit + 1) };
  for (const change of changes) {
    const next = alignChange(aligned.result, change);
    const { starts, ends } = aligned;
    aligned = {
      result: next.result,
      starts: next.starts.map((start) => starts[start] ?? text.length),
      // What stands for nothing stands before the part at its place.
      ends: next.ends.map((end, unit) => (end > next.starts[unit] ? ends[end - 1] : (starts[end] ?? text.length))),
    };
  }
  return aligned;
}

/**
 * `change(text)` with its origins, for a function that changes characters where they stand. A text falls into two parts
 * wherever changing these one by one gives the same, down to characters; what does not fall apart, such as a letter and
 * the accent that it is joined with, is one part.
 */
function alignChange(text: string, change: (text: string) => string): AlignedText {
  const starts: number[] = [];
  const ends: number[] = [];
  const walk = (start: number, end: number, changed: string): void => {
    for (const border of bordersOf(text, start, end)) {
      const left = change(text.slice(start, border));
      if (!changed.startsWith(left)) continue;
      const right = changed.slice(left.length);
      if (change(text.slice(border, end)) !== right) continue;
      walk(start, border, left);
      walk(border, end, right);
      return;
    }
    for (let i = 0; i < changed.length; i++) {
      starts.push(start);
      ends.push(end);
    }
  };
  const walkPlain = (start: number, length: number): void => {
    for (let i = start; i < start + length; i++) {
      starts.push(i);
      ends.push(i + 1);
    }
  };
  const result = change(text);
  const cut = text.indexOf(result);
  if (cut >= 0) {
    // As it was, or without its ends: what is done to the ends of a text is done to those of every part of it.
    walkPlain(cut, result.length);
  } else if (result.endsWith(text)) {
    for (let i = text.length; i < result.length; i++) {
      starts.push(0);
      ends.push(0);
    }
    walkPlain(0, text.length);
  } else walk(0, text.length, result);
  return { result, starts, ends };
}

/** Borders between characters of a part, the middle first. */
function* bordersOf(text: string, start: number, end: number): Generator<number> {
  const middle = (start + end) >> 1;
  for (let step = 0; step <= Math.min(TRIED, end - start); step++) {
    for (const border of step === 0 ? [middle] : [middle - step, middle + step]) {
      const isInside = border > start && border < end;
      if (isInside && !/[\uDC00-\uDFFF]/.test(text.charAt(border))) yield border;
    }
  }
}
