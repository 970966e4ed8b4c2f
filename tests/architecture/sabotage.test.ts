/** What `npm run test:sabotage` breaks is there, so that it cannot go stale without a word. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { patternOf } from "../../scripts/sabotage/source-mutation.js";
import { SOURCE_MUTATIONS } from "../../scripts/sabotage/source-mutations.js";

it("breaks places that stand in their files once", () => {
  const stale = SOURCE_MUTATIONS.filter(
    ({ file, find }) => [...readFileSync(file, "utf8").matchAll(patternOf(find))].length !== 1,
  );
  expect(stale.map(({ file, what }) => `${file}: ${what}`)).toEqual([]);
});
