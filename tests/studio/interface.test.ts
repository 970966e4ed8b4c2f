/** The interface of the Studio, asked what its description allows and what it does not. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trainGroups } from "../../src/cli/train-options.js";
import { routes } from "../../src/studio/api/registry.js";
import { type RunningStudio, startStudio } from "../../src/studio/node/server.js";
import type { Route } from "../../src/studio/route.js";
import { putArtifact } from "../../src/tracking/artifacts/put-artifact.js";
import { init, Table } from "../../src/tracking/index.js";
import { openStore, type Store } from "../../src/tracking/store/node/open-store.js";
import { writeRandomCheckpoint } from "../support/random-checkpoint.js";
import { tinySweep } from "../support/tiny-sweep.js";

const PER_ROUTE = 60;
const place = mkdtempSync(join(tmpdir(), "textune studio interface "));
const open: RunningStudio[] = [];
let store: Store;
let studio: RunningStudio;
let id: string;

beforeAll(async () => {
  const dir = join(place, "store");
  const settings = { statsSamplingInterval: 0, console: false } as const;
  const run = await init({ dir, project: "words", name: "<b>one</b>", config: { rate: 0.1, 'a.b"c': "ä" }, settings });
  for (let i = 0; i < 500; i++) run.log({ "train/loss": i === 7 ? Number.NaN : 1 / (i + 1), epoch: i / 100 });
  run.log({ predictions: new Table({ columns: ["text", "loss"], data: [["<script>alert(1)</script>", 2]] }) });
  id = run.id;
  for (const name of [id, "3"]) writeFileSync(join(place, name), "text,label\ngood,1\nbad,0\n");
  const train = { source: join(place, "none.csv"), rows: 2, fingerprint: "0123456789abcdef".repeat(2) };
  run.describe({ data: { train } });
  await run.finish();
  // Called as the run, so that every path takes the same name.
  await tinySweep(dir, { name: id, trials: 3 });
  writeFileSync(join(place, "mails.csv"), "text\nLunch at twelve?\nYou have won a prize\n");
  await writeRandomCheckpoint("bert-relu", join(place, "a model"), ["ham", "news", "spam"]);
  writeFileSync(join(place, "mended.csv"), "text,label\nLunch at twelve?,ham\nA prize for you,ham\nBuy now,spam\n");
  const mended = await init({ dir, id: "mended", settings });
  const given = { data: ["mended.csv"], validationSplit: 0, output: "a model" };
  mended.describe({ reproduce: { command: "train", given: { ...given, data: [join(place, "mended.csv")] } } });
  await mended.finish();
  store = await openStore(dir);
  const names = { project: "words", name: id, type: "file", description: "<i>", metadata: {}, aliases: [] };
  await putArtifact(store, { ...names, files: [{ path: "3", source: fileURLToPath(import.meta.url) }] });
  studio = await start();
});
afterAll(async () => {
  for (const one of open) await one.close();
  await store.close();
  rmSync(place, { recursive: true, force: true });
});

async function start(options: Parameters<typeof startStudio>[1] = {}): Promise<RunningStudio> {
  const training = { groups: trainGroups, command: ["false"], store: store.name, folder: place };
  const places = { folder: place, cache: join(place, "cache") };
  const started = await startStudio(store, { port: 0, ...options }, training, places);
  open.push(started);
  return started;
}

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly at?: RunningStudio;
}

/** A request with any header, `Host` included. */
function send(path: string, { method = "GET", headers = {}, body, at = studio }: Sent = {}) {
  const { port } = new URL(at.address);
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers: { ...headers } }, (response) => {
      text(response).then(
        (all) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: all }),
        reject,
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
const json = (value: unknown): Sent => ({
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});

/** Anything that may stand in an address: ids that are there, numbers, any text. */
const anyText = fc.oneof(
  fc.constantFrom(
    "",
    "0",
    "-1",
    "1e9",
    "NaN",
    "../../etc/passwd",
    "train/loss",
    "predictions",
    "'; drop table runs; --",
  ),
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.integer().map(String),
);

