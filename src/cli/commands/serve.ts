/** `textune serve`: classifiers behind HTTP. */
import type { Command } from "commander";
import { z } from "zod";
import { given } from "../../base/given.js";
import { serveOptions } from "../../serving/options.js";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";

const EXAMPLES = `
Examples:
  $ textune serve my-classifier
  $ textune serve sentiment=models/sentiment-7 topic=models/topic --port 8080 --watch
  $ TEXTUNE_API_KEY=... textune serve my-classifier --host 0.0.0.0

  $ curl localhost:8000/v1/classify -d '{"input": "A wonderful little film."}'

A model has the name of its folder, or the one before "=". It may be a classifier that train wrote, or a folder that
export wrote: --dtype chooses among its models. http://127.0.0.1:8000/ is a page to try it, /openapi.json describes
all paths, /metrics is for Prometheus, and /models/NAME answers clients of Hugging Face's Inference API.
`;

const modelsArgument = {
  name: "models",
  description: "folders of classifiers, as DIR or NAME=DIR",
  field: z.union([z.string(), z.array(z.string())]),
  many: true,
} as const;
const { host, port, apiKey, auth, cors, dtype, workers, threads, watch, logTexts, ...limits } = serveOptions.shape;
const schema = z.object({ models: modelsArgument.field, ...serveOptions.shape });

/** Adds the command to `program`. */
export function addServeCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "serve",
    summary: "answer requests over HTTP",
    description: "Serve classifiers over HTTP: texts of requests at once are run together.",
    examples: EXAMPLES,
    arguments: [modelsArgument],
    groups: [
      { title: "Address:", fields: { host, port, apiKey, auth, cors } },
      { title: "Models:", fields: { dtype, workers, threads, watch } },
      { title: "Limits:", fields: limits },
      { title: "Log:", fields: { logTexts } },
    ],
    schema,
    json: "no effect: the log is JSON lines",
    quiet: "log errors only",
    stopping: "answering the requests that are under way; press Ctrl-C again to stop at once",
    run: serve,
  });
}

async function serve(call: CommandCall<z.output<typeof schema>>): Promise<void> {
  const { options, signal, quiet, terminal, say } = call;
  const { models, ...rest } = options;
  const [{ pino }, { startServer }] = await Promise.all([import("pino"), import("../../serving/node/server.js")]);
  const log = pino(
    { level: quiet ? "error" : "info", base: {}, timestamp: pino.stdTimeFunctions.isoTime },
    terminal.stdout,
  );
  const key = rest.apiKey ?? process.env.TEXTUNE_API_KEY;
  const server = await startServer(
    [models].flat(),
    { ...rest, ...given({ apiKey: key === "" ? undefined : key }) },
    log,
  );
  say(`serving ${[...server.models.keys()].join(", ")} at ${server.address}`);
  log.info({ address: server.address }, "listening");
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    process.once("SIGTERM", () => resolve());
  });
  log.info("closing");
  await server.close();
  log.info("closed");
}
