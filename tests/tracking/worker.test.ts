/** Workers that share a queue on a PostgreSQL server, and die. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createRandom } from "../../src/base/random.js";
import { sweep } from "../../src/tracking/index.js";
import { openStore } from "../../src/tracking/store/node/open-store.js";
import { openTrialQueue } from "../../src/tracking/sweeps/trial-queue.js";
import { listTrials } from "../../src/tracking/sweeps/trials.js";
import { noPostgres, type PostgresServer, startPostgres } from "../support/postgres.js";

const program = fileURLToPath(new URL("./a-worker.ts", import.meta.url));
const WORKERS = 3;
/** `TEXTUNE_KILLS=100` for the long form. */
const KILLS = Number(process.env.TEXTUNE_KILLS ?? 6);
const TRIALS = 8 + KILLS;

let server: PostgresServer | undefined;
let place: string;
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "textune worker "));
  if (noPostgres === undefined) server = await startPostgres();
}, 60_000);
afterAll(() => {
  server?.stop();
  rmSync(place, { recursive: true, force: true });
}, 60_000);

it.skipIf(noPostgres !== undefined)(
  `ends every trial once, whichever workers are killed${noPostgres === undefined ? "" : ` (${noPostgres})`}`,
  async () => {
    const dir = (server as PostgresServer).database();
    const log = join(place, "ends");
    const parameters = { a: { distribution: "uniform", min: 0, max: 1 } };
    const id = await sweep({ method: "random", metric: { name: "loss" }, parameters, run_cap: TRIALS }, { dir });
    const queue = await openTrialQueue(dir, 2);
    await queue.add(
      id,
      Array.from({ length: TRIALS }, (_, number) => number),
    );
    const random = createRandom(Date.now());
    const start = (): ChildProcess =>
      // Node itself and not the script of tsx, which would be killed in its place.
      spawn(process.execPath, ["--import", "tsx", program, dir, log], {
        cwd: join(program, "../../.."),
        stdio: "inherit",
      });
    const workers = Array.from({ length: WORKERS }, start);
    const store = await openStore(dir);
    try {
      const begun = async (): Promise<boolean> =>
        (await listTrials(store, id)).some(({ state }) => state === "running");
      for (let kill = 0; kill < KILLS; kill++) {
        // While something runs, or the kill would prove nothing.
        while ((await queue.size()) > 0 && !(await begun())) await wait(20);
        await wait(random.integer(400));
        const which = random.integer(WORKERS);
        workers[which]?.kill("SIGKILL");
        workers[which] = start();
      }
      await Promise.all(
        workers.map((worker) => (worker.exitCode === null ? new Promise((resolve) => worker.on("close", resolve)) : 0)),
      );
      const trials = await listTrials(store, id);
      expect(trials.map(({ number, state, value }) => [number, state, value])).toEqual(
        Array.from({ length: TRIALS }, (_, number) => [number, "finished", number]),
      );
      const ends = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
      expect(new Set(ends).size).toBe(ends.length);
      expect(await queue.size()).toBe(0);
    } finally {
      for (const worker of workers) worker.kill("SIGKILL");
      await queue.close();
      await store.close();
    }
  },
  600_000,
);
