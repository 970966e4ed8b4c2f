/** What the `data` commands print. */
import { z } from "zod";

const count = z.number().int();
const share = z.number().describe("share, from 0 to 1");
const texts = z.array(z.string());

const lengthSummary = z.strictObject({
  count,
  mean: z.number(),
  median: count,
  minimum: count,
  maximum: count,
  p90: count,
  p95: count,
  p99: count,
});
const histogram = z.strictObject({
  width: count.describe("of a bin"),
  counts: z.array(count),
  beyond: count.describe("texts longer than the last bin"),
});
const numbers = z.strictObject({
  count,
  mean: z.number(),
  deviation: z.number().describe("standard deviation"),
  minimum: z.number(),
  q25: z.number(),
  median: z.number(),
  q75: z.number(),
  maximum: z.number(),
  counts: z.array(count).describe("in bins of one width, from the smallest to the largest"),
});
const shownRow = z.strictObject({
  part: z.string(),
  row: count.describe("in its part, from 1"),
  label: z.string(),
  words: count,
  characters: count,
  text: z.string(),
});
const tellingWords = z.array(
  z.strictObject({
    word: z.string(),
    z: z.number().describe("standard deviations above its rate elsewhere"),
    count: count.describe("in the class"),
    total: count.describe("in all classes"),
  }),
);
const test = z.strictObject({ statistic: z.number(), pValue: z.number(), alike: z.boolean() });
const acrossParts = { part: z.string(), alsoIn: z.string() };

export const dataReport = z.strictObject({
  title: z.string(),
  fingerprint: z.string().describe("of texts, labels and order; one for each part"),
  rows: count,
  targetKind: z.enum(["class", "labels", "number"]).describe("missing for texts alone").optional(),
  parts: z.array(z.strictObject({ name: z.string(), rows: count, counts: z.array(count).describe("of each class") })),
  columns: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(["string", "number", "boolean"]),
      role: z.string().describe("text, textPair, label or other"),
      missing: count,
      distinct: count,
      numbers: numbers.optional(),
      values: z.array(z.strictObject({ value: z.string(), rows: count })).describe("the most frequent"),
    }),
  ),
  notices: texts.describe("how the data was read"),
  labels: z.strictObject({
    names: texts,
    counts: z.array(count),
    majorityAccuracy: share.describe("of always giving the most frequent answer"),
    imbalance: z.number().describe("rows of the largest class for each of the smallest"),
    perRow: z.array(count).describe("rows with no class, one, two, …"),
    together: z.array(z.strictObject({ labels: z.tuple([z.string(), z.string()]), rows: count })),
    numbers: numbers.describe("of numbers to predict").optional(),
    numbersByPart: z.record(z.string(), numbers),
  }),
  lengths: z.array(
    z.strictObject({
      unit: z.enum(["words", "characters", "tokens"]),
      all: lengthSummary,
      histogram,
      byPart: z.record(z.string(), z.strictObject({ summary: lengthSummary, histogram })),
      byLabel: z.array(z.strictObject({ label: z.string(), summary: lengthSummary, histogram })),
    }),
  ),
  tokens: z
    .strictObject({
      tokenizer: z.string(),
      shares: z.array(z.strictObject({ limit: count, share: share.describe("of rows that it cuts") })),
      covering95: count.describe("the limit that covers 95 % of the rows"),
      perWord: z.number(),
      used: count.describe("tokens of the vocabulary that occur"),
      vocabularySize: count,
      unknown: count,
      unknownShare: share,
      unknownRows: count,
      unknownWords: z.array(z.strictObject({ word: z.string(), count })),
    })
    .describe("with --model")
    .optional(),
  duplicates: z.strictObject({
    exact: count.describe("rows that repeat an earlier text"),
    normalized: count.describe("the same apart from case, punctuation and spaces"),
    examples: z.array(z.strictObject({ text: z.string(), times: count })),
    contradictory: count.describe("texts with more than one label"),
    contradictions: z.array(z.strictObject({ text: z.string(), labels: texts })),
    acrossParts: z.array(
      z.strictObject({
        ...acrossParts,
        rows: count,
        split: z.boolean().describe("whether both come from one data set"),
      }),
    ),
  }),
  nearDuplicates: z.strictObject({
    texts: count.describe("texts that share at least 80 % of their words with an earlier one"),
    contradictory: count.describe("those of them with another label"),
    acrossParts: z.array(z.strictObject({ ...acrossParts, texts: count })),
    examples: z.array(
      z.strictObject({
        texts: z.tuple([z.string(), z.string()]),
        labels: z.tuple([z.string(), z.string()]),
        similarity: share,
      }),
    ),
  }),
  damage: z.array(
    z.strictObject({ name: z.string(), what: z.string(), rows: count, example: z.string(), advice: z.string() }),
  ),
  scripts: z.array(z.strictObject({ script: z.string(), rows: count })),
  languages: z.strictObject({
    looked: count.describe("texts that were looked at"),
    shares: z.array(z.strictObject({ language: z.string().describe('ISO 639-1, or "?"'), rows: count })),
  }),
  vocabulary: z.strictObject({
    words: count,
    different: count,
    once: count,
    newIn: z.array(
      z.strictObject({ part: z.string(), share: share.describe("of its words that the first part lacks") }),
    ),
  }),
  frequent: z.array(
    z.strictObject({
      words: z.union([z.literal(1), z.literal(2), z.literal(3)]).describe("words in a term"),
      terms: z.array(z.strictObject({ term: z.string(), count })),
    }),
  ),
  words: z
    .array(
      z.strictObject({
        label: z.string(),
        words: tellingWords,
        contentWords: tellingWords.describe("without stop words"),
        pairs: tellingWords,
      }),
    )
    .describe("what tells each class"),
  wordRows: count.describe("rows whose words were counted"),
  alikeClasses: z.array(z.strictObject({ a: z.string(), b: z.string(), similarity: share, shared: texts })),
  shortest: z.array(shownRow),
  longest: z.array(shownRow),
  samples: z.array(z.strictObject({ label: z.string(), texts })),
  comparisons: z.array(
    z.strictObject({
      part: z.string(),
      reference: z.string(),
      labels: test,
      lengths: test,
      sentence: z.string(),
    }),
  ),
  findings: z.array(
    z.strictObject({ kind: z.enum(["problem", "warning", "note"]), finding: z.string(), advice: z.string() }),
  ),
});

export const dataClean = z.strictObject({
  output: z.string().describe("file"),
  rowsBefore: count,
  rowsAfter: count,
  steps: z.array(
    z.strictObject({
      step: z.string(),
      changed: count.describe("rows"),
      dropped: count.describe("rows"),
      examples: z.array(z.strictObject({ before: z.string(), after: z.string().optional() })),
    }),
  ),
});

export const dataSplit = z.array(z.strictObject({ part: z.string(), path: z.string().describe("file"), rows: count }));
