/** The paths of the server. */
import { randomUUID } from "node:crypto";
import { getConnInfo } from "@hono/node-server/conninfo";
import { type Context, Hono } from "hono";
import { compress } from "hono/compress";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";
import type { Logger } from "pino";
import { given } from "../../base/given.js";
import { packageVersion } from "../../base/node/package-version.js";
import { answerProblem } from "../../http/answer-problem.js";
import { bears, isLoopback, isOwnName } from "../../http/guards.js";
import { Problem } from "../../http/problem.js";
import { readBody } from "../../http/read-body.js";
import { openApiDocument } from "../openapi.js";
import type { ResolvedServeOptions } from "../options.js";
import { PAGE } from "../page.js";
import { examplesOf } from "../read-request.js";
import type { ServerMetrics } from "../server-metrics.js";
import {
  classifyRequest,
  inferenceRequest,
  type ModelsResponse,
  type WireExample,
  type WireResult,
  type WireScore,
} from "../wire.js";
import { createDeadlines } from "../with-deadline.js";
import type { AnyPrediction } from "./model-thread.js";
import type { ServedModel } from "./served-model.js";
import type { Tracing } from "./tracing.js";

export interface AppParts {
  readonly options: ResolvedServeOptions;
  readonly models: ReadonlyMap<string, ServedModel>;
  readonly metrics: ServerMetrics;
  readonly log: Logger;
  readonly tracing: Tracing;
  /** Aborts when the server is closed at once. */
  readonly signal: AbortSignal;
  /** Whether new work is refused. */
  readonly state: { readonly closing: boolean };
}

interface Variables {
  readonly requestId: string;
}
type Asked = Context<{ Variables: Variables }>;

const REQUEST_ID = /^[\w.-]{1,100}$/;
/** Paths that tell nothing of models and texts. */
const OPEN: ReadonlySet<string> = new Set(["/", "/healthz", "/readyz", "/openapi.json"]);

export function createApp({
  options,
  models,
  metrics,
  log,
  tracing,
  signal,
  state,
}: AppParts): Hono<{ Variables: Variables }> {
  const app = new Hono<{ Variables: Variables }>();
  const { apiKey, host } = options;

  app.use(async (c, next) => {
    const began = performance.now();
    const given = c.req.header("x-request-id");
    const requestId = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
    c.set("requestId", requestId);
    const { method } = c.req;
    const route = routeOf(c.req.path);
    await tracing.request({ method, route, headers: c.req.raw.headers }, async (traceId) => {
      await next();
      c.header("x-request-id", requestId);
      const { status } = c.res;
      const seconds = (performance.now() - began) / 1000;
      metrics.request(route, status, seconds);
      log.info({ requestId, traceId, method, route, status, ms: Math.round(1000 * seconds) }, "request");
      return { status };
    });
  });
  app.use(
    secureHeaders({
      // Whether the server is reached by https is its proxy's matter.
      strictTransportSecurity: false,
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        frameAncestors: ["'none'"],
      },
    }),
  );
  app.use(compress());
  if (options.cors !== undefined) app.use(cors({ origin: [...options.cors] }));
  app.use(async (c, next) => {
    if (isLoopback(host) && !isOwnName(c.req.header("host")))
      throw new Problem(403, `Host: expected localhost, got ${JSON.stringify(c.req.header("host") ?? "none")}`);
    if (
      apiKey !== undefined &&
      !OPEN.has(c.req.path) &&
      !c.req.path.startsWith("/page/") &&
      !bears(c.req.header("authorization"), apiKey)
    )
      throw new Problem(401, "Authorization: expected the server's key as a bearer token, got none or another");
    if (state.closing && c.req.path !== "/healthz") throw new Problem(503, "server: it is shutting down; try again", 1);
    await next();
  });

  app.get("/", (c) => c.html(PAGE.html));
  app.get("/page/script.js", (c) => c.body(PAGE.script, 200, { "content-type": "text/javascript; charset=utf-8" }));
  app.get("/page/style.css", (c) => c.body(PAGE.style, 200, { "content-type": "text/css; charset=utf-8" }));
  app.get("/healthz", (c) => c.json({ status: "alive" }));
  app.get("/readyz", (c) => {
    const ready = [...models.values()].every(({ isReady }) => isReady);
    return c.json({ status: ready ? "ready" : "not ready" }, ready ? 200 : 503);
  });
  app.get("/metrics", async (c) => c.body(await metrics.text(), 200, { "content-type": metrics.contentType }));
  const document = openApiDocument(packageVersion());
  app.get("/openapi.json", (c) => c.json(document));
  app.get("/v1/models", (c) => c.json(describeModels(models)));

  const withDeadline = createDeadlines(signal);
  const classify = async (c: Asked, model: ServedModel, input: WireExample | readonly WireExample[]) => {
    const { examples } = examplesOf(input, options, model.facts.pairs);
    const client = apiKey !== undefined ? "key" : (getConnInfo(c).remote.address ?? "");
    if (options.logTexts) log.info({ requestId: c.get("requestId"), model: model.name, texts: examples }, "texts");
    const call = { client: `${client} ${c.req.header("x-client-id") ?? ""}` };
    const attributes = { "textune.model": model.name, "textune.texts": examples.length };
    const { predictions } = await tracing.part("classify", attributes, () =>
      withDeadline(options.timeout, c.req.raw.signal, (until) => model.classify(examples, { ...call, signal: until })),
    );
    return predictions;
  };
  app.post("/v1/classify", async (c) => {
    const body = await readBody(c.req.raw, classifyRequest, options);
    const model = modelNamed(models, body.model);
    const predictions = await classify(c, model, body.input);
    const results = predictions.map((prediction) => resultOf(prediction, body.top_k));
    return answerJson(c, { model: model.name, results });
  });
  app.post("/models/:name{.+}", async (c) => {
    const model = modelNamed(models, c.req.param("name"));
    const body = await readBody(c.req.raw, inferenceRequest, options);
    const predictions = await classify(c, model, body.inputs);
    const top = body.parameters?.top_k ?? undefined;
    return answerJson(
      c,
      predictions.map((prediction) => scoresOf(prediction, top)),
    );
  });

  app.notFound((c) =>
    c.json({ error: `${c.req.method} ${c.req.path}: no such path; GET /openapi.json lists all` }, 404),
  );
  app.onError((error, c) => {
    if (error instanceof Problem) return answerProblem(c, error);
    // The client is gone: nobody reads this.
    if (c.req.raw.signal.aborted) return c.json({ error: "the request was cancelled" }, 400);
    log.error({ requestId: c.get("requestId"), error: error.message, stack: error.stack }, "failed");
    return c.json({ error: "server: something went wrong; the log says what, under this request's id" }, 500);
  });
  return app;
}

