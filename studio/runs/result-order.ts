/** The order of charts and results of a run, by their names. */

/** What they are of, in this order, others behind. */
const PARTS = ["test", "best", "validation"];
const TELLING = ["loss", "accuracy", "macroF1", "f1"];
const DULL = /^(?:examples|tokens|milliseconds|seconds|epoch|majorityAccuracy)$/;

const lastWord = (name: string): string => name.split("/").at(-1) ?? name;

/** Whether a number says hardly anything of how good a run is. */
export function isDull(name: string): boolean {
  return DULL.test(lastWord(name));
}

/** How early a name comes among those of its part: 0 for the first. */
export function rankInPart(name: string): number {
  const last = lastWord(name);
  if (isDull(last)) return TELLING.length + 1;
  return TELLING.includes(last) ? TELLING.indexOf(last) : TELLING.length;
}

/** The order of two results of a run. */
export function compareResults(a: string, b: string): number {
  const part = (name: string): number => {
    const at = PARTS.indexOf(name.split("/")[0]);
    return at < 0 ? PARTS.length : at;
  };
  return part(a) - part(b) || rankInPart(a) - rankInPart(b);
}
