/** Changes to texts that cleaning offers. */

/** Entities that occur in running text; others stay as they are. */
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ndash: "–",
  mdash: "—",
  hellip: "…",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  laquo: "«",
  raquo: "»",
  bull: "•",
  middot: "·",
  copy: "©",
  reg: "®",
  trade: "™",
  deg: "°",
  pound: "£",
  euro: "€",
  yen: "¥",
  cent: "¢",
  sect: "§",
  times: "×",
  frac12: "½",
  szlig: "ß",
  auml: "ä",
  ouml: "ö",
  uuml: "ü",
  Auml: "Ä",
  Ouml: "Ö",
  Uuml: "Ü",
  agrave: "à",
  aacute: "á",
  acirc: "â",
  ccedil: "ç",
  egrave: "è",
  eacute: "é",
  ecirc: "ê",
  euml: "ë",
  iacute: "í",
  icirc: "î",
  ntilde: "ñ",
  oacute: "ó",
  ocirc: "ô",
  oslash: "ø",
  uacute: "ú",
  ugrave: "ù",
  aring: "å",
  aelig: "æ",
};

/** Tags that end a line or a block: their place is taken by a space, so that words do not grow together. */
const BREAKING = /^\/?(?:br|p|div|li|ul|ol|tr|td|th|table|h[1-6]|hr|section|article|blockquote)\b/i;

/** `text` without HTML tags, comments, scripts and styles, its entities resolved. Words of broken-up blocks stay apart. */
export function stripMarkup(text: string): string {
  if (!/[<&]|#\d{2}/.test(text)) return text;
  const plain = text
    .replace(/<!--[\s\S]*?-->/g, " ")
    .replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, " ")
    // Only what looks like a tag: "3 < 4" and "<3" stay.
    .replace(/<(\/?[a-z][a-z0-9]*(?:\s[^<>]*)?\/?)>/gi, (_, tag: string) => (BREAKING.test(tag) ? " " : ""));
  return (
    plain
      .replace(
        /&(#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z0-9]{1,9});/gi,
        (whole: string, name: string) => character(name) ?? whole,
      )
      // News feeds lose the ampersand and gain a space: "it #39;s".
      .replace(/ ?#(\d{2,4});/g, (whole: string, code: string) => character(`#${code}`) ?? whole)
  );
}

function character(name: string): string | undefined {
  if (!name.startsWith("#"))
    return Object.hasOwn(ENTITIES, name)
      ? ENTITIES[name]
      : Object.hasOwn(ENTITIES, name.toLowerCase())
        ? ENTITIES[name.toLowerCase()]
        : undefined;
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  if (!(code >= 32 && code <= 0x10ffff) || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  return String.fromCodePoint(code);
}

/** `text` without control and invisible characters; tabs and line ends stay, joiners stay where a script or an emoji needs them. */
export function stripControl(text: string): string {
  return text.replace(
    /(?![\t\n\r\u200c\u200d])[\p{Cc}\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/gu,
    "",
  );
}