/** With its length, by which `compress` leaves short answers as they are: gzip would only make them late. */
function answerJson(c: Asked, value: object): Response {
  const text = JSON.stringify(value);
  const length = String(Buffer.byteLength(text));
  return c.body(text, 200, { "content-type": "application/json", "content-length": length });
}

function describeModels(models: ReadonlyMap<string, ServedModel>): ModelsResponse {
  return {
    models: [...models.values()].map(({ name, facts, isReady }) => ({
      name,
      labels: [...facts.labels],
      task: facts.task,
      architecture: facts.architecture,
      max_length: facts.maxLength,
      ...given({ pairs: facts.pairs }),
      ready: isReady,
    })),
  };
}

function modelNamed(models: ReadonlyMap<string, ServedModel>, name: string | undefined): ServedModel {
  const names = [...models.keys()];
  const found = name === undefined && names.length === 1 ? models.get(names[0]) : models.get(name ?? "");
  if (found !== undefined) return found;
  const got = name === undefined ? "none" : JSON.stringify(name);
  throw new Problem(name === undefined ? 400 : 404, `model: expected one of ${names.join(", ")}, got ${got}`);
}

function resultOf(prediction: AnyPrediction, top: number | undefined): WireResult {
  const scores = scoresOf(prediction, top);
  if ("value" in prediction) return { value: prediction.value, scores };
  if ("labels" in prediction) return { labels: [...prediction.labels], scores };
  return { label: prediction.label, score: prediction.probability, scores };
}

function scoresOf(prediction: AnyPrediction, top: number | undefined): WireScore[] {
  return Object.entries("values" in prediction ? prediction.values : prediction.scores)
    .map(([label, score]) => ({ label, score }))
    .sort((a, b) => b.score - a.score)
    .slice(0, top);
}

/** A path as it is counted: names of models are few, but what people make up is not. */
function routeOf(path: string): string {
  if (path.startsWith("/models/")) return "/models/:name";
  return ["/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/v1/models", "/v1/classify"].includes(path)
    ? path
    : "other";
}
