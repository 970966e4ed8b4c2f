/** Where artifacts come from and where they go: runs that made them, runs that used them, and on from there. */
import type { Store } from "../store/node/open-store.js";

export type LineageNode =
  | {
      readonly kind: "run";
      readonly id: string;
      readonly name: string;
      readonly project: string;
      readonly jobType: string;
    }
  | {
      readonly kind: "artifact";
      /** Of the version. */
      readonly id: number;
      readonly name: string;
      readonly project: string;
      readonly type: string;
      /** "v0", "v1", … */
      readonly version: string;
    };

/** From what was there first to what came of it: a run makes an artifact, a run uses one. */
export interface LineageEdge {
  readonly run: string;
  readonly artifact: number;
  readonly how: "made" | "used";
}

export interface Lineage {
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
  /** Whether there is more than was read. */
  readonly cut: boolean;
}

/** Nodes after which it is no picture any more. */
const MOST_NODES = 500;

/** All that hangs together with a run or a version of an artifact, by any number of steps. */
export async function readLineage(
  store: Store,
  start: { readonly run: string } | { readonly artifact: number },
): Promise<Lineage> {
  const runs = new Set<string>("run" in start ? [start.run] : []);
  const versions = new Set<number>("artifact" in start ? [start.artifact] : []);
  const edges = new Map<string, LineageEdge>();
  let [newRuns, newVersions] = [[...runs], [...versions]];
  while (newRuns.length + newVersions.length > 0 && runs.size + versions.size < MOST_NODES) {
    const [nextRuns, nextVersions]: [string[], number[]] = [[], []];
    for (const edge of await edgesOf(store, newRuns, newVersions)) {
      edges.set(`${edge.run} ${edge.artifact} ${edge.how}`, edge);
      if (!runs.has(edge.run)) nextRuns.push(edge.run);
      if (!versions.has(edge.artifact)) nextVersions.push(edge.artifact);
      runs.add(edge.run);
      versions.add(edge.artifact);
    }
    [newRuns, newVersions] = [nextRuns, nextVersions];
  }
  return {
    nodes: await nodesOf(store, [...runs], [...versions]),
    edges: [...edges.values()],
    cut: newRuns.length + newVersions.length > 0,
  };
}

/** What a run made and used, and who made and used a version. */
async function edgesOf(
  { db }: Store,
  runs: readonly string[],
  versions: readonly number[],
): Promise<readonly LineageEdge[]> {
  const [inRuns, inVersions] = [runs.length === 0 ? [""] : runs, versions.length === 0 ? [-1] : versions];
  const made = await db
    .selectFrom("artifact_versions")
    .select(["run_id", "id"])
    .where("run_id", "is not", null)
    .where(({ or, eb }) => or([eb("run_id", "in", inRuns), eb("id", "in", inVersions)]))
    .execute();
  const used = await db
    .selectFrom("artifact_uses")
    .select(["run_id", "version_id"])
    .where(({ or, eb }) => or([eb("run_id", "in", inRuns), eb("version_id", "in", inVersions)]))
    .execute();
  return [
    ...made.map(({ run_id, id }) => ({ run: run_id as string, artifact: id, how: "made" as const })),
    ...used.map(({ run_id, version_id }) => ({ run: run_id, artifact: version_id, how: "used" as const })),
  ];
}

async function nodesOf(
  { db }: Store,
  runs: readonly string[],
  versions: readonly number[],
): Promise<readonly LineageNode[]> {
  const [found, artifacts] = await Promise.all([
    runs.length === 0
      ? []
      : db.selectFrom("runs").select(["id", "name", "project", "job_type"]).where("id", "in", runs).execute(),
    versions.length === 0
      ? []
      : db
          .selectFrom("artifact_versions")
          .innerJoin("artifacts", "artifacts.id", "artifact_versions.artifact_id")
          .select(["artifact_versions.id", "artifacts.name", "project", "type", "version"])
          .where("artifact_versions.id", "in", versions)
          .execute(),
  ]);
  return [
    ...found.map(({ job_type, ...run }) => ({ kind: "run" as const, ...run, jobType: job_type })),
    ...artifacts.map(({ version, ...one }) => ({ kind: "artifact" as const, ...one, version: `v${version}` })),
  ];
}