/** What fields of queries are usually given. */
const USUAL: Readonly<Record<string, () => readonly string[]>> = {
  runs: () => [id],
  ids: () => [id],
  metric: () => ["train/loss"],
  axis: () => ["step", "time", "epoch"],
  sort: () => ["1", "-0"],
  where: () => ["1 > 1", '0 contains "script"', "0 = 3"],
};

function requestsTo(route: Route) {
  const given = (name: string) =>
    fc.array(fc.oneof(fc.constantFrom(...(USUAL[name]?.() ?? ["3"])), anyText), { maxLength: 1 });
  const fields = Object.keys(route.query?.shape ?? {}).map((name) => [name, given(name)] as const);
  const unknown = fc.oneof({ weight: 9, arbitrary: fc.constant<string[]>([]) }, fc.array(anyText, { maxLength: 1 }));
  const params = [...route.path.matchAll(/\{\w+\}/g)];
  const body = fc.oneof(
    fc.constant({}),
    fc.jsonValue({ maxDepth: 2 }),
    fc.dictionary(fc.constantFrom("notes", "tags", "rows", "text"), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 }),
  );
  return fc.record({
    params: fc.tuple(
      ...params.map(([name]) =>
        fc.oneof(
          fc.constant(name === "{table}" ? "1" : id),
          anyText.filter((value) => value !== ""),
        ),
      ),
    ),
    query: fc.record(Object.fromEntries([...fields, ["unknown", unknown]])),
    body: route.body === undefined ? fc.constant(undefined) : body,
  });
}

/** What is answered only of a file that is there, in this order, by path. */
const path = "mails.csv";
const ANSWERED: Readonly<Record<string, readonly [address: string, body?: object][]>> = {
  "GET /api/label/columns": [[`/api/label/columns?path=${path}`]],
  "GET /api/corrections/{run}": [["/api/corrections/mended"]],
  "POST /api/corrections/{run}/look": [["/api/corrections/mended/look", { text: "A prize for you" }]],
  "POST /api/corrections/{run}/relabel": [
    ["/api/corrections/mended/relabel", { part: "train", row: 1, label: "spam" }],
  ],
  "POST /api/corrections/{run}/export": [["/api/corrections/mended/export", { to: "mended.jsonl" }]],
  "POST /api/corrections/{run}/train": [["/api/corrections/mended/train", { output: "once more" }]],
  "POST /api/models/ask": [["/api/models/ask", { model: "folder:a model", text: "<b>the</b> cat" }]],
  "POST /api/label/open": [["/api/label/open", { path, text: "text", classes: ["ham", "spam"] }]],
  "GET /api/label": [[`/api/label?path=${path}`]],
  "POST /api/label/decide": [["/api/label/decide", { path, row: 0, action: "label", label: "ham" }]],
  "POST /api/label/undo": [["/api/label/undo", { path }]],
  "POST /api/label/strategy": [["/api/label/strategy", { path, strategy: "random" }]],
  "POST /api/label/export": [
    ["/api/label/decide", { path, row: 1, action: "label", label: "spam" }],
    ["/api/label/export", { path, to: "labelled.jsonl" }],
  ],
};

