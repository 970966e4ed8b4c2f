/** A local server that answers as the Hugging Face Hub does, for one repository. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface HubOptions {
  readonly id: string;
  /** A model by default. */
  readonly type?: "model" | "dataset";
  /** The Parquet files that the hub made of a data set, on a branch of their own. */
  readonly converted?: Readonly<Record<string, Buffer>>;
  readonly files: Readonly<Record<string, Buffer>>;
  /** Only requests with this token are answered. */
  readonly token?: string;
  /** The status of the answer to other requests; 401 by default, 403 where an account may not read a gated model. */
  readonly refusal?: number;
  /** The commit that the hub names; a proper one by default. */
  readonly commit?: string;
  /** Cuts the first download of a file after so many bytes. */
  readonly cutAfter?: {
    readonly file: string;
    readonly bytes: number;
    /** Waited for before the cut: what a client has not yet read is lost with the connection. */
    readonly when?: () => Promise<unknown>;
  };
  /** Ends the first download of this file early as if it were whole. */
  readonly endEarly?: string;
  /** Sends bytes beyond the end of this file. */
  readonly longer?: string;
  /** Says nothing more after the first bytes of the first download of this file. */
  readonly stall?: string;
  /** Answers a request to go on in this file with its beginning, as if that were what was asked for. */
  readonly wrongPart?: string;
  /** Answers to the first requests for a file, or for "the model", instead of the right ones. */
  readonly failures?: readonly { readonly of: string; readonly status: number; readonly retryAfter?: string }[];
  /** Called when the contents of a file are asked for. */
  readonly onDownload?: (file: string) => void;
  /** Sends other bytes than the checksum says. */
  readonly corrupt?: string;
}

export interface HubServer {
  readonly url: string;
  /** Requests for file contents: path, first byte asked for, and the token that came along. */
  readonly downloads: { readonly file: string; readonly from: number; readonly authorization?: string }[];
  close(): Promise<void>;
}

export const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const CONVERTED = "refs/convert/parquet";
const CONVERTED_COMMIT = "fedcba9876543210fedcba9876543210fedcba98";
/** The branch, tag and pull request that lead to the commit. */
const REVISIONS = ["main", "v1.0", "refs/pr/1"];

const isLarge = (file: string): boolean => file.endsWith(".safetensors");

export async function startHub(options: HubOptions): Promise<HubServer> {
  const { id, type = "model", commit = COMMIT, converted = {} } = options;
  const files = { ...options.files, ...converted };
  const downloads: { file: string; from: number; authorization?: string }[] = [];
  let cuts = 1;

  const entry = (path: string) => {
    const content = files[path];
    const oid = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
    const lfs = { oid: createHash("sha256").update(content).digest("hex"), size: content.length, pointerSize: 134 };
    return { type: "file", path, oid, size: content.length, ...(isLarge(path) ? { lfs } : {}) };
  };

  const failures = [...(options.failures ?? [])];
  /** Answers as the first of the failures of `of` says. */
  const failed = (response: ServerResponse, of: string): boolean => {
    const i = failures.findIndex((failure) => failure.of === of);
    if (i < 0) return false;
    const [{ status, retryAfter }] = failures.splice(i, 1);
    response.writeHead(status, retryAfter === undefined ? {} : { "retry-after": retryAfter }).end("later");
    return true;
  };

  const sendFile = (request: IncomingMessage, response: ServerResponse, file: string): void => {
    const content = file === options.corrupt ? Buffer.alloc(files[file].length, 1) : files[file];
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const { authorization } = request.headers;
    downloads.push({ file, from, ...(authorization === undefined ? {} : { authorization }) });
    options.onDownload?.(file);
    if (failed(response, file)) return;
    const range = from > 0 ? { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` } : {};
    const status = from > 0 ? 206 : 200;
    if (options.endEarly === file && cuts-- > 0) {
      // Without a length, the end of the answer looks like the end of the file.
      response.writeHead(status, range).end(content.subarray(from, from + 1000));
      return;
    }
    if (options.longer === file) {
      response.writeHead(status, range).end(Buffer.concat([content.subarray(from), Buffer.alloc(5000)]));
      return;
    }
    if (options.wrongPart === file && from > 0) {
      response.writeHead(206, { "content-range": `bytes 0-${content.length - 1}/${content.length}` }).end(content);
      return;
    }
    response.writeHead(status, { ...range, "content-length": content.length - from });
    if (options.stall === file && cuts-- > 0) {
      response.write(content.subarray(from, from + 1000));
      return;
    }
    if (options.cutAfter?.file === file && cuts-- > 0) {
      const { bytes, when } = options.cutAfter;
      response.write(
        content.subarray(from, bytes),
        () => void (when?.() ?? Promise.resolve()).then(() => response.destroy()),
      );
    } else {
      response.end(content.subarray(from));
    }
  };

  const info = {
    _id: "1",
    id,
    sha: commit,
    private: false,
    downloads: 1,
    gated: false,
    likes: 1,
    lastModified: "2026-01-01T00:00:00.000Z",
  };

  // Large files lie on another host, as on the real hub. It refuses requests that bring a token of the hub.
  const cdn = createServer((request, response) => {
    if (request.headers.authorization !== undefined) response.writeHead(400).end();
    else sendFile(request, response, decodeURIComponent((request.url ?? "").slice(1)));
  });
  const cdnUrl = await listen(cdn);

  const server = createServer((request, response) => {
    const json = (status: number, body: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    const path = decodeURIComponent((request.url ?? "").split("?")[0]);
    if (options.token !== undefined && request.headers.authorization !== `Bearer ${options.token}`)
      return json(options.refusal ?? 401, { error: "Invalid credentials" });
    if (path.startsWith("/api/") && failed(response, "the model")) return;
    const api = `/api/${type}s/${id}`;
    if ([...REVISIONS, commit].some((revision) => path === `${api}/revision/${revision}`)) return json(200, info);
    if (options.converted !== undefined && path === `${api}/revision/${CONVERTED}`)
      return json(200, { ...info, sha: CONVERTED_COMMIT });
    if (path === `${api}/tree/${commit}`) return json(200, Object.keys(options.files).map(entry));
    if (path === `${api}/tree/${CONVERTED_COMMIT}`) return json(200, Object.keys(converted).map(entry));
    const base = `${type === "model" ? "" : "/datasets"}/${id}/resolve`;
    const resolved = [`${base}/${commit}/`, `${base}/${CONVERTED_COMMIT}/`].find((start) => path.startsWith(start));
    if (resolved !== undefined) {
      const file = path.slice(resolved.length);
      if (files[file] === undefined) return json(404, { error: "Entry not found" });
      if (isLarge(file)) return void response.writeHead(302, { location: `${cdnUrl}/${file}` }).end();
      return sendFile(request, response, file);
    }
    return json(404, { error: "Repository not found" });
  });
  const url = await listen(server);
  return {
    url,
    downloads,
    close: async () => {
      await Promise.all(
        [server, cdn].map((one) => {
          const closed = new Promise((resolve) => one.close(resolve));
          // A client that gave up may keep its connection for seconds.
          one.closeAllConnections();
          return closed;
        }),
      );
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
