/** The server: models, paths, a port, and an orderly end. */
import type { Server } from "node:http";
import { basename, resolve } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import type { Logger } from "pino";
import { fail } from "../../base/errors.js";
import { packageVersion } from "../../base/node/package-version.js";
import { resolveOptions } from "../../base/resolve-options.js";
import { listen } from "../../http/node/listen.js";
import { checkExposure } from "../check-exposure.js";
import { type ServeOptions, serveOptions } from "../options.js";
import { createServerMetrics } from "../server-metrics.js";
import { createApp } from "./app.js";
import { type ServedModel, serveModel } from "./served-model.js";
import { openTracing } from "./tracing.js";
import { watchFolder } from "./watch-folder.js";

export interface RunningServer {
  /** Where it listens, such as http://127.0.0.1:8000. */
  readonly address: string;
  readonly models: ReadonlyMap<string, ServedModel>;
  /** Refuses new requests, answers those that are under way, and ends. */
  close(): Promise<void>;
}

/** Milliseconds. A client that sends its headers or its body a byte at a time is cut off. */
const HEADERS_TIMEOUT = 10_000;
/** A request that may take less to be answered still has this long to arrive. */
const SHORTEST_RECEIVING = 1000;
const KEEP_ALIVE = 65_000;
const CHECK_EVERY = 1000;

/**
 * Opens the models and listens.
 *
 * @param folders folders of classifiers, as `DIR` or `NAME=DIR`; a folder's own name is the model's where none is given
 * @throws E_CONFIG for an option, names that come twice or a port that is taken; E_WEIGHTS for a folder that is no model
 */
export async function startServer(
  folders: readonly string[],
  given: ServeOptions,
  log: Logger,
): Promise<RunningServer> {
  const options = resolveOptions(serveOptions, given);
  checkExposure(options.host, options.apiKey, options.auth);
  const named = namesOf(folders);
  const models = new Map<string, ServedModel>();
  const stopWatching: (() => void)[] = [];
  const metrics = createServerMetrics(() => [...models].map(([name, { waiting }]) => [name, waiting] as const));
  const stop = new AbortController();
  const closeModels = async (): Promise<void> => {
    for (const end of stopWatching) end();
    await Promise.all([...models.values()].map((model) => model.close()));
  };
  try {
    for (const [name, folder] of named) {
      const { batch, crashed } = metrics.of(name);
      const model = await serveModel({
        ...options,
        name,
        folder,
        observe: {
          batch,
          crashed(reason) {
            crashed(reason);
            log.error({ model: name, reason }, "a thread broke down and is replaced");
          },
          failed: (reason) => log.error({ model: name, reason }, "the model cannot be opened"),
        },
      });
      models.set(name, model);
      log.info({ model: name, folder, labels: model.facts.labels.length }, "model");
      if (options.watch) stopWatching.push(watch(model, log));
    }
    const state = { closing: false };
    const tracing = await openTracing(packageVersion());
    const app = createApp({ options, models, metrics, log, tracing, signal: stop.signal, state });
    const receiving = Math.max(SHORTEST_RECEIVING, 1000 * options.timeout);
    const server = createAdaptorServer({
      fetch: app.fetch,
      serverOptions: {
        headersTimeout: Math.min(HEADERS_TIMEOUT, receiving),
        requestTimeout: receiving,
        keepAliveTimeout: KEEP_ALIVE,
        connectionsCheckingInterval: CHECK_EVERY,
      },
    }) as Server;
    const address = await listen(server, options);
    return {
      address,
      models,
      async close() {
        state.closing = true;
        const ended = new Promise<void>((resolve) => server.close(() => resolve()));
        server.closeIdleConnections();
        const patience = setTimeout(() => {
          stop.abort();
          server.closeAllConnections();
        }, 1000 * options.timeout);
        await ended;
        clearTimeout(patience);
        await closeModels();
      },
    };
  } catch (error) {
    await closeModels();
    throw error;
  }
}

/** @throws E_CONFIG for a name that comes twice, or none at all */
function namesOf(folders: readonly string[]): Map<string, string> {
  const named = new Map<string, string>();
  for (const given of folders) {
    const [, name, folder] = /^(?:([\w.@-]+)=)?(.*)$/s.exec(given) as unknown as [string, string | undefined, string];
    const chosen = name ?? basename(resolve(folder));
    if (named.has(chosen))
      fail("E_CONFIG", {
        where: given,
        expected: "models of different names",
        got: `"${chosen}" twice`,
        fix: "name them, as in one=models/a two=models/b",
      });
    named.set(chosen, folder);
  }
  if (named.size === 0) fail("E_CONFIG", { where: "serve", expected: "a folder of a classifier", got: "none" });
  return named;
}

function watch(model: ServedModel, log: Logger): () => void {
  const { name, folder } = model;
  return watchFolder(folder, {
    changed() {
      model.reload().then(
        () => log.info({ model: name, folder }, "the folder was replaced and is open"),
        (error: Error) =>
          log.error(
            { model: name, reason: error.message },
            "the folder was replaced and cannot be opened; the model before stays",
          ),
      );
    },
    gone: () => log.warn({ model: name, folder }, "the folder is gone; the model stays in memory"),
  });
}