describe.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))("%s", (_, route) => {
  it("answers as its schema says, or says in a sentence why not", async () => {
    let answered = 0;
    for (const [address, body] of ANSWERED[`${route.method} ${route.path}`] ?? []) {
      const sent = body === undefined ? {} : { method: "POST", ...json(body) };
      const { status, text: said } = await send(address, sent);
      expect(status, said).toBe(200);
      if (address.startsWith(route.path.split("{")[0])) {
        answered++;
        route.response?.parse(JSON.parse(said));
      }
    }
    await fc.assert(
      fc.asyncProperty(requestsTo(route), async ({ params, query, body }) => {
        const left = [...params];
        const path = route.path.replace(/\{\w+\}/g, () => encodeURIComponent(left.shift() ?? ""));
        const pairs = Object.entries(query).flatMap(([name, all]) =>
          all.map((value): [string, string] => [name, value]),
        );
        const asked = new URLSearchParams(pairs).toString();
        const sent = body === undefined ? {} : json(body);
        const { status, text: said } = await send(`${path}${asked === "" ? "" : `?${asked}`}`, {
          ...sent,
          method: route.method,
        });
        if (status === 200) {
          answered++;
          route.response?.parse(JSON.parse(said));
          return;
        }
        expect([400, 404, 413]).toContain(status);
        expect((JSON.parse(said) as { error: string }).error).toMatch(/\S: \S/);
      }),
      { numRuns: PER_ROUTE, seed: 13, endOnFailure: true },
    );
    // No random request starts a training, or names one.
    if (!route.path.startsWith("/api/trainings") || route.method === "GET") expect(answered).toBeGreaterThan(0);
  });
});

it("describes every path, with a schema for each answer", async () => {
  const document = JSON.parse((await send("/api/openapi.json")).text) as {
    openapi: string;
    paths: Record<
      string,
      Record<string, { responses: { 200: { content: Record<string, { schema: { $ref: string } }> } } }>
    >;
    components: { schemas: Record<string, object> };
  };
  expect(document.openapi).toBe("3.1.0");
  for (const { path, method, response } of routes) {
    const described = document.paths[path]?.[method.toLowerCase()];
    expect(described, path).toBeDefined();
    if (response === undefined) continue;
    const { $ref } = described.responses[200].content["application/json"].schema;
    expect(document.components.schemas).toHaveProperty([$ref.split("/").at(-1) ?? ""]);
  }
});

it("writes notes and tags on a run, and tells who listens", async () => {
  const events = await fetch(`${studio.address}/api/events`);
  const reader = (events.body as ReadableStream<Uint8Array>).getReader();
  const change = { notes: "as it was", tags: ["good", "good"], archived: true };
  const { text: said } = await send(`/api/runs/${id}`, { ...json(change), method: "PATCH" });
  expect(JSON.parse(said)).toMatchObject({ notes: "as it was", tags: ["good"], archived: true });
  let heard = "";
  while (!heard.includes("event: runs")) heard += new TextDecoder().decode((await reader.read()).value);
  expect(heard).toMatch(new RegExp(`"changed":\\[[^\\]]*"${id}"`));
  await reader.cancel();
});

it("shows one outlier among many points, however few rows are asked for, and where it lies", async () => {
  const run = await init({ dir: join(place, "store"), settings: { statsSamplingInterval: 0, console: false } });
  for (let i = 0; i < 20_000; i++) run.log({ loss: i === 12_345 ? 10 : Math.sin(i / 1000) });
  await run.finish();
  type Curve = { readonly x: number[]; readonly max: number[]; readonly points: number };
  const ask = async (part: string): Promise<Curve> => {
    const { text: said } = await send(`/api/curves?runs=${run.id}&metric=loss&${part}`);
    return (JSON.parse(said) as { curves: Curve[] }).curves[0];
  };
  const whole = await ask("rows=100");
  expect(whole.points).toBe(20_000);
  expect(whole.x.length).toBeLessThan(250);
  expect(Math.max(...whole.max)).toBe(10);
  const part = await ask("rows=100&from=12340&to=12350");
  expect(part.x).toEqual([12340, 12341, 12342, 12343, 12344, 12345, 12346, 12347, 12348, 12349, 12350]);
  expect(part.max[5]).toBe(10);
});

