import { join } from "node:path";
import { type RunningStudio, startStudio } from "../../src/studio/node/server.js";
import { openStore } from "../../src/tracking/store/node/open-store.js";

/** The Studio of the store in `dir` and the files in `folder`, at a free port; the store is closed with it. */
export async function studioOf(dir: string, folder = dir): Promise<RunningStudio> {
  const store = await openStore(dir);
  const studio = await startStudio(store, { port: 0 }, undefined, { folder, cache: join(dir, "cache") });
  return {
    ...studio,
    async close() {
      await studio.close();
      await store.close();
    },
  };
}
