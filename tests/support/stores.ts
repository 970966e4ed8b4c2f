/** The stores that a test of recording runs on: each must do the same. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { noPostgres, type PostgresServer, startPostgres } from "./postgres.js";

/** Runs `tests` on a folder and on a PostgreSQL server; each call of `fresh` gives an empty store's address. */
export function onEveryStore(tests: (fresh: () => string) => void): void {
  describe("in a folder", () => {
    const folders: string[] = [];
    afterAll(() => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    });
    tests(() => {
      const folder = mkdtempSync(join(tmpdir(), "textune runs "));
      folders.push(folder);
      return join(folder, "store");
    });
  });
  describe.skipIf(noPostgres !== undefined)(
    `on a PostgreSQL server${noPostgres === undefined ? "" : ` (${noPostgres})`}`,
    () => {
      let server: PostgresServer | undefined;
      beforeAll(async () => {
        server = await startPostgres();
      }, 60_000);
      afterAll(() => server?.stop());
      tests(() => (server as PostgresServer).database());
    },
  );
}
