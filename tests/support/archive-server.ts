/** A local server that answers as Kaggle and TensorFlow Hub do: a redirection to a store, which tells the checksum. */
import { createHash } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ArchiveServerOptions {
  /** Archives by the path that is asked for, as "/api/v1/models/o/m/f/v/3/download" or "/small.tar.gz". */
  readonly archives: Readonly<Record<string, Buffer>>;
  /** JSON by the path that is asked for. */
  readonly answers?: Readonly<Record<string, unknown>>;
  /** Cuts the first download after so many bytes, when a client that has read them says so. */
  readonly cutAfter?: { readonly bytes: number; readonly when: () => Promise<unknown> };
  /** Sends other bytes than the checksum says. */
  readonly corrupt?: boolean;
  /** Tells neither length nor checksum. */
  readonly silent?: boolean;
  /** The status of every answer. */
  readonly status?: number;
}

export interface ArchiveServer {
  readonly url: string;
  /** Requests: path, first byte asked for, and the credentials that came along. */
  readonly requests: { readonly path: string; readonly from: number; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

export async function startArchives(options: ArchiveServerOptions): Promise<ArchiveServer> {
  const requests: { path: string; from: number; authorization: string | undefined }[] = [];
  let cuts = options.cutAfter === undefined ? 0 : 1;
  const send = (response: ServerResponse, archive: Buffer, from: number): void => {
    const content = options.corrupt === true ? Buffer.alloc(archive.length, 1) : archive;
    const md5 = createHash("md5").update(archive).digest("base64");
    const told = { "content-length": content.length - from, "x-goog-hash": `crc32c=AAAAAA==,md5=${md5}` };
    const range = from > 0 ? { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` } : {};
    response.writeHead(from > 0 ? 206 : 200, { ...range, ...(options.silent === true ? {} : told) });
    if (options.cutAfter !== undefined && cuts-- > 0) {
      const { bytes, when } = options.cutAfter;
      response.write(content.subarray(from, bytes), () => void when().then(() => response.destroy()));
    } else response.end(content.subarray(from));
  };
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? "", "http://local");
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    requests.push({ path: `${pathname}${search}`, from, authorization: request.headers.authorization });
    const stored = pathname.startsWith("/store") ? options.archives[pathname.slice("/store".length)] : undefined;
    const answer = options.answers?.[pathname];
    if (options.status !== undefined) response.writeHead(options.status).end();
    else if (stored !== undefined) send(response, stored, from);
    else if (answer !== undefined) response.writeHead(200).end(JSON.stringify(answer));
    else if (options.archives[pathname] !== undefined) response.writeHead(302, { location: `/store${pathname}` }).end();
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
