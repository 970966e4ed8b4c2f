import { distance } from "fastest-levenshtein";

/**
 * The names in `candidates` that `name` was probably meant to be, nearest first, at most three.
 *
 * Near is a Levenshtein distance (case ignored) of at most a third of the longer name, or one name
 * standing inside the other.
 */
export function nearestNames(name: string, candidates: Iterable<string>): string[] {
  const wanted = name.toLowerCase();
  return [...candidates]
    .map((candidate) => {
      const other = candidate.toLowerCase();
      const inside = wanted.length > 1 && (other.includes(wanted) || wanted.includes(other));
      return { candidate, distance: Math.min(distance(wanted, other), inside ? 1 : Number.POSITIVE_INFINITY) };
    })
    .filter((entry) => entry.distance <= Math.max(1, Math.ceil(Math.max(wanted.length, entry.candidate.length) / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map((entry) => entry.candidate);
}

/** A hint for an error message: `did you mean "text"?`, or the list of all candidates when none is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const all = [...candidates];
  const near = nearestNames(name, all);
  if (near.length > 0) return `did you mean ${near.map((n) => `"${n}"`).join(" or ")}?`;
  const shown = all.slice(0, 12).map((n) => `"${n}"`);
  return `choose one of ${shown.join(", ")}${all.length > shown.length ? ", …" : ""}`;
}
