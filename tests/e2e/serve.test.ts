/** The server as clients meet it: over real connections, with the clients that people have, and with bad ones. */
import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { InferenceClient } from "@huggingface/inference";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Prediction, TextClassifier } from "../../src/index.js";
import { type RunningServer, startServer } from "../../src/serving/node/server.js";
import type { ServeOptions } from "../../src/serving/options.js";
import { saveTwoLayers } from "../support/two-layers.js";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const TEXTS = ["A wonderful little film.", "What a waste of time.", "日本語 😀"];

let place: string;
let folder: string;
let server: RunningServer;
let expected: Prediction[];
const logged: string[] = [];

const log = () =>
  pino(
    { base: {} },
    new Writable({
      write(chunk: Buffer, _, done) {
        logged.push(...chunk.toString().trim().split("\n"));
        done();
      },
    }),
  );
const start = (folders: readonly string[], options: ServeOptions = {}) =>
  startServer(folders, { port: 0, threads: 1, ...options }, log());

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "textune server "));
  folder = join(place, "sentiment");
  await saveTwoLayers(folder, ["bad", "good"]);
  const classifier = await TextClassifier.fromPretrained(folder);
  expected = await classifier.predict(TEXTS);
  await classifier.close();
  server = await start([folder], { maxTexts: 50, maxTextLength: 2000, timeout: 5 });
}, 120_000);
afterAll(async () => {
  await server.close();
  await rm(place, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function post(
  path: string,
  body: unknown,
  init: RequestInit = {},
  at: Pick<RunningServer, "address"> = server,
): Promise<Answer> {
  const sent = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
  const response = await fetch(`${at.address}${path}`, { method: "POST", body: sent, ...init });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

async function get(path: string, headers: Record<string, string> = {}, at = server): Promise<Response> {
  return fetch(`${at.address}${path}`, { headers });
}

/** Whether it answers a client that comes anew: of those that are connected, `fetch` may take one that has just been closed. */
async function isAlive(): Promise<boolean> {
  const body = '{"input": "ok"}';
  const head = `POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${body.length}`;
  return (await raw(`${head}\r\n\r\n${body}`)).startsWith("HTTP/1.1 200 ");
}

describe("answers", () => {
  it("one text, many, and pairs", async () => {
    const one = await post("/v1/classify", { input: TEXTS[0] });
    const many = await post("/v1/classify", { model: "sentiment", input: TEXTS });
    const results = many.body.results as { label: string; score: number; scores: { label: string; score: number }[] }[];
    expect(many.body.model).toBe("sentiment");
    for (const [i, { label, score, scores }] of results.entries()) {
      expect(label).toBe(expected[i].label);
      expect(Math.abs(score - expected[i].probability)).toBeLessThan(1e-5);
      expect(scores[0]).toEqual({ label, score });
      expect(scores).toHaveLength(2);
    }
    expect((one.body.results as object[]).length).toBe(1);
    const pair = await post("/v1/classify", { input: { text: "a", text_pair: "b" }, top_k: 1 });
    expect(pair.body.results).toMatchObject([{ scores: [{}] }]);
  });

  it("Hugging Face's own client", async () => {
    const client = new InferenceClient();
    const output = await client.textClassification({
      endpointUrl: `${server.address}/models/sentiment`,
      inputs: TEXTS[0],
    });
    expect(output[0].label).toBe(expected[0].label);
    expect(Math.abs(output[0].score - expected[0].probability)).toBeLessThan(1e-5);
    expect(output).toHaveLength(2);
  });

  it("what Hugging Face's API answers to a list", async () => {
    const { body } = await post("/models/sentiment", { inputs: TEXTS, parameters: { top_k: 1 } });
    expect((body as unknown as { label: string }[][]).map(([{ label }]) => label)).toEqual(
      expected.map(({ label }) => label),
    );
  });

  it("what it is, how it is, and how to ask", async () => {
    const { models } = (await (await get("/v1/models")).json()) as { models: object[] };
    expect(models).toEqual([
      {
        name: "sentiment",
        labels: ["bad", "good"],
        task: "single_label_classification",
        architecture: "bert",
        max_length: expect.any(Number),
        ready: true,
      },
    ]);
    expect((await get("/healthz")).status).toBe(200);
    expect((await get("/readyz")).status).toBe(200);
    const metrics = await (await get("/metrics")).text();
    expect(metrics).toMatch(/textune_texts_total\{model="sentiment"\} [1-9]/);
    expect(metrics).toMatch(/textune_request_seconds_count\{route="\/v1\/classify",status="200"\} [1-9]/);
    const page = await get("/");
    expect(await page.text()).toContain("<form>");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'self'");
    const text = await (await get("/openapi.json")).text();
    const document = JSON.parse(text) as { paths: object; components: { schemas: object } };
    expect(Object.keys(document.paths)).toContain("/v1/classify");
    for (const [, name] of text.matchAll(/#\/components\/schemas\/(\w+)/g))
      expect(Object.keys(document.components.schemas)).toContain(name);
  });

  it("small when the client reads gzip and it pays, and under the request's own id", async () => {
    const response = await fetch(`${server.address}/openapi.json`, { headers: { "x-request-id": "mine-1" } });
    expect(response.headers.get("content-encoding")).toMatch(/gzip|deflate/);
    expect(response.headers.get("x-request-id")).toBe("mine-1");
    const long = await post("/v1/classify", { input: Array.from({ length: 20 }, () => TEXTS[0]) });
    expect(long.headers.get("content-encoding")).toMatch(/gzip|deflate/);
    const short = await post("/v1/classify", { input: TEXTS[0] });
    expect(short.headers.get("content-encoding")).toBeNull();
  });
});

describe("bad input gets a plain answer, and the server stays up", () => {
  it.each([
    ["malformed JSON", '{"input": ', 400, /expected JSON/],
    ["nothing", "", 400, /expected JSON, got nothing/],
    ["bytes that are no UTF-8", Uint8Array.of(0x22, 0xff, 0xfe, 0x22), 400, /expected UTF-8/],
    ["a number for a text", { input: 5 }, 400, /input: expected a text/],
    ["an empty text", { input: ["a", " "] }, 400, /text 2: expected a text, got an empty one/],
    ["no text", { input: [] }, 400, /at least one text/],
    ["an unknown field", { input: "a", topk: 1 }, 400, /topk/],
    ["a top_k of 0", { input: "a", top_k: 0 }, 400, /top_k/],
    ["an unknown model", { input: "a", model: "spam" }, 404, /expected one of sentiment, got "spam"/],
    ["100,000 texts", { input: Array.from({ length: 100_000 }, () => "a") }, 413, /at most 50 texts, got 100000/],
    ["a text that is too long", { input: "a".repeat(2001) }, 413, /at most 2000 characters, got 2001/],
  ])("%s", async (_name, body, status, said) => {
    const answer = await post("/v1/classify", body);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatch(said);
    expect(await isAlive()).toBe(true);
  });

  it("a body of 50 MB", async () => {
    const answer = await post("/v1/classify", { input: "a".repeat(50_000_000) });
    expect(answer.status).toBe(413);
    expect(answer.body.error).toMatch(/at most \d+ bytes/);
    expect(await isAlive()).toBe(true);
  });

  it("a body of 100 MB, which is not read to its end", async () => {
    const socket = await open();
    const said = new Promise<string>((resolve) => {
      socket.once("data", (chunk: Buffer) => resolve(String(chunk)));
    });
    socket.write("POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n");
    expect(await said).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
    expect(await isAlive()).toBe(true);
  });

  it("a path that does not exist", async () => {
    const answer = await post("/v2/classify", {});
    expect(answer.status).toBe(404);
    expect(answer.body.error).toContain("/openapi.json");
  });

  it("another Host than this computer: a page of elsewhere that a name server points here", async () => {
    const said = await raw(
      "POST /v1/classify HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    expect(said).toMatch(/^HTTP\/1\.1 403 /);
  });

  it("a client that sends a byte a second is cut off, and others do not wait for it", async () => {
    const socket = await open();
    const closed = new Promise<string>((resolve) => {
      let said = "";
      socket.on("data", (chunk: Buffer) => (said += chunk));
      socket.on("close", () => resolve(said));
    });
    socket.write("POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n");
    const drip = setInterval(() => socket.write("x"), 1000);
    expect(await isAlive()).toBe(true);
    const said = await closed;
    clearInterval(drip);
    expect(said).toMatch(/^(HTTP\/1\.1 408 .*)?/);
    expect(await isAlive()).toBe(true);
  }, 30_000);

  it("a client that is gone in the middle of its request", async () => {
    const socket = await open();
    socket.write('POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{"input": "a');
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
    expect(await isAlive()).toBe(true);
    expect(logged.filter((line) => line.includes('"failed"'))).toEqual([]);
  });

  it("a body that does not say how long it is", async () => {
    const chunked = (text: string) => {
      const body = new Blob([JSON.stringify({ input: text })]).stream();
      return fetch(`${server.address}/v1/classify`, { method: "POST", body, duplex: "half" } as RequestInit);
    };
    expect((await chunked("fine")).status).toBe(200);
    expect((await chunked("a".repeat(9_000_000))).status).toBe(413);
    expect(await isAlive()).toBe(true);
  });

  it("a request that is cancelled midway", async () => {
    const cancel = new AbortController();
    const answers = Array.from({ length: 20 }, () =>
      post("/v1/classify", { input: Array.from({ length: 50 }, () => "word ".repeat(300)) }, { signal: cancel.signal }),
    );
    setTimeout(() => cancel.abort(), 100);
    for (const answer of await Promise.allSettled(answers)) expect(answer.status).toBe("rejected");
    await expect.poll(() => server.models.get("sentiment")?.waiting, { timeout: 10_000 }).toBe(0);
    expect(await isAlive()).toBe(true);
  });
});

function open(address = server.address): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(address).port), "127.0.0.1");
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}

async function raw(request: string): Promise<string> {
  const socket = await open();
  socket.write(request);
  let said = "";
  for await (const chunk of socket) said += String(chunk);
  return said;
}

it("gives a request up after its time", async () => {
  const slow = await start([folder], { timeout: 0.05, batchTokens: 100_000, maxQueue: 10_000 });
  const answer = await post("/v1/classify", { input: Array.from({ length: 40 }, () => "word ".repeat(200)) }, {}, slow);
  expect(answer.status).toBe(504);
  expect(answer.body.error).toMatch(/no answer within 0\.05 s/);
  await slow.close();
});

it("refuses with 429 and Retry-After when too many texts wait", async () => {
  const small = await start([folder], { maxQueue: 20, batchTokens: 1 });
  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      post("/v1/classify", { input: Array.from({ length: 10 }, () => "word ".repeat(100)) }, {}, small),
    ),
  );
  const statuses = new Set(answers.map(({ status }) => status));
  expect(statuses).toEqual(new Set([200, 429]));
  const refused = answers.find(({ status }) => status === 429);
  expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(refused?.body.error).toMatch(/wait already, of at most 20/);
  await small.close();
});

it("asks for its key, and does not write it or any text to the log", async () => {
  const guarded = await start([`one=${folder}`, `two=${folder}`], { apiKey: "secret-key-1", host: "0.0.0.0" });
  const at = { ...guarded, address: guarded.address.replace("0.0.0.0", "127.0.0.1") };
  const ask = (key: string) =>
    post(
      "/v1/classify",
      { model: "two", input: "a very private text" },
      { headers: { authorization: `Bearer ${key}` } },
      at,
    );
  expect((await ask("secret-key-2")).status).toBe(401);
  expect((await post("/v1/classify", { input: "a" }, {}, at)).status).toBe(401);
  expect((await ask("secret-key-1")).status).toBe(200);
  expect((await get("/healthz", {}, at)).status).toBe(200);
  expect((await get("/v1/models", {}, at)).status).toBe(401);
  const both = await post("/v1/classify", { input: "a" }, { headers: { authorization: "Bearer secret-key-1" } }, at);
  expect(both.body.error).toMatch(/expected one of one, two, got none/);
  await guarded.close();
  const lines = logged.filter((line) => line.includes("/v1/classify"));
  expect(lines.length).toBeGreaterThan(0);
  expect(JSON.parse(lines[0])).toMatchObject({ route: "/v1/classify", requestId: expect.any(String) });
  expect(logged.join("\n")).not.toMatch(/secret-key|private/);
});

it("answers pages of other origins only where they are named", async () => {
  const preflight = { origin: "https://app.example", "access-control-request-method": "POST" };
  const closed = await fetch(`${server.address}/v1/classify`, { method: "OPTIONS", headers: preflight });
  expect(closed.headers.get("access-control-allow-origin")).toBeNull();
  const opened = await start([folder], { cors: ["https://app.example"] });
  const allowed = await fetch(`${opened.address}/v1/classify`, { method: "OPTIONS", headers: preflight });
  expect(allowed.headers.get("access-control-allow-origin")).toBe("https://app.example");
  await opened.close();
});

it.each([
  [
    "others would reach it without a key",
    ["a=FOLDER"],
    { host: "0.0.0.0" },
    /expected a key, as 0\.0\.0\.0 is reached by others/,
  ],
  ["two models have one name", ["FOLDER", "sentiment=FOLDER"], {}, /"sentiment" twice/],
  ["a folder is not there", ["nowhere"], {}, /nowhere/],
  ["an option is wrong", ["FOLDER"], { maxWait: -1 }, /maxWait: expected a number of at least 0/],
] as const)("does not start where %s", async (_name, folders, options, said) => {
  const starting = start(
    folders.map((one) => one.replace("FOLDER", folder)),
    options,
  );
  await expect(starting).rejects.toThrow(said);
});

it("does not start at a port that is taken", async () => {
  const port = Number(new URL(server.address).port);
  await expect(start([folder], { port })).rejects.toMatchObject({
    code: "E_CONFIG",
    message: expect.stringContaining(`got ${port}, which another program has`),
  });
});

it("keeps answering when the folder of its model vanishes, and takes up a new one", async () => {
  const changing = join(place, "changing");
  await cp(folder, changing, { recursive: true });
  const watching = await start([changing], { watch: true });
  const ask = () => post("/v1/classify", { input: "ok" }, {}, watching);
  const score = async () => ((await ask()).body.results as { scores: { score: number }[] }[])[0].scores[0].score;
  const before = await score();
  await rm(changing, { recursive: true });
  await expect.poll(() => logged.some((line) => line.includes("the folder is gone")), { timeout: 10_000 }).toBe(true);
  expect(await score()).toBe(before);
  await saveTwoLayers(changing, ["bad", "good"], 9);
  await expect.poll(score, { timeout: 30_000 }).not.toBe(before);
  await watching.close();
}, 60_000);

describe("textune serve", () => {
  function run(...args: string[]): { child: ChildProcess; stdout: () => string; ended: Promise<number | null> } {
    return runIn({}, ...args);
  }

  function runIn(
    environment: Record<string, string>,
    ...args: string[]
  ): { child: ChildProcess; stdout: () => string; ended: Promise<number | null> } {
    const child = spawn(process.execPath, [main, "serve", ...args], {
      cwd: place,
      env: { ...process.env, ...environment },
    });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk));
    child.stderr.on("data", (chunk: Buffer) => (said += chunk));
    return { child, stdout: () => said, ended: new Promise((resolve) => child.on("close", resolve)) };
  }

  it("answers what is under way at SIGTERM, and ends", async () => {
    const { child, stdout, ended } = run("sentiment", "--port", "0", "--threads", "1");
    await expect.poll(stdout, { timeout: 30_000 }).toMatch(/serving sentiment at http:\S+/);
    const address = /serving sentiment at (\S+)/.exec(stdout())?.[1] as string;
    const input = Array.from({ length: 60 }, () => "word ".repeat(60));
    const answer = fetch(`${address}/v1/classify`, { method: "POST", body: JSON.stringify({ input }) });
    await new Promise((resolve) => setTimeout(resolve, 150));
    child.kill("SIGTERM");
    const response = await answer;
    expect(response.status).toBe(200);
    expect(((await response.json()) as { results: object[] }).results).toHaveLength(60);
    expect(await ended).toBe(0);
    expect(stdout()).toContain('"msg":"closed"');
    await expect(fetch(`${address}/healthz`)).rejects.toThrow();
  }, 60_000);

  it("has 10,000 connections, and answers on one of them and on others", async () => {
    const { child, stdout, ended } = run("sentiment", "--port", "0", "--threads", "1");
    await expect.poll(stdout, { timeout: 30_000 }).toMatch(/serving sentiment at http:\S+/);
    const address = /serving sentiment at (\S+)/.exec(stdout())?.[1] as string;
    const sockets = await Promise.all(Array.from({ length: 10_000 }, () => open(address)));
    expect((await post("/v1/classify", { input: "ok" }, {}, { address })).status).toBe(200);
    const [one] = sockets;
    one.write('POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 14\r\n\r\n{"input":"ok"}');
    const said = await new Promise<string>((resolve) => one.once("data", (chunk: Buffer) => resolve(String(chunk))));
    expect(said).toMatch(/^HTTP\/1\.1 200 /);
    const many = Array.from({ length: 30 }, () => post("/v1/classify", { input: "ok" }, {}, { address }));
    expect((await Promise.all(many)).every(({ status }) => status === 200)).toBe(true);
    expect(stdout()).not.toContain("Warning");
    for (const socket of sockets) socket.destroy();
    expect((await post("/v1/classify", { input: "ok" }, {}, { address })).status).toBe(200);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  }, 90_000);

  it("hands spans to OpenTelemetry, under the span of who asked", async () => {
    interface Sent {
      readonly name: string;
      readonly kind: number;
      readonly traceId: string;
      readonly spanId: string;
      readonly parentSpanId?: string;
      readonly attributes: readonly { key: string; value: object }[];
    }
    const spans: Sent[] = [];
    const collector = createServer(async (request, response) => {
      const { resourceSpans } = (await json(request)) as { resourceSpans: { scopeSpans: { spans: Sent[] }[] }[] };
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      response.end("{}");
    });
    await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
    const environment = {
      NODE_OPTIONS: `--import=${new URL("../support/open-telemetry.mjs", import.meta.url)}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_BSP_SCHEDULE_DELAY: "100",
      OTEL_METRICS_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
    };
    const { child, stdout, ended } = runIn(environment, "sentiment", "--port", "0", "--threads", "1");
    await expect.poll(stdout, { timeout: 30_000 }).toMatch(/serving sentiment at http:\S+/);
    const address = /serving sentiment at (\S+)/.exec(stdout())?.[1] as string;
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const headers = { traceparent };
    await fetch(`${address}/v1/classify`, { method: "POST", headers, body: JSON.stringify({ input: TEXTS }) });
    await expect.poll(() => spans.map(({ name }) => name).sort()).toEqual(["POST /v1/classify", "classify"]);
    const [inner, outer] = spans[0].name === "classify" ? spans : [...spans].reverse();
    expect(outer).toMatchObject({
      traceId: traceparent.split("-")[1],
      parentSpanId: traceparent.split("-")[2],
      kind: 2,
    });
    expect(inner).toMatchObject({ traceId: outer.traceId, parentSpanId: outer.spanId });
    expect(outer.attributes).toContainEqual({ key: "http.response.status_code", value: { intValue: 200 } });
    expect(inner.attributes).toContainEqual({ key: "textune.texts", value: { intValue: TEXTS.length } });
    expect(stdout()).toContain(`"traceId":"${outer.traceId}"`);
    child.kill("SIGTERM");
    await ended;
    collector.close();
  }, 60_000);

  it("says in one line why it does not start", async () => {
    const { ended, stdout } = run("sentiment", "--host", "0.0.0.0");
    expect(await ended).toBe(2);
    expect(stdout()).toMatch(/--api-key: expected a key.*--no-auth/);
    expect(stdout()).not.toMatch(/\n\s+at /);
  }, 60_000);
});
