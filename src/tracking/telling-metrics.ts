/** Names in a run's summary that tell most of it, in this order. */
const TELLING = [
  /^test\/(?:macroF1|f1|r2)$/,
  /^best\/(?:macroF1|f1|r2)$/,
  /^best\/accuracy$/,
  /^best\/loss$/,
  /accuracy$/,
  /loss$/,
];

/** The rank of every name that is not among those that tell most. */
export const LEAST_TELLING = TELLING.length;

/** How much a value of a summary tells, by its name: 0 for most. */
export function tellingRank(name: string): number {
  const at = TELLING.findIndex((pattern) => pattern.test(name));
  return at < 0 ? LEAST_TELLING : at;
}
