/** The one pass over all rows: lengths, groups of equal texts, damage, scripts, tokens. */
import { createTextIndex, normalizedText } from "../dataset/row-groups.js";
import { countWords } from "./count-words.js";
import type { DataReport, ReportOptions, TokenReport } from "./data-report.js";
import type { TextGroups } from "./duplicates.js";
import { percentile } from "./length-statistics.js";
import type { Part } from "./part.js";
import { shownText } from "./shown-text.js";
import { DAMAGE_KINDS, scriptsOf } from "./text-damage.js";

export interface Scan {
  /** Words, characters and, with a tokenizer, tokens of each row of all parts one after the other. */
  readonly lengths: readonly Int32Array[];
  readonly groups: TextGroups;
  readonly damage: DataReport["damage"];
  readonly scripts: DataReport["scripts"];
  readonly tokens: TokenReport | undefined;
}

const LIMITS = [128, 256, 512] as const;

/** Looks at every row once. `pause` is called now and then with the share that is done. */
export async function scanRows(
  parts: readonly Part[],
  total: number,
  { tokenizer, tokenizerName }: ReportOptions,
  pause: (share: number) => Promise<void>,
): Promise<Scan> {
  const [words, characters] = [new Int32Array(total), new Int32Array(total)];
  const tokens = tokenizer === undefined ? undefined : new Int32Array(total);
  const seen = tokenizer === undefined ? undefined : watchTokens(tokenizer);
  const exact = createTextIndex(total);
  const normalized = createTextIndex(total);
  const groups = new Int32Array(total);
  const damage = DAMAGE_KINDS.map((kind) => ({ kind, rows: 0, example: "" }));
  const scripts = new Map<string, number>();
  let at = 0;
  for (const { dataset } of parts) {
    for (let row = 0; row < dataset.length; row++, at++) {
      if ((at & 0x1fff) === 0x1fff) await pause(at / total);
      const text = dataset.text(row);
      words[at] = countWords(text);
      characters[at] = countCharacters(text);
      if (seen !== undefined && tokens !== undefined) tokens[at] = seen.count(text);
      // Rows with two texts are alike where both are.
      const second = dataset.textPair(row);
      exact.number(second === undefined ? text : `${text}\n${second}`);
      groups[at] = normalized.number(
        second === undefined ? normalizedText(text) : `${normalizedText(text)}\n${normalizedText(second)}`,
      );
      for (const entry of damage) {
        if (entry.kind.test(text)) {
          entry.rows++;
          if (entry.example === "") entry.example = shownText(text, 120);
        }
      }
      for (const script of scriptsOf(text)) scripts.set(script, (scripts.get(script) ?? 0) + 1);
    }
  }
  return {
    lengths: [words, characters, ...(tokens === undefined ? [] : [tokens])],
    groups: { groups, groupCount: normalized.size, exactCount: exact.size },
    damage: damage
      .filter((entry) => entry.rows > 0)
      .map(({ kind, rows, example }) => ({ name: kind.name, what: kind.what, rows, example, advice: kind.advice })),
    scripts: [...scripts].map(([script, rows]) => ({ script, rows })).sort((a, b) => b.rows - a.rows),
    tokens:
      tokens === undefined || seen === undefined
        ? undefined
        : { ...cutBy(tokens, tokenizerName ?? "the tokenizer"), ...seen.report(words) },
  };
}

type TokenUse = Omit<TokenReport, "tokenizer" | "shares" | "covering95">;

/** Counts tokens, and which of them there are. */
function watchTokens(tokenizer: NonNullable<ReportOptions["tokenizer"]>): {
  count(text: string): number;
  report(words: Int32Array): TokenUse;
} {
  const options = { maxLength: Number.MAX_SAFE_INTEGER };
  const { vocabularySize, unknownId } = tokenizer;
  const used = new Uint8Array(vocabularySize);
  const special = tokenizer.encode("", options).ids.length;
  const unknownWords = new Map<string, number>();
  let [all, unknown, unknownRows] = [0, 0, 0];
  return {
    count(text) {
      const { ids } = tokenizer.encode(text, options);
      let strange = 0;
      for (let i = 0; i < ids.length; i++) {
        used[ids[i] as number] = 1;
        if (ids[i] === unknownId) strange++;
      }
      all += ids.length - special;
      unknown += strange;
      if (strange > 0) {
        unknownRows++;
        for (const word of text.split(/\s+/u)) {
          // Words that occur once fill memory and tell little.
          if (unknownWords.size > 10_000 && !unknownWords.has(word)) continue;
          if (Array.from(tokenizer.encode(word, options).ids).includes(unknownId as number))
            unknownWords.set(word, (unknownWords.get(word) ?? 0) + 1);
        }
      }
      return ids.length;
    },
    report: (words) => ({
      perWord:
        all /
        Math.max(
          1,
          words.reduce((sum, count) => sum + count, 0),
        ),
      used: used.reduce((sum, is) => sum + is, 0),
      vocabularySize,
      unknown,
      unknownShare: unknown / Math.max(1, all),
      unknownRows,
      unknownWords: [...unknownWords]
        .sort((a, b) => b[1] - a[1])
        .slice(0, 20)
        .map(([word, count]) => ({ word: shownText(word, 40), count })),
    }),
  };
}

function cutBy(tokens: Int32Array, tokenizer: string): Pick<TokenReport, "tokenizer" | "shares" | "covering95"> {
  const shares = LIMITS.map((limit) => ({
    limit,
    share: tokens.reduce((sum, count) => sum + (count > limit ? 1 : 0), 0) / Math.max(1, tokens.length),
  }));
  return { tokenizer, shares, covering95: percentile(tokens.slice().sort(), 0.95) };
}

/** Code points. */
function countCharacters(text: string): number {
  let count = text.length;
  for (let i = 0; i + 1 < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      count--;
      i++;
    }
  }
  return count;
}
