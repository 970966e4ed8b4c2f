import { fail } from "../../base/errors.js";
import type { RowPlace } from "../table/cell.js";
import type { TableHead } from "../table/choose-columns.js";
import { type RowStream, SAMPLE_ROWS, type SourceRow } from "../table/row-stream.js";
import type { DecodedText } from "./decode-text.js";
import { createOpenLine, TOO_LONG } from "./open-line.js";

/**
 * Rows of a text with one example a line. With a pattern, its named groups are the columns:
 * `/^(?<label>\w+):\w+ (?<text>.*)$/`. Without, each line is a text.
 */
export function patternRows(text: DecodedText, source: string, pattern: RegExp | string | undefined): RowStream {
  const expression = pattern === undefined ? /^(?<text>.*)$/ : compiled(pattern);
  const names = [
    ...new Set([...expression.source.matchAll(/\(\?<([A-Za-z_$][\w$]*)>/g)].map((match) => match[1] as string)),
  ];
  if (names.length === 0)
    fail("E_CONFIG", {
      option: "pattern",
      expected: "named groups, as in (?<label>\\w+) (?<text>.*)",
      got: expression.source,
      fix: "name the groups",
    });
  const read = (line: string, at: number): SourceRow => {
    const groups = expression.exec(line)?.groups;
    const place: RowPlace = { unit: "line", at };
    return groups === undefined
      ? { place, cells: [], problem: "the line does not fit the pattern" }
      : { place, cells: names.map((name) => groups[name]) };
  };
  const sample = text.sample
    .split(/\r?\n/, SAMPLE_ROWS)
    .filter((line) => line !== "")
    .map((line) => read(line, 0))
    .filter((row) => row.problem === undefined);
  const head: TableHead = {
    source,
    names,
    width: names.length,
    sample: sample.map((row) => row.cells as readonly string[]),
  };
  async function* rows(): AsyncGenerator<readonly SourceRow[]> {
    const open = createOpenLine();
    let at = 0;
    const batch = (lines: readonly string[]): SourceRow[] =>
      lines.flatMap((line) => {
        at++;
        const content = line.endsWith("\r") ? line.slice(0, -1) : line;
        return content === "" ? [] : [read(content, at)];
      });
    for await (const piece of text.pieces) {
      const [first = "", ...others] = piece.split("\n");
      if (!open.add(first))
        fail("E_DATA", { where: `${source}, line ${at + 1}`, got: TOO_LONG, fix: "are these texts, one a line?" });
      const last = others.pop();
      if (last === undefined) continue;
      yield batch([open.take(), ...others]);
      open.begin(last);
    }
    const rest = open.take();
    yield batch(rest === "" ? [] : [rest]);
  }
  return { head, rows, notices: text.notices, untyped: true };
}

function compiled(pattern: RegExp | string): RegExp {
  try {
    return typeof pattern === "string"
      ? new RegExp(pattern, "u")
      : new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ""));
  } catch (error) {
    return fail(
      "E_CONFIG",
      {
        option: "pattern",
        expected: "a regular expression",
        got: error instanceof Error ? error.message : String(pattern),
        fix: "correct it",
      },
      error,
    );
  }
}
