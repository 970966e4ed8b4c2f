/**
 * A classifier of transformers.js behind hono, each request by itself: POST / {"input": text}.
 *
 *   node bench/peers/serve-transformers-js.mjs FOLDER PORT DTYPE
 */
import { basename, dirname, resolve } from "node:path";
import { serve } from "@hono/node-server";
import { env, pipeline } from "@huggingface/transformers";
import { Hono } from "hono";

process.env.ORT_DISABLE_TELEMETRY ??= "1";
const [folder, port, dtype] = process.argv.slice(2);
env.allowRemoteModels = false;
env.localModelPath = dirname(resolve(folder));
const classify = await pipeline("text-classification", basename(folder), { dtype });

const app = new Hono();
app.get("/", (c) => c.json({}));
app.post("/", async (c) => c.json(await classify((await c.req.json()).input, { top_k: null })));
serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(port) });
