/** The paths of the Studio: the interface, the events, the page. */
import { type Context, Hono } from "hono";
import { compress } from "hono/compress";
import { secureHeaders } from "hono/secure-headers";
import { streamSSE } from "hono/streaming";
import { TextuneError } from "../../base/errors.js";
import { packageVersion } from "../../base/node/package-version.js";
import { answerProblem } from "../../http/answer-problem.js";
import { Problem } from "../../http/problem.js";
import { readBody } from "../../http/read-body.js";
import { routes } from "../api/registry.js";
import { type GateOptions, gate } from "../gate.js";
import { describeRoutes } from "../openapi.js";
import { readQuery } from "../read-query.js";
import { changes, type Route, type Studio } from "../route.js";
import { type PageFile, readPageFiles } from "./page-files.js";

const MOST_BODY = 2 ** 20;
/** Milliseconds after which an empty event tells a proxy that the connection lives. */
const ALIVE = 20_000;

export interface AppParts extends GateOptions {
  readonly studio: Studio;
}

export function createStudioApp({ studio, host, token }: AppParts): Hono {
  const app = new Hono();
  const files = readPageFiles();

  app.use(
    secureHeaders({
      // Whether it is reached by https is a proxy's matter.
      strictTransportSecurity: false,
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    }),
  );
  app.use(gate({ host, token }));
  app.use(compress());

  for (const route of routes) {
    app.on(route.method, route.path.replace(/\{(\w+)\}/g, ":$1"), (c) => answer(c, route, studio));
  }
  const document = describeRoutes(routes, packageVersion());
  app.get("/api/openapi.json", (c) => c.json(document));
  app.get("/api/events", (c) => events(c, studio));
  app.all("/api/*", (c) => {
    throw new Problem(404, `${c.req.method} ${c.req.path}: no such path; GET /api/openapi.json lists all`);
  });
  app.get("*", (c) => page(c, files));

  app.onError((error, c) => {
    if (error instanceof Problem) return answerProblem(c, error);
    if (error instanceof TextuneError) return answerProblem(c, problemOf(error));
    // Who asked is gone: nobody reads this.
    if (c.req.raw.signal.aborted) return c.json({ error: "the request was cancelled" }, 400);
    return answerProblem(c, new Problem(500, `Studio: something went wrong: ${error.message}`));
  });
  return app;
}

async function answer(c: Context, route: Route, studio: Studio): Promise<Response> {
  if (changes(route) && studio.readOnly)
    throw new Problem(403, "Studio: it was started with --read-only and changes nothing");
  const query = route.query === undefined ? {} : readQuery(c.req.queries(), route.query);
  const body = route.body === undefined ? undefined : await bodyOf(c, route.body, route.maxBody);
  const result = await route.handle(studio, { params: c.req.param(), query, body }, c.req.raw.signal);
  if (result instanceof Response) return result;
  c.header("cache-control", "no-store");
  return c.json(result as object);
}

function bodyOf(c: Context, schema: NonNullable<Route["body"]>, maxBody = MOST_BODY): Promise<unknown> {
  // A form of another site can send everything but this type without being asked about it.
  if (!/^application\/json\b/i.test(c.req.header("content-type") ?? ""))
    throw new Problem(415, "content-type: expected application/json");
  return readBody(c.req.raw, schema, { maxBody });
}

function events(c: Context, { watch, signal }: Studio): Response {
  // Compressed events would wait for more of them.
  c.header("content-encoding", "identity");
  return streamSSE(c, async (stream) => {
    await new Promise<void>((resolve) => {
      const stop = watch.listen((event) => void stream.writeSSE({ event: "runs", data: JSON.stringify(event) }));
      const alive = setInterval(() => void stream.writeSSE({ event: "alive", data: "" }), ALIVE);
      const finish = (): void => {
        stop();
        clearInterval(alive);
        signal.removeEventListener("abort", finish);
        resolve();
      };
      stream.onAbort(finish);
      signal.addEventListener("abort", finish, { once: true });
      void stream.writeSSE({ event: "alive", data: "" });
    });
  });
}

function page(c: Context, files: ReadonlyMap<string, PageFile>): Response {
  const file = files.get(c.req.path);
  if (file === undefined && /\.\w+$/.test(c.req.path)) throw new Problem(404, `${c.req.path}: no such file`);
  // Every other address is the page's own matter.
  const shown = file ?? files.get("/index.html");
  if (shown === undefined) return c.text("The page is not built: run npm run build.\n", 503);
  c.header("cache-control", shown.lasting ? "public, max-age=31536000, immutable" : "no-cache");
  return c.body(shown.content, 200, { "content-type": shown.type });
}

function problemOf(error: TextuneError): Problem {
  const { code, message } = error;
  if (code === "E_STORE") return new Problem(404, message);
  return new Problem(code === "E_RUNTIME" || code === "E_PACKAGE" ? 503 : 400, message);
}
