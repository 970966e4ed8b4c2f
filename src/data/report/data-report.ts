/** What a report of a data set says. */
import type { TargetKind } from "../dataset/target.js";
import type { ColumnKind } from "../table/cell.js";
import type { AlikeClasses } from "./alike-classes.js";
import type { PartComparison } from "./compare-parts.js";
import type { LanguageShare } from "./languages.js";
import type { LengthHistogram, LengthSummary } from "./length-statistics.js";
import type { NumberSummary } from "./number-summary.js";
import type { TellingWord } from "./telling-words.js";

/** What cuts texts into tokens, as the tokenizer of a model does. */
export interface ReportTokenizer {
  readonly vocabularySize: number;
  /** The id of what has no token of its own; undefined where there is none. */
  readonly unknownId: number | undefined;
  /** The ids of a text, special tokens included. */
  encode(text: string, options: { readonly maxLength: number }): { readonly ids: ArrayLike<number> };
}

/** How to look at a data set. */
export interface ReportOptions {
  /** Shown as the title; by default the name of the data's file, without its folder. */
  readonly title?: string;
  /** Adds lengths in tokens, what truncation cuts, and what the tokenizer does not know. */
  readonly tokenizer?: ReportTokenizer;
  /** What the tokenizer belongs to, to be shown. */
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

/** Lengths in one unit, for all rows, each part and each class. All histograms have the same bins. */
export interface LengthReport {
  readonly unit: "words" | "characters" | "tokens";
  readonly all: LengthSummary;
  readonly histogram: LengthHistogram;
  readonly byPart: Readonly<Record<string, { readonly summary: LengthSummary; readonly histogram: LengthHistogram }>>;
  readonly byLabel: readonly {
    readonly label: string;
    readonly summary: LengthSummary;
    readonly histogram: LengthHistogram;
  }[];
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

/** Texts that are not the same, and share at least 80 % of their words. Texts of fewer than five different words are left out. */
export interface NearDuplicateReport {
  /** Texts of which an earlier one is nearly the same. */
  readonly texts: number;
  /** Those of them with a label that no such earlier text has. */
  readonly contradictory: number;
  /** Texts of a part that are nearly the same as one of an earlier part, and do not stand there as they are. */
  readonly acrossParts: readonly { readonly part: string; readonly alsoIn: string; readonly texts: number }[];
  /** The most alike of them, those with different labels first. */
  readonly examples: readonly {
    readonly texts: readonly [string, string];
    readonly labels: readonly [string, string];
    /** Share of the words of both that both have. */
    readonly similarity: number;
  }[];
}

/** How many words there are, and how many of them a part has that the first has not. */
export interface VocabularyReport {
  /** Words in all, different ones, and different ones that occur once. */
  readonly words: number;
  readonly different: number;
  readonly once: number;
  /** Share of the words of each later part that the first part has nowhere. */
  readonly newIn: readonly { readonly part: string; readonly share: number }[];
}

/** What the tokenizer makes of the texts. */
export interface TokenReport {
  readonly tokenizer: string;
  /** Share of rows that a limit would cut. */
  readonly shares: readonly { readonly limit: number; readonly share: number }[];
  /** The limit that covers 95 % of the rows. */
  readonly covering95: number;
  /** Tokens for each word, special tokens left out. */
  readonly perWord: number;
  /** Tokens of the vocabulary that occur, and that there are. */
  readonly used: number;
  readonly vocabularySize: number;
  /** Tokens that stand for what the tokenizer does not know, their share of all, and rows that hold one. */
  readonly unknown: number;
  readonly unknownShare: number;
  readonly unknownRows: number;
  /** What it does not know, the most frequent first. */
  readonly unknownWords: readonly { readonly word: string; readonly count: number }[];
}

/** What a column besides text and label holds. */
export interface ColumnProfile {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly role: string;
  readonly missing: number;
  readonly distinct: number;
  /** Of a column of numbers. */
  readonly numbers: NumberSummary | undefined;
  /** The most frequent values where values repeat. */
  readonly values: readonly { readonly value: string; readonly rows: number }[];
}

/** A finding: a problem spoils results, a warning deserves a decision, a note is good to know. */
export interface Finding {
  readonly kind: "problem" | "warning" | "note";
  readonly finding: string;
  readonly advice: string;
}

/** A row that is shown: the end of a long text is left out. */
export interface ShownRow {
  readonly part: string;
  /** Its place in its part, counted from 1. */
  readonly row: number;
  readonly label: string;
  readonly words: number;
  readonly characters: number;
  readonly text: string;
}

/** What speaks for a class: words, words without those that every text has (such as "the"), and pairs of words. */
export interface ClassWords {
  readonly label: string;
  readonly words: readonly TellingWord[];
  readonly contentWords: readonly TellingWord[];
  readonly pairs: readonly TellingWord[];
}

/** What was seen in a data set; plain data that JSON can hold. */
export interface DataReport {
  readonly title: string;
  readonly fingerprint: string;
  readonly rows: number;
  /** What is learned; undefined for texts alone. */
  readonly targetKind: TargetKind | undefined;
  readonly parts: readonly { readonly name: string; readonly rows: number; readonly counts: readonly number[] }[];
  readonly columns: readonly ColumnProfile[];
  readonly notices: readonly string[];
  readonly labels: {
    readonly names: readonly string[];
    /** Rows of each class. Where rows have several classes they are counted in each. */
    readonly counts: readonly number[];
    /** Accuracy of always giving the most frequent answer, a class or a set of classes: what any model must beat. 0 for numbers. */
    readonly majorityAccuracy: number;
    /** Rows of the most frequent class for each of the rarest that occurs. */
    readonly imbalance: number;
    /** Where rows have several classes: how many rows have none, one, two, …, and which classes go together. */
    readonly perRow: readonly number[];
    readonly together: readonly { readonly labels: readonly [string, string]; readonly rows: number }[];
    /** Of numbers that are to be predicted, in all and in each part, in the same bins. */
    readonly numbers: NumberSummary | undefined;
    readonly numbersByPart: Readonly<Record<string, NumberSummary>>;
  };
  readonly lengths: readonly LengthReport[];
  /** With a tokenizer. */
  readonly tokens: TokenReport | undefined;
  readonly duplicates: DuplicateReport;
  readonly nearDuplicates: NearDuplicateReport;
  readonly damage: readonly {
    readonly name: string;
    readonly what: string;
    readonly rows: number;
    readonly example: string;
    readonly advice: string;
  }[];
  readonly scripts: readonly { readonly script: string; readonly rows: number }[];
  readonly languages: { readonly looked: number; readonly shares: readonly LanguageShare[] };
  readonly vocabulary: VocabularyReport;
  /** The most frequent words, pairs and triples of words that are not all stop words. */
  readonly frequent: readonly {
    readonly words: 1 | 2 | 3;
    readonly terms: readonly { readonly term: string; readonly count: number }[];
  }[];
  /** What tells the classes; of numbers, the lower and the upper third. */
  readonly words: readonly ClassWords[];
  /** Rows whose words were counted and compared: every one up to 300,000. */
  readonly wordRows: number;
  readonly alikeClasses: readonly AlikeClasses[];
  readonly shortest: readonly ShownRow[];
  readonly longest: readonly ShownRow[];
  readonly samples: readonly { readonly label: string; readonly texts: readonly string[] }[];
  readonly comparisons: readonly PartComparison[];
  readonly findings: readonly Finding[];
}
