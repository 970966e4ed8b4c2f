/**
 * The C library for HDF5, in WebAssembly. It sees a file system of its own, with one file at a time in it, whose bytes are
 * read and written where it asks for them: nothing is copied, and no other file can be reached.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { loadOptional } from "../../base/node/optional-package.js";

type HighLevel = typeof import("h5wasm");
/** The module, with its functions. */
export type Library = Awaited<typeof import("h5wasm")["ready"]>;

/** The library, which takes most of a second to load. @throws E_PACKAGE where it is not installed */
export async function loadHdf5(): Promise<{ library: Library; File: HighLevel["File"] }> {
  const { ready, File } = await loadOptional("weights of Keras", ["h5wasm"], () => import("h5wasm"));
  const library = await ready;
  hush(library);
  return { library, File };
}

/** A file, or a part of one, by its place on disk. */
export interface Span {
  readonly path: string;
  readonly start: number;
  readonly size: number;
}

/** The library prints each error with its ways through the C source: what matters of it is thrown. */
function hush(library: Library): void {
  const stream = fileSystem(library).streams[2];
  stream.stream_ops = { ...stream.stream_ops, write: (_stream, _buffer, _offset, length) => length };
}

/** Gives the library the bytes of `span` as a file; `unmount` takes it away again. */
export function mountFile(library: Library, { path, start, size }: Span): { name: string; unmount: () => void } {
  const file = openSync(path, "r");
  return mount(library, () => closeSync(file), {
    size: () => size,
    read: (buffer, length, position) =>
      readSync(file, buffer, 0, Math.max(0, Math.min(length, size - position)), start + position),
  });
}

/** Gives the library a new file on disk to write. */
export function mountNewFile(library: Library, path: string): { name: string; unmount: () => void } {
  const file = openSync(path, "wx+");
  const unmount = (): void => {
    fsyncSync(file);
    closeSync(file);
  };
  return mount(library, unmount, {
    size: () => fstatSync(file).size,
    read: (buffer, length, position) => readSync(file, buffer, 0, length, position),
    write: (buffer, length, position) => writeSync(file, buffer, 0, length, position),
    truncate: (length) => ftruncateSync(file, length),
  });
}

/** What is done with the bytes of a file. */
interface FileBytes {
  size(): number;
  read(buffer: Uint8Array, length: number, position: number): number;
  write?(buffer: Uint8Array, length: number, position: number): number;
  truncate?(length: number): void;
}

let mounted = 0;

function mount(library: Library, close: () => void, bytes: FileBytes): { name: string; unmount: () => void } {
  const name = `/weights-${mounted++}.h5`;
  const isWritable = bytes.write !== undefined;
  const node = fileSystem(library).createFile("/", name.slice(1), {}, true, isWritable);
  const { getattr, setattr } = node.node_ops;
  node.node_ops = {
    ...node.node_ops,
    getattr: (of) => ({ ...getattr(of), size: bytes.size() }),
    setattr: (of, { size, ...others }) => {
      setattr(of, others);
      if (size !== undefined) bytes.truncate?.(size);
    },
  };
  const part = (buffer: Uint8Array, offset: number, length: number): Uint8Array =>
    new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length);
  node.stream_ops = {
    ...node.stream_ops,
    read: (_stream, buffer, offset, length, position) => bytes.read(part(buffer, offset, length), length, position),
    write: (_stream, buffer, offset, length, position) =>
      bytes.write?.(part(buffer, offset, length), length, position) ?? 0,
    llseek: (stream, offset, from) => offset + (from === 1 ? stream.position : from === 2 ? bytes.size() : 0),
  };
  const unmount = (): void => {
    library.FS.unlink(name);
    close();
  };
  return { name, unmount };
}

/** What of Emscripten's file system its declarations leave out. @source emscripten.org/docs/api_reference/Filesystem-API.html */
interface FileSystem {
  readonly streams: readonly { stream_ops: StreamOperations }[];
  createFile(folder: string, name: string, properties: object, canRead: boolean, canWrite: boolean): FileNode;
}

interface FileNode {
  node_ops: {
    readonly getattr: (node: unknown) => object;
    readonly setattr: (node: unknown, attributes: { readonly size?: number }) => void;
  };
  stream_ops: StreamOperations;
}

type Transfer = (stream: unknown, buffer: Uint8Array, offset: number, length: number, position: number) => number;

interface StreamOperations {
  readonly read?: Transfer;
  readonly write?: Transfer;
  readonly llseek?: (stream: { readonly position: number }, offset: number, from: number) => number;
}

const fileSystem = ({ FS }: Library): FileSystem => FS as unknown as FileSystem;
