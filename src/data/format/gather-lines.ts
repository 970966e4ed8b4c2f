/** Joins lines to larger pieces: a write for each line would take most of the time. */
export function* gatherLines(lines: Iterable<string>): Generator<string> {
  let piece = "";
  for (const line of lines) {
    piece += line;
    if (piece.length > 2 ** 18) {
      yield piece;
      piece = "";
    }
  }
  if (piece !== "") yield piece;
}
