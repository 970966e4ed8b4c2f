import { createTextIndex } from "../dataset/row-groups.js";
import type { ColumnProfile } from "./data-report.js";
import { summarizeNumbers } from "./number-summary.js";
import type { Part } from "./part.js";
import { shownText } from "./shown-text.js";

const MOST_VALUES = 10;
/** Different values that are counted at most; a column of more is one of names or texts. */
const MOST_DIFFERENT = 10_000;

/** What each column of the first part holds, in all parts that have it. */
export function profileColumns(parts: readonly Part[]): readonly ColumnProfile[] {
  const [first] = parts as readonly [Part];
  return first.dataset.columns.map(({ name, kind, role }) => {
    const sources = parts.filter(({ dataset }) =>
      dataset.columns.some((column) => column.name === name && column.role === role),
    );
    const total = sources.reduce((sum, { dataset }) => sum + dataset.length, 0);
    const index = createTextIndex(Math.min(total, 1 << 16));
    const counts = new Map<string, number>();
    const numbers = new Float64Array(role === "other" && kind === "number" ? total : 0);
    let [missing, filled] = [0, 0];
    for (const { dataset } of sources) {
      for (let row = 0; row < dataset.length; row++) {
        const value =
          role === "text" ? dataset.text(row) : role === "textPair" ? dataset.textPair(row) : dataset.value(row, name);
        if (value === undefined || value === "") {
          missing++;
          continue;
        }
        const text = String(value);
        index.number(text);
        if (role !== "other") continue;
        if (typeof value === "number" && numbers.length > 0) numbers[filled++] = value;
        else if (counts.size < MOST_DIFFERENT || counts.has(text)) counts.set(text, (counts.get(text) ?? 0) + 1);
      }
    }
    const values = [...counts]
      .filter(([, rows]) => rows > 1)
      .sort((a, b) => b[1] - a[1])
      .slice(0, MOST_VALUES)
      .map(([value, rows]) => ({ value: shownText(value, 60), rows }));
    return {
      name,
      kind,
      role,
      missing,
      distinct: index.size,
      numbers: summarizeNumbers(numbers.subarray(0, filled), 20),
      values: counts.size < MOST_DIFFERENT ? values : [],
    };
  });
}
