import type { Dataset } from "../dataset/dataset.js";

/** A language, by its ISO 639-1 code, and in how many of the texts looked at it was recognised. */
export interface LanguageShare {
  readonly language: string;
  readonly rows: number;
}

/** Rows looked at, evenly spread over the data: shares are then sure to about two percent. */
const MOST_ROWS = 2000;
/** Texts below this many UTF-16 units are too short to tell a language by. */
const SHORTEST = 40;

/** The languages of the longer texts of `dataset`, the most frequent first; "?" where none was sure. */
export async function detectLanguages(
  dataset: Dataset,
): Promise<{ readonly looked: number; readonly shares: readonly LanguageShare[] }> {
  // Loaded only here: its n-grams take a moment and some memory.
  const { eld } = await import("eld/small");
  const found = new Map<string, number>();
  let looked = 0;
  const step = Math.max(1, Math.floor(dataset.length / MOST_ROWS));
  for (let row = 0; row < dataset.length && looked < MOST_ROWS; row += step) {
    const text = dataset.text(row);
    if (text.length < SHORTEST) continue;
    looked++;
    const result = eld.detect(text.slice(0, 1000));
    const language = result.isReliable() && result.language !== "" ? result.language : "?";
    found.set(language, (found.get(language) ?? 0) + 1);
  }
  const shares = [...found]
    .map(([language, rows]) => ({ language, rows }))
    .sort((a, b) => b.rows - a.rows || (a.language < b.language ? -1 : 1));
  return { looked, shares };
}
