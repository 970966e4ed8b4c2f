/** What a report of a data set says. */
import type { ColumnKind } from "../table/cell.js";
import type { PartComparison } from "./compare-parts.js";
import type { LanguageShare } from "./languages.js";
import type { LengthHistogram, LengthSummary } from "./length-statistics.js";
import type { TellingWord } from "./telling-words.js";

/** How to look at a data set. */
export interface ReportOptions {
  /** Shown as the title; by default the data's source. */
  readonly title?: string;
  /** Counts the tokens of a text, special tokens included, without truncation; adds lengths in tokens. */
  readonly countTokens?: (text: string) => number;
  /** What counts the tokens, to be shown. */
  readonly tokenizerName?: string;
  /** What is to be said of the reading, besides the notices of the data itself: a split has none of the whole's. */
  readonly notices?: readonly string[];
  /** Rows shown of each class. Default 10. */
  readonly samplesPerClass?: number;
  /** Seed of the drawing of samples; 42 by default. */
  readonly seed?: number;
  /** Called now and then with the share of the work that is done, in [0, 1]. */
  readonly onProgress?: (share: number) => void;
  /** Stops the work. */
  readonly signal?: AbortSignal;
}

/** Lengths in one unit, for all rows, each part and each class. */
export interface LengthReport {
  readonly unit: "words" | "characters" | "tokens";
  readonly all: LengthSummary;
  readonly histogram: LengthHistogram;
  readonly byPart: Readonly<Record<string, { readonly summary: LengthSummary; readonly histogram: LengthHistogram }>>;
  readonly byLabel: readonly { readonly label: string; readonly summary: LengthSummary }[];
}

/** Rows that hold a text that an earlier row holds too. */
export interface DuplicateReport {
  /** Rows beyond the first of each text, as it is and after normalising case, punctuation and spaces. */
  readonly exact: number;
  readonly normalized: number;
  readonly examples: readonly { readonly text: string; readonly times: number }[];
  /** Texts (normalised) that occur with more than one label. */
  readonly contradictory: number;
  readonly contradictions: readonly { readonly text: string; readonly labels: readonly string[] }[];
  /** Rows of a part whose text also occurs in an earlier part; `split`: both were split from one data set. */
  readonly acrossParts: readonly {
    readonly part: string;
    readonly alsoIn: string;
    readonly rows: number;
    readonly split: boolean;
  }[];
}

/** A finding: a problem spoils results, a warning deserves a decision, a note is good to know. */
export interface Finding {
  readonly kind: "problem" | "warning" | "note";
  readonly finding: string;
  readonly advice: string;
}

/** What was seen in a data set; plain data that JSON can hold. */
export interface DataReport {
  readonly title: string;
  readonly fingerprint: string;
  readonly rows: number;
  readonly parts: readonly { readonly name: string; readonly rows: number; readonly counts: readonly number[] }[];
  readonly columns: readonly {
    readonly name: string;
    readonly kind: ColumnKind;
    readonly role: string;
    readonly missing: number;
    readonly distinct: number;
  }[];
  readonly notices: readonly string[];
  readonly labels: {
    readonly names: readonly string[];
    readonly counts: readonly number[];
    /** Accuracy of always answering with the most frequent class: what any model must beat. */
    readonly majorityAccuracy: number;
    /** Rows of the most frequent class for each of the rarest that occurs. */
    readonly imbalance: number;
  };
  readonly lengths: readonly LengthReport[];
  /** With a tokenizer: the share of rows that a limit would cut, and the limit that covers 95 %. */
  readonly truncation:
    | {
        readonly tokenizer: string;
        readonly shares: readonly { readonly limit: number; readonly share: number }[];
        readonly covering95: number;
      }
    | undefined;
  readonly duplicates: DuplicateReport;
  readonly damage: readonly {
    readonly name: string;
    readonly what: string;
    readonly rows: number;
    readonly example: string;
    readonly advice: string;
  }[];
  readonly scripts: readonly { readonly script: string; readonly rows: number }[];
  readonly languages: { readonly looked: number; readonly shares: readonly LanguageShare[] };
  readonly words: readonly { readonly label: string; readonly words: readonly TellingWord[] }[];
  /** Rows that the words were counted in. */
  readonly wordRows: number;
  readonly samples: readonly { readonly label: string; readonly texts: readonly string[] }[];
  readonly comparisons: readonly PartComparison[];
  readonly findings: readonly Finding[];
}