describe("safety", () => {
  it("answers no page of another site, however it gets here", async () => {
    const foreign = [
      { host: "evil.example" },
      { host: "127.0.0.1.evil.example" },
      { origin: "https://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
    ];
    for (const headers of foreign) {
      const { status, text: said } = await send("/api/runs", { headers: headers as unknown as Record<string, string> });
      expect([JSON.stringify(headers), status]).toEqual([JSON.stringify(headers), 403]);
      expect(said).not.toContain(id);
    }
    const { host } = new URL(studio.address);
    expect(
      (await send("/api/runs", { headers: { origin: `http://${host}`, "sec-fetch-site": "same-origin" } })).status,
    ).toBe(200);
    // A link on another site opens the page and no more.
    expect((await send("/", { headers: { "sec-fetch-site": "cross-site" } })).status).not.toBe(403);
  });

  it("takes no form of another site for a change", async () => {
    const body = JSON.stringify({ notes: "forged" });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      const { status } = await send(`/api/runs/${id}`, { method: "PATCH", headers: { "content-type": type }, body });
      expect(status).toBe(415);
    }
  });

  it("bounds bodies, announced or not", async () => {
    const body = JSON.stringify({ notes: "x".repeat(2 ** 20) });
    const headers = { "content-type": "application/json" };
    for (const more of [{}, { "transfer-encoding": "chunked" }] as Record<string, string>[]) {
      const { status } = await send(`/api/runs/${id}`, { method: "PATCH", headers: { ...headers, ...more }, body });
      expect(status).toBe(413);
    }
  });

  it("keeps to its own files, and lets a page run nothing but its own scripts", async () => {
    for (const path of [
      "/../package.json",
      "/%2e%2e/%2e%2e/package.json",
      "/assets/..%2f..%2f..%2fpackage.json",
      "//etc/passwd",
    ]) {
      const { text: said } = await send(path);
      expect(said).not.toContain('"dependencies"');
      expect(said).not.toContain("root:");
    }
    const { headers } = await send("/runs");
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    // What a run is called is data, in an answer that no browser takes for a page.
    const run = await send(`/api/runs/${id}`);
    expect(run.headers["content-type"]).toContain("application/json");
  });

  it("changes nothing when it is read-only", async () => {
    const at = await start({ readOnly: true });
    for (const route of routes.filter(({ method, changesNothing }) => method !== "GET" && changesNothing !== true)) {
      const { status } = await send(route.path.replace(/\{\w+\}/g, id), { ...json({}), method: route.method, at });
      expect([route.path, status]).toEqual([route.path, 403]);
    }
    expect((await send(`/api/runs/${id}`, { at })).status).toBe(200);
  });

  it("asks for the token where others reach it, in the address once, then in a cookie or header", async () => {
    const at = await start({ host: "0.0.0.0" });
    const { token = "" } = at;
    expect(token.length).toBeGreaterThanOrEqual(32);
    expect(at.address).toContain(`?token=${token}`);
    for (const path of [
      "/",
      "/api/runs",
      "/api/events",
      "/api/openapi.json",
      "/?token=wrong",
      `/api/runs?token=${token}`,
    ]) {
      const { status, text: said } = await send(path, { at });
      expect([path, status]).toEqual([path, 401]);
      expect(said).not.toContain(token);
    }
    const entered = await send(`/?token=${token}`, { at });
    expect([entered.status, entered.headers.location]).toEqual([302, "/"]);
    const [cookie] = entered.headers["set-cookie"] as string[];
    expect(cookie).toMatch(/HttpOnly.*SameSite=Strict/i);
    const shown = await send("/api/runs", { at, headers: { cookie: cookie.split(";")[0] } });
    expect(shown.status).toBe(200);
    expect((await send("/api/runs", { at, headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    expect((await send("/api/runs", { at, headers: { authorization: `Bearer ${token}x` } })).status).toBe(401);
    // Another site's page cannot send the cookie, nor be answered.
    const headers = { cookie: cookie.split(";")[0], origin: "http://evil.example" };
    expect((await send("/api/runs", { at, headers })).status).toBe(403);
  });

  it("makes a new token at every start", async () => {
    const [one, two] = [await start({ host: "0.0.0.0" }), await start({ host: "0.0.0.0" })];
    expect(one.token).not.toBe(two.token);
  });
});

it("is not built twice: the store stays the caller's", async () => {
  const one = await start();
  await one.close();
  expect(existsSync(join(place, "store"))).toBe(true);
  expect((await send("/api/runs")).status).toBe(200);
});
