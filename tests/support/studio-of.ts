import { type RunningStudio, startStudio } from "../../src/studio/node/server.js";
import { openStore } from "../../src/tracking/store/node/open-store.js";

/** The Studio of the store in `dir`, at a free port; the store is closed with it. */
export async function studioOf(dir: string): Promise<RunningStudio> {
  const store = await openStore(dir);
  const studio = await startStudio(store, { port: 0 });
  return {
    ...studio,
    async close() {
      await studio.close();
      await store.close();
    },
  };
}
