import type { LanguageShare } from "./languages.js";

/** Names of lists of the package `stopword` by the codes of languages that it and the detector of languages know. */
const LISTS: Readonly<Record<string, string>> = {
  ar: "ara",
  bg: "bul",
  bn: "ben",
  ca: "cat",
  cs: "ces",
  da: "dan",
  de: "deu",
  el: "ell",
  en: "eng",
  es: "spa",
  et: "est",
  eu: "eus",
  fa: "fas",
  fi: "fin",
  fr: "fra",
  gu: "guj",
  he: "heb",
  hi: "hin",
  hr: "hrv",
  hu: "hun",
  hy: "hye",
  it: "ita",
  ja: "jpn",
  ko: "kor",
  lt: "lit",
  lv: "lav",
  mr: "mar",
  ms: "msa",
  nl: "nld",
  no: "nob",
  pl: "pol",
  pt: "por",
  ro: "ron",
  ru: "rus",
  sk: "slk",
  sl: "slv",
  sv: "swe",
  th: "tha",
  tl: "tgl",
  tr: "tur",
  uk: "ukr",
  ur: "urd",
  vi: "vie",
  yo: "yor",
  zh: "zho",
};

/** English words of the list of NLTK that the package lacks. Negations are none here: they turn what a text says. */
const ENGLISH =
  "above again below does doing don down during few further having hers herself himself i'm itself just its me more most myself off once our ours ourselves own she so than themselves they until us were when while whom whose why will yours yourself yourselves".split(
    " ",
  );

/** Says of a word whether it is one that every text of its language has, such as "the"; of a sequence, whether all are. */
export type IsStopWord = (term: string) => boolean;

/** The stop words of the languages that at least a twentieth of the texts are in; English where none is sure. */
export async function stopWordsOf(languages: {
  readonly looked: number;
  readonly shares: readonly LanguageShare[];
}): Promise<IsStopWord> {
  // Loaded only here: half a megabyte of lists.
  const lists = (await import("stopword")) as unknown as Readonly<Record<string, readonly string[] | undefined>>;
  const spoken = languages.shares.filter(({ language, rows }) => language !== "?" && rows * 20 >= languages.looked);
  const codes = spoken.length === 0 ? ["en"] : spoken.map(({ language }) => language);
  const words = new Set(
    codes.flatMap((code) => [...(lists[LISTS[code] ?? ""] ?? []), ...(code === "en" ? ENGLISH : [])]),
  );
  // "i'm" and "you'll" are the stop words "i" and "you" with others that are none of their own.
  const isWord = (word: string): boolean => words.has(word) || words.has(word.split(/['’]/u)[0] as string);
  return (term) => term.split(" ").every(isWord);
}
