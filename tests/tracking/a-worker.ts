/**
 * A worker for tests that kill it: `a-worker.ts STORE LOG` works at the queue until it is empty, a third of a second to a
 * trial, and writes a line to LOG for each trial that ended.
 */
import { appendFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { init } from "../../src/tracking/index.js";
import { openStore } from "../../src/tracking/store/node/open-store.js";
import { asTrial } from "../../src/tracking/sweeps/current-trial.js";
import { openTrialQueue } from "../../src/tracking/sweeps/trial-queue.js";
import { workOnQueue } from "../../src/tracking/sweeps/work-on-queue.js";

const [address, log] = process.argv.slice(2) as [string, string];
const store = await openStore(address);
const queue = await openTrialQueue(address, 2);
await workOnQueue(store, queue, {
  workers: 1,
  drain: true,
  signal: new AbortController().signal,
  async execute({ id, project }, { runId, setting, number }) {
    await asTrial({ runId, project, group: id, config: setting, address }, async () => {
      const run = await init({ settings: { statsSamplingInterval: 0, console: false } });
      await wait(300);
      run.log({ loss: number });
      await run.finish();
    });
    return {};
  },
  onEnd: (_, { number }, { state }) => appendFileSync(log, `${number} ${state}\n`),
});
await queue.close();
await store.close();
