/**
 * A text as every store takes it: the character NUL and halves of surrogate pairs, which PostgreSQL refuses in texts or in
 * JSON, become U+FFFD.
 */
export function storable(text: string): string {
  return text.replaceAll("\0", "\ufffd").replace(/\p{Cs}/gu, "\ufffd");
}
