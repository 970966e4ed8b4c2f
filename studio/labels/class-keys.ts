/** The keys of classes: digits, then letters that mean nothing else. */
const KEYS = [..."123456789", ..."abcdefhijkmnopqrtvwxy"];

export function classKeys(count: number): readonly string[] {
  return KEYS.slice(0, count);
}
