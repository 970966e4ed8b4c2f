/** Artifacts: their versions, files, aliases, and where they come from. */
import { fail } from "../../base/errors.js";
import { removeAlias, setAlias } from "../../tracking/artifacts/change-aliases.js";
import { findArtifact, type StoredArtifact } from "../../tracking/artifacts/find-artifact.js";
import { listArtifacts } from "../../tracking/artifacts/list-artifacts.js";
import { readLineage } from "../../tracking/queries/lineage.js";
import { defineRoute } from "../route.js";
import {
  aliasChange,
  artifactDetails,
  artifactList,
  artifactListQuery,
  artifactQuery,
  fileQuery,
  lineage,
} from "../wire/artifacts.js";

export const artifactRoutes = [
  defineRoute({
    method: "GET",
    path: "/api/artifacts",
    summary: "all versions of all artifacts, the newest of each first",
    query: artifactListQuery,
    response: artifactList,
    handle: async ({ store }, { query }) => ({ artifacts: [...(await listArtifacts(store, query))] }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/artifacts/{artifact}",
    summary: "a version by name, name:v3, name:best or project/name:latest",
    query: artifactQuery,
    response: artifactDetails,
    handle: ({ store }, { params, query }) => findArtifact(store, params.artifact, query.project),
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/artifacts/{artifact}",
    summary: "give a version an alias, or take one from it",
    query: artifactQuery,
    body: aliasChange,
    response: artifactDetails,
    async handle({ store }, { params, query, body: { set, remove } }) {
      const found = await findArtifact(store, params.artifact, query.project);
      if (set !== undefined) await setAlias(store, found, set);
      if (remove !== undefined) await removeAlias(store, found, remove);
      return findArtifact(store, `${found.project}/${found.name}:${found.version}`);
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/artifacts/{artifact}/lineage",
    summary: "runs that made and used a version, and what they made and used, and so on",
    query: artifactQuery,
    response: lineage,
    async handle({ store }, { params, query }) {
      const { id } = await findArtifact(store, params.artifact, query.project);
      return readLineage(store, { artifact: id });
    },
  }),
  defineRoute({
    method: "GET",
    path: "/api/artifacts/{artifact}/file",
    summary: "a file of a version, whole and verified, or cut off",
    query: fileQuery,
    async handle({ store }, { params, query }) {
      const found = await findArtifact(store, params.artifact, query.project);
      const { path, hash, bytes } = fileOf(found, query.path);
      const content = store.blobs.read(hash)[Symbol.asyncIterator]();
      // What is missing is said before anything is sent.
      const first = await content.next();
      return new Response(streamOf(first, content), {
        headers: {
          "content-type": "application/octet-stream",
          "content-length": String(bytes),
          "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(path.split("/").at(-1) ?? path)}`,
          "cache-control": "no-store",
        },
      });
    },
  }),
];

/** Files are found by their names in the store: a path leads nowhere else. */
function fileOf({ name, version, files }: StoredArtifact, path: string | undefined): StoredArtifact["files"][number] {
  const found = path === undefined && files.length === 1 ? files[0] : files.find((file) => file.path === path);
  return (
    found ??
    fail("E_STORE", {
      where: `artifact ${name}:${version}, path`,
      expected: "one of its files",
      got: path === undefined ? "none" : JSON.stringify(path.slice(0, 200)),
    })
  );
}

/**
 * Each piece is sent once the next is there. The store says at the end whether the content is what was put: where it is
 * not, the last piece is never sent, and no browser keeps the file.
 */
function streamOf(
  first: IteratorResult<Uint8Array, unknown>,
  rest: AsyncIterator<Uint8Array, unknown>,
): ReadableStream<Uint8Array> {
  let held = first;
  return new ReadableStream({
    async pull(controller) {
      if (held.done === true) return controller.close();
      const next = await rest.next();
      controller.enqueue(held.value);
      held = next;
      if (next.done === true) controller.close();
    },
    async cancel() {
      await rest.return?.();
    },
  });
}
