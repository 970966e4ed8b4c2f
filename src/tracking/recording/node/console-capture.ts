/** What this process prints, told to those who record it; it is printed all the same. */

type Listener = (stream: "stdout" | "stderr", text: string) => void;

const listeners = new Set<Listener>();
const originals = new Map<NodeJS.WriteStream, NodeJS.WriteStream["write"]>();

/** Tells `listener` all that is printed from now on, until the returned function is called. */
export function captureConsole(listener: Listener): () => void {
  if (listeners.size === 0) for (const name of ["stdout", "stderr"] as const) tap(name);
  listeners.add(listener);
  return () => {
    if (!listeners.delete(listener) || listeners.size > 0) return;
    for (const [stream, write] of originals) stream.write = write;
    originals.clear();
  };
}

function tap(name: "stdout" | "stderr"): void {
  const stream = process[name];
  const write = stream.write;
  originals.set(stream, write);
  stream.write = function tapped(this: NodeJS.WriteStream, ...given: unknown[]): boolean {
    const [piece] = given;
    const text = typeof piece === "string" ? piece : Buffer.from(piece as Uint8Array).toString("utf8");
    for (const listener of listeners) listener(name, text);
    return Reflect.apply(write, stream, given) as boolean;
  } as NodeJS.WriteStream["write"];
}
