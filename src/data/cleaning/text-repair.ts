import { decodeHTMLStrict } from "entities";

/** Changes to texts that cleaning offers. */

/** Tags that end a line or a block: their place is taken by a space, so that words do not grow together. */
const BREAKING = /^\/?(?:br|p|div|li|ul|ol|tr|td|th|table|h[1-6]|hr|section|article|blockquote)\b/i;

/** `text` without HTML tags, comments, scripts and styles, its entities resolved. Words of broken-up blocks stay apart. */
export function stripMarkup(text: string): string {
  if (!/[<&]|#\d{2}/.test(text)) return text;
  const plain = withoutScripts(withoutBetween(text, "<!--", "-->"))
    // Only what looks like a tag: "3 < 4" and "<3" stay.
    .replace(/<(\/?[a-z][a-z0-9]*(?:\s[^<>]*)?\/?)>/gi, (_, tag: string) => (BREAKING.test(tag) ? " " : ""));
  return (
    decodeHTMLStrict(plain)
      .replaceAll("\u00a0", " ")
      // News feeds lose the ampersand and gain a space: "it #39;s".
      .replace(/ ?#(\d{2,4});/g, (whole: string, code: string) => character(Number(code)) ?? whole)
  );
}

/** `text` with a space for everything from `open` to the next `close`. Each place is looked at once, however often `open` occurs. */
function withoutBetween(text: string, open: string, close: string): string {
  let kept = "";
  let at = 0;
  for (;;) {
    const from = text.indexOf(open, at);
    const to = from < 0 ? -1 : text.indexOf(close, from + open.length);
    if (to < 0) return kept + text.slice(at);
    kept += `${text.slice(at, from)} `;
    at = to + close.length;
  }
}

/** `text` with a space for every script and style sheet; the same goes for how often each place is looked at. */
function withoutScripts(text: string): string {
  let kept = "";
  let at = 0;
  const open = /<(script|style)\b/gi;
  const missing = new Set<string>();
  for (;;) {
    const found = open.exec(text);
    if (found === null) return kept + text.slice(at);
    const name = (found[1] as string).toLowerCase();
    if (missing.has(name)) continue;
    const close = new RegExp(`</${name}\\s*>`, "gi");
    close.lastIndex = found.index;
    const end = close.exec(text);
    if (end === null) {
      missing.add(name);
      continue;
    }
    kept += `${text.slice(at, found.index)} `;
    at = end.index + end[0].length;
    open.lastIndex = at;
  }
}

function character(code: number): string | undefined {
  return code >= 32 && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : undefined;
}

/** `text` without control and invisible characters; tabs and line ends stay, joiners stay where a script or an emoji needs them. */
export function stripControl(text: string): string {
  return text.replace(
    /(?![\t\n\r\u200c\u200d])[\p{Cc}\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/gu,
    "",
  );
}
