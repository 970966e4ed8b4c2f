/** Writes tests/golden/stores/version-N.sqlite, a store of the version that the source has: once, when it is released. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { init, Table } from "../../src/tracking/index.js";
import { migrations } from "../../src/tracking/store/migrations/registry.js";
import { openStore } from "../../src/tracking/store/node/open-store.js";

const place = mkdtempSync(join(tmpdir(), "textune-golden-"));
const version = migrations.length;
const run = await init({
  dir: place,
  id: "golden",
  name: `of version ${version}`,
  tags: ["old"],
  settings: { statsSamplingInterval: 0, console: false },
});
for (let step = 0; step < 20; step++) run.log({ loss: step === 19 ? 0.5 : 1 / (step + 1) });
run.log({ rows: new Table({ columns: ["text"], data: [["hello"]] }) });
await run.finish();
const store = await openStore(place);
// The machine that made it is nobody's matter.
await store.db.updateTable("runs").set({ environment_json: "{}", host: "golden" }).execute();
const written = fileURLToPath(new URL(`../../tests/golden/stores/version-${version}.sqlite`, import.meta.url));
rmSync(written, { force: true });
await sql`vacuum into ${written}`.execute(store.db);
await store.close();
rmSync(place, { recursive: true });
