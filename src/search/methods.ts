/** The search methods. A new one is a record in a file here and a word in this list. */
import { bayes } from "./bayes.js";
import { grid } from "./grid.js";
import type { Method } from "./method.js";
import { randomSearch } from "./random-search.js";

export const METHODS: readonly Method[] = [grid, randomSearch, bayes];
