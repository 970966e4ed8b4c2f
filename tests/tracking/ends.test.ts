/** How runs end: well, badly, not at all; and stores that cannot be written. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Kysely, sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setNotes } from "../../src/tracking/change-runs.js";
import { init } from "../../src/tracking/index.js";
import { readChanges } from "../../src/tracking/queries/changes.js";
import { readCurve } from "../../src/tracking/queries/curve.js";
import { findRun, listRuns } from "../../src/tracking/queries/runs.js";
import { migrations } from "../../src/tracking/store/migrations/registry.js";
import { openStore, type Store } from "../../src/tracking/store/node/open-store.js";
import { postgresDialect } from "../../src/tracking/store/node/postgres.js";
import type { Schema } from "../../src/tracking/store/schema.js";
import { noPostgres, startPostgres } from "../support/postgres.js";

const program = fileURLToPath(new URL("./a-run.ts", import.meta.url));
/** `TEXTUNE_KILLS=100` for the long form. */
const KILLS = Number(process.env.TEXTUNE_KILLS ?? 4);

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "textune ends "));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

function start(store: string, id: string, how: string): ChildProcess {
  // Node itself and not the script of tsx, which would be killed in its place.
  return spawn(process.execPath, ["--import", "tsx", program, store, id, how], { cwd: join(program, "../../..") });
}

async function ended(child: ChildProcess): Promise<{ code: number | null; stderr: string }> {
  let stderr = "";
  child.stderr?.on("data", (piece: Buffer) => (stderr += piece));
  child.stdout?.resume();
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, stderr };
}

async function inStore<T>(address: string, task: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(address);
  try {
    return await task(store);
  } finally {
    await store.close();
  }
}

it(`loses a second at most of a run that is killed, and leaves the store sound (${KILLS} times)`, async () => {
  const dir = join(place, "store");
  for (let kill = 0; kill < KILLS; kill++) {
    const child = start(dir, `killed-${kill}`, "forever");
    await new Promise<void>((resolve) => child.stdout?.on("data", () => resolve()));
    await wait(700 + ((kill * 137) % 900));
    const killedAt = Date.now();
    child.kill("SIGKILL");
    await ended(child);
    await inStore(dir, async (store) => {
      const curve = await readCurve(store, { runId: `killed-${kill}`, name: "wall", rows: 1e6 });
      const rows = curve?.rows ?? [];
      expect(killedAt - (rows.at(-1)?.mean ?? 0)).toBeLessThan(1000);
      expect(rows.map(({ step }) => step)).toEqual(rows.map((_, i) => i));
      const checked = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(store.db);
      expect(checked.rows).toEqual([{ integrity_check: "ok" }]);
      expect((await findRun(store, `killed-${kill}`)).state).toBe("crashed");
    });
  }
}, 600_000);

it("writes several processes' runs at once", async () => {
  const dir = join(place, "store");
  const ends = await Promise.all(["a", "b", "c"].map((id) => ended(start(dir, id, "finish"))));
  expect(ends).toEqual(Array.from({ length: 3 }, () => ({ code: 0, stderr: "" })));
  await inStore(dir, async (store) => {
    const { runs } = await listRuns(store, {});
    expect(runs.map(({ id, state, summary }) => [id, state, summary.i]).sort()).toEqual([
      ["a", "finished", 999],
      ["b", "finished", 999],
      ["c", "finished", 999],
    ]);
    expect(new Set(runs.map(({ name }) => name)).size).toBe(3);
  });
});

describe("a program that does not end its run", () => {
  it.each([
    ["leave", 0, "finished"],
    ["throw", 1, "failed"],
    ["exit-3", 3, "failed"],
  ])("%s", async (how, code, state) => {
    const dir = join(place, "store");
    const end = await ended(start(dir, "left", how));
    expect(end.code, end.stderr).toBe(code);
    await inStore(dir, async (store) => {
      expect(await findRun(store, "left")).toMatchObject({ state, exitCode: code, summary: { i: 999 } });
    });
  });
});

it("does not take up a run that another process writes", async () => {
  const dir = join(place, "store");
  const child = start(dir, "taken", "forever");
  await new Promise<void>((resolve) => child.stdout?.on("data", () => resolve()));
  try {
    await expect(init({ dir, id: "taken", resume: "allow" })).rejects.toThrow(/which process \d+ on .* is writing/);
  } finally {
    child.kill("SIGKILL");
    await ended(child);
  }
});

it("says that a store cannot be written, and lets the program go on", async () => {
  const file = join(place, "a file");
  writeFileSync(file, "");
  const end = await ended(start(join(file, "store"), "nowhere", "finish"));
  expect(end.code).toBe(0);
  expect(end.stderr).toContain("expected a folder that can be written");
  expect(end.stderr).not.toMatch(/\n\s+at /);
});

/** A folder that nobody writes into: root may write where rights forbid it, not on a disk that is read-only. */
function readOnlyFolder(): { readonly folder: string; free(): void } {
  const folder = join(place, "read-only");
  mkdirSync(folder);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", folder]).status === 0;
  if (!mounted) chmodSync(folder, 0o555);
  return { folder, free: () => (mounted ? spawnSync("umount", ["-l", folder]) : chmodSync(folder, 0o755)) };
}

it("says that a folder is read-only, and lets the program go on", async () => {
  const { folder, free } = readOnlyFolder();
  try {
    for (const dir of [folder, join(folder, "store")]) {
      const end = await ended(start(dir, "nowhere", "finish"));
      expect(end.code).toBe(0);
      expect(end.stderr).toMatch(/^warning: .*read-only.* expected a folder that can be written/);
      expect(end.stderr).not.toMatch(/\n\s+at /);
    }
  } finally {
    free();
  }
});

