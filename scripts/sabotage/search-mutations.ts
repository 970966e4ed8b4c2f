/** Mistakes in what a sweep tries next, and what it stops. */
import { inFile, type SourceMutation } from "./source-mutation.js";

const SEARCH = ["src/search/search.test.ts"];

export const SEARCH_MUTATIONS: readonly SourceMutation[] = [
  ...inFile("src/search/distributions.ts", SEARCH, [
    ["halves are rounded up", "of - floor === 0.5 && floor % 2 !== 0", "of - floor === 0.5"],
    ["small and large are swapped", "Math.exp(-Number(inner.at(1 - u)))", "Math.exp(-Number(inner.at(u)))"],
    ["every value is as probable", "left -= probabilities[i] as number", "left -= all / values.length"],
  ]),
  ...inFile("src/search/early-termination.ts", SEARCH, [
    ["strict looks at the best value", "rule.strict ? (own[band - 1] as number) :", ""],
    [
      "the first to come stops nobody",
      "Math.max(1, Math.floor(there.length / rule.eta))",
      "Math.floor(there.length / rule.eta)",
    ],
    ["trials that failed go on", "Number.isNaN(cost) ? Number.POSITIVE_INFINITY : cost", "cost"],
  ]),
  ...inFile("src/search/bayes.ts", SEARCH, [
    ["what is worse is expected to be better", "(incumbent - mean) / deviation", "(mean - incumbent) / deviation"],
    ["what was tried is tried again", "tried.has(JSON.stringify(setting)) ? 0 :", ""],
  ]),
  ...inFile("src/search/grid.ts", SEARCH, [
    ["the first parameter changes fastest", ".map((all) => all) .reverse()", ".map((all) => all)"],
  ]),
  ...inFile("src/search/space.ts", SEARCH, [
    ["conditions are passed over", "if (counts(parameter, setting)) setting", "if (1 > 0) setting"],
  ]),
];
