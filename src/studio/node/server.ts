/** The Studio: a store, a port, and an orderly end. */
import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { resolveOptions } from "../../base/resolve-options.js";
import { isLoopback } from "../../http/guards.js";
import { listen } from "../../http/node/listen.js";
import { createDesk } from "../../labelling/node/desk.js";
import { userFeatureCache } from "../../labelling/node/feature-cache.js";
import type { Store } from "../../tracking/store/node/open-store.js";
import { type StudioOptions, studioOptions } from "../options.js";
import { watchRuns } from "../run-watch.js";
import type { TrainingCommand } from "../training-command.js";
import { createStudioApp } from "./app.js";
import { createCorrectionDesk } from "./correction-desk.js";
import { createLabelDesk } from "./label-desk.js";
import { openModelCounter } from "./model-counter.js";
import { openTrainings } from "./trainings.js";

export interface RunningStudio {
  /** Where it listens, such as http://127.0.0.1:7860; with the token where one is asked for. */
  readonly address: string;
  /** What pages must show; undefined where it listens to this computer alone. */
  readonly token: string | undefined;
  close(): Promise<void>;
}

const HEADERS_TIMEOUT = 10_000;
const TOKEN_BYTES = 24;

/**
 * Listens. The store stays the caller's to close, after the Studio.
 *
 * @param training by what trainings are started from the page; without it none are
 * @param places the folder whose files can be labelled, by default the working folder; and where features are kept
 *
 * @throws E_CONFIG for an option, or a port that is taken
 */
export async function startStudio(
  store: Store,
  given: StudioOptions,
  training?: TrainingCommand,
  { folder = process.cwd(), cache = userFeatureCache() } = {},
): Promise<RunningStudio> {
  const { host, port, readOnly } = resolveOptions(studioOptions, given);
  const token = isLoopback(host) ? undefined : randomBytes(TOKEN_BYTES).toString("base64url");
  const stop = new AbortController();
  // Every page that is open waits for it.
  setMaxListeners(0, stop.signal);
  const watch = watchRuns(store);
  const trainings = training === undefined ? undefined : openTrainings(training);
  const desk = createDesk();
  const labels = createLabelDesk({ folder, cache, desk });
  const models = openModelCounter({ store, folder: readOnly ? undefined : folder });
  const corrections = createCorrectionDesk({ store, folder, cache, models, trainings });
  const app = createStudioApp({
    studio: { store, readOnly, watch, trainings, labels, corrections, models, signal: stop.signal },
    host,
    token,
  });
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: { headersTimeout: HEADERS_TIMEOUT },
  }) as Server;
  const address = await listen(server, { host, port });
  return {
    address: token === undefined ? address : `${address}/?token=${token}`,
    token,
    async close() {
      stop.abort();
      watch.close();
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await ended;
      await trainings?.close();
      await labels.close();
      await corrections.close();
      await models.close();
      await desk.end();
    },
  };
}
