/** Artifacts as the interface gives them. */
import { z } from "zod";

export const artifactRow = z.object({
  project: z.string(),
  name: z.string(),
  type: z.string(),
  version: z.string().describe("v0, v1, …"),
  aliases: z.array(z.string()),
  bytes: z.number(),
  createdAt: z.number().describe("milliseconds since 1970"),
  madeBy: z.string().optional().describe("id of the run"),
});
export type ArtifactRow = z.output<typeof artifactRow>;

export const artifactListQuery = z.object({
  project: z.string().optional(),
  type: z.string().optional(),
  name: z.string().optional(),
});
export const artifactList = z.object({ artifacts: z.array(artifactRow) });
export type ArtifactList = z.output<typeof artifactList>;

export const artifactQuery = z.object({
  project: z.string().optional().describe("where the reference names none"),
});
export const fileQuery = artifactQuery.extend({
  path: z.string().optional().describe("which file; may be left out where there is one"),
});

export const artifactDetails = artifactRow.extend({
  description: z.string(),
  digest: z.string(),
  metadata: z.record(z.string(), z.unknown()),
  usedBy: z.array(z.string()).describe("ids of runs"),
  files: z.array(z.object({ path: z.string(), hash: z.string().describe("SHA-256"), bytes: z.number() })),
});
export type ArtifactDetails = z.output<typeof artifactDetails>;

export const aliasChange = z.strictObject({
  set: z.string().max(128).optional().describe("an alias that this version gets, and another loses"),
  remove: z.string().max(128).optional().describe("an alias that it loses"),
});
export type AliasChange = z.input<typeof aliasChange>;

const runNode = z.object({
  kind: z.literal("run"),
  id: z.string(),
  name: z.string(),
  project: z.string(),
  jobType: z.string(),
});
const artifactNode = z.object({
  kind: z.literal("artifact"),
  id: z.number(),
  name: z.string(),
  project: z.string(),
  type: z.string(),
  version: z.string(),
});
export const lineage = z.object({
  nodes: z.array(z.discriminatedUnion("kind", [runNode, artifactNode])),
  edges: z.array(z.object({ run: z.string(), artifact: z.number(), how: z.enum(["made", "used"]) })),
  cut: z.boolean().describe("whether there is more"),
});
export type Lineage = z.output<typeof lineage>;
