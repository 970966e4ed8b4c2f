/** The stages of a training graph as sessions: run in order, what one computes goes into the next. */
import type { Value } from "../graph/graph.js";
import { extract } from "../graph/substitute.js";
import { writeModel } from "../onnx/write-model.js";
import type { Runtime, Session, SessionOptions, Tensor } from "../runtime/session.js";

export interface Stages {
  /** The inputs that stages read and none computes. */
  readonly inputs: readonly Value[];
  /**
   * Runs all stages. `feeds` is called before each with the inputs it reads; results are written into the tensors of
   * `targets`, others are allocated, and returned but for those that only a later stage reads.
   */
  run(
    feeds: (names: readonly string[]) => Readonly<Record<string, Tensor>>,
    targets: Readonly<Record<string, Tensor>>,
  ): Promise<Record<string, Tensor>>;
  close(): Promise<void>;
}

interface Program {
  readonly session: Session;
  /** Name in the graph by name in the session. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
  /** Names in the graph that no later program reads. */
  readonly readLast: readonly string[];
}

/** Sessions for `stages`; those that compute the same of different inputs, as equal layers do, share one. */
export async function createStages(
  runtime: Runtime,
  stages: readonly Readonly<Record<string, Value>>[],
  options: SessionOptions,
): Promise<Stages> {
  const sessions = new Map<string, Session>();
  const close = async (): Promise<void> => {
    for (const session of sessions.values()) await session.close();
  };
  const computed = new Set(stages.flatMap((outputs) => Object.keys(outputs)));
  const inputs = new Set<Value>();
  const parts: Omit<Program, "readLast">[] = [];
  const latin1 = new TextDecoder("latin1");
  for (const stage of stages) {
    const part = extract(Object.values(stage));
    const model = writeModel(part.outputs);
    const key = latin1.decode(model);
    let session = sessions.get(key);
    if (session === undefined) {
      session = await runtime.createSession(model, options);
      sessions.set(key, session);
    }
    const names = part.inputs.map(nameOf);
    for (const [index, input] of part.inputs.entries()) if (!computed.has(names[index])) inputs.add(input);
    // Of an input that is only asked for its size onnxruntime may need nothing.
    const taken = new Set(session.inputNames);
    parts.push({
      session,
      inputs: new Map(names.map((name, index) => [`i${index}`, name] as const).filter(([own]) => taken.has(own))),
      outputs: new Map(Object.keys(stage).map((name, index) => [`o${index}`, name])),
    });
  }
  const programs: readonly Program[] = parts.map((part, index) => {
    const later = new Set(parts.slice(index + 1).flatMap((other) => [...other.inputs.values()]));
    return { ...part, readLast: [...part.inputs.values()].filter((name) => !later.has(name)) };
  });

  return {
    inputs: [...inputs],
    async run(feeds, targets) {
      const results = new Map<string, Tensor>();
      for (const { session, inputs: reads, outputs, readLast } of programs) {
        const given = feeds([...reads.values()]);
        const tensors = Object.fromEntries(
          [...reads].map(([own, name]) => [own, results.get(name) ?? given[name]] as const),
        );
        const fetches = Object.fromEntries([...outputs].map(([own, name]) => [own, targets[name]]));
        const fetched = await session.run(tensors, fetches);
        for (const [own, name] of outputs) results.set(name, fetched[own]);
        for (const name of readLast) results.delete(name);
      }
      return Object.fromEntries(results);
    },
    close,
  };
}

function nameOf({ origin }: Value): string {
  return origin.kind === "input" ? origin.name : "";
}