/** A disk of a megabyte, where this may be made. */
function smallDisk(): string | undefined {
  const folder = join(place, "disk");
  mkdirSync(folder);
  return spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]).status === 0 ? folder : undefined;
}

it("keeps what it cannot write while a disk is full, and writes it once there is room", async ({ skip }) => {
  const disk = smallDisk();
  if (disk === undefined) return skip("only root may mount a small disk");
  try {
    const warnings: string[] = [];
    const onWarning = (line: string): void => void warnings.push(line);
    const dir = join(disk, "store");
    const run = await init({ dir, settings: { statsSamplingInterval: 0, console: false }, onWarning });
    writeFileSync(join(disk, "ballast"), new Uint8Array(500_000));
    for (let i = 0; i < 20_000; i++) run.log({ i });
    await wait(1500);
    expect(warnings.join()).toMatch(/full|space/);
    rmSync(join(disk, "ballast"));
    spawnSync("mount", ["-o", "remount,size=20m", disk]);
    await wait(6000);
    run.log({ i: 20_000 });
    await run.finish();
    await inStore(dir, async (store) => {
      const curve = await readCurve(store, { runId: run.id, name: "i", rows: 1e6 });
      expect(curve?.rows.map(({ mean }) => mean)).toEqual(Array.from({ length: 20_001 }, (_, i) => i));
    });
  } finally {
    spawnSync("umount", ["-l", disk]);
  }
});

it.skipIf(noPostgres !== undefined)(
  "keeps what it cannot write while a server is down, and writes it once it is back",
  async () => {
    const server = await startPostgres();
    try {
      const warnings: string[] = [];
      const onWarning = (line: string): void => void warnings.push(line);
      const dir = server.database();
      const run = await init({ dir, settings: { statsSamplingInterval: 0, console: false }, onWarning });
      for (let i = 0; i < 1000; i++) run.log({ i });
      await wait(1000);
      server.crash();
      for (let i = 1000; i < 2000; i++) run.log({ i });
      await wait(1500);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain("training goes on");
      server.resume();
      await wait(6000);
      run.log({ i: 2000 });
      await run.finish();
      await inStore(dir, async (store) => {
        const curve = await readCurve(store, { runId: run.id, name: "i", rows: 1e6 });
        expect(curve?.rows.map(({ mean }) => mean)).toEqual(Array.from({ length: 2001 }, (_, i) => i));
      });
    } finally {
      server.stop();
    }
  },
  120_000,
);

it("refuses a store that a newer version wrote, in words", async () => {
  const dir = join(place, "store");
  await inStore(dir, (store) =>
    store.db.insertInto("schema_versions").values({ version: 99, applied_at: 0 }).execute(),
  );
  await expect(openStore(dir)).rejects.toThrow(/version 99.*update Textune/);
  const warnings: string[] = [];
  const run = await init({ dir, onWarning: (line) => void warnings.push(line) });
  run.log({ loss: 1 });
  await run.finish();
  expect(warnings[0]).toMatch(/version 99.*update Textune.*training goes on/);
});

const goldenStores = fileURLToPath(new URL("../golden/stores/", import.meta.url));

it.each(Array.from({ length: migrations.length - 1 }, (_, i) => i + 1))(
  "reads a store of version %i, and sees what changes in it",
  async (version) => {
    const dir = join(place, "old");
    mkdirSync(dir);
    copyFileSync(join(goldenStores, `version-${version}.sqlite`), join(dir, "runs.sqlite"));
    chmodSync(join(dir, "runs.sqlite"), 0o644);
    await inStore(dir, async (store) => {
      expect(await findRun(store, "golden")).toMatchObject({
        name: `of version ${version}`,
        summary: { loss: 0.5 },
        tags: ["old"],
      });
      const curve = await readCurve(store, { runId: "golden", name: "loss", rows: 4 });
      expect(curve?.rows.reduce((sum, { points }) => sum + points, 0)).toBe(20);
      const { cursor } = await readChanges(store);
      await setNotes(store, "golden", "seen");
      expect((await readChanges(store, cursor)).changed).toEqual(["golden"]);
    });
  },
);

it.skipIf(noPostgres !== undefined)(
  "brings a server's store of every older version up to date",
  async () => {
    const server = await startPostgres();
    try {
      for (let version = 1; version < migrations.length; version++) {
        const dir = server.database();
        const db = new Kysely<Schema>({ dialect: postgresDialect(dir) });
        await db.schema
          .createTable("schema_versions")
          .addColumn("version", "integer")
          .addColumn("applied_at", "float8")
          .execute();
        for (const migration of migrations.slice(0, version)) {
          await migration.up(db.schema, "postgres", (statement) => sql.raw(statement).execute(db));
          await db.insertInto("schema_versions").values({ version: migration.version, applied_at: 0 }).execute();
        }
        await sql`insert into runs values ('old', 'p', 'of version', '', '', '', 'finished', 1, 1, 1, 0, 'h', 1, '{}', '{"loss":0.5}', '{}', 0)`.execute(
          db,
        );
        await db.destroy();
        const opened = await Promise.all([openStore(dir), openStore(dir)]);
        expect(await findRun(opened[0], "old")).toMatchObject({ name: "of version", summary: { loss: 0.5 } });
        const { cursor } = await readChanges(opened[0]);
        await setNotes(opened[1], "old", "seen");
        expect((await readChanges(opened[0], cursor)).changed).toEqual(["old"]);
        await Promise.all(opened.map((store) => store.close()));
      }
    } finally {
      server.stop();
    }
  },
  60_000,
);
