/**
 * Puts `value` last in `map`, and takes the first out beyond `most`: what was put in longest ago.
 *
 * @returns what was taken out
 */
export function keepLatest<K, V>(map: Map<K, V>, key: K, value: V, most: number): V[] {
  map.delete(key);
  map.set(key, value);
  return [...map].slice(0, -most).map(([old, taken]) => {
    map.delete(old);
    return taken;
  });
}
