/** A local server that answers as the Hugging Face Hub does, for one model. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface HubOptions {
  readonly id: string;
  readonly files: Readonly<Record<string, Buffer>>;
  /** Only requests with this token are answered. */
  readonly token?: string;
  /** Cuts the first download of a file after so many bytes. */
  readonly cutAfter?: { readonly file: string; readonly bytes: number };
  /** Sends other bytes than the checksum says. */
  readonly corrupt?: string;
}

export interface HubServer {
  readonly url: string;
  /** Requests for file contents: path and first byte asked for. */
  readonly downloads: { readonly file: string; readonly from: number }[];
  close(): Promise<void>;
}

export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

const isLarge = (file: string): boolean => file.endsWith(".safetensors");

export async function startHub(options: HubOptions): Promise<HubServer> {
  const { id, files } = options;
  const downloads: { file: string; from: number }[] = [];
  let cuts = options.cutAfter === undefined ? 0 : 1;

  const entry = (path: string) => {
    const content = files[path];
    const oid = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
    const lfs = { oid: createHash("sha256").update(content).digest("hex"), size: content.length, pointerSize: 134 };
    return { type: "file", path, oid, size: content.length, ...(isLarge(path) ? { lfs } : {}) };
  };

  const sendFile = (request: IncomingMessage, response: ServerResponse, file: string): void => {
    const content = file === options.corrupt ? Buffer.alloc(files[file].length, 1) : files[file];
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    downloads.push({ file, from });
    response.writeHead(from > 0 ? 206 : 200, { "content-length": content.length - from });
    if (options.cutAfter?.file === file && cuts-- > 0) {
      response.write(content.subarray(from, options.cutAfter.bytes), () => response.destroy());
    } else {
      response.end(content.subarray(from));
    }
  };

  const server = createServer((request, response) => {
    const json = (status: number, body: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    const path = decodeURIComponent((request.url ?? "").split("?")[0]);
    if (options.token !== undefined && request.headers.authorization !== `Bearer ${options.token}`)
      return json(401, { error: "Invalid credentials" });
    if (path === `/api/models/${id}` || path === `/api/models/${id}/revision/main`)
      return json(200, {
        _id: "1",
        id,
        sha: COMMIT,
        private: false,
        downloads: 1,
        gated: false,
        likes: 1,
        lastModified: "2026-01-01T00:00:00.000Z",
      });
    if (path === `/api/models/${id}/tree/${COMMIT}` || path === `/api/models/${id}/tree/${COMMIT}/`)
      return json(200, Object.keys(files).map(entry));
    const resolved = `/${id}/resolve/${COMMIT}/`;
    if (path.startsWith(resolved)) {
      const file = path.slice(resolved.length);
      if (files[file] === undefined) return json(404, { error: "Entry not found" });
      // Large files lie on another address, as on the real hub.
      if (isLarge(file)) return void response.writeHead(302, { location: `/cdn/${file}` }).end();
      return sendFile(request, response, file);
    }
    if (path.startsWith("/cdn/")) return sendFile(request, response, path.slice("/cdn/".length));
    return json(404, { error: "Repository not found" });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    downloads,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
