/** Runs: the list, one of them, and what a person writes on it. */
import { setArchived, setName, setNotes, setTags } from "../../tracking/change-runs.js";
import { findRun, listRuns } from "../../tracking/queries/runs.js";
import { defineRoute } from "../route.js";
import { detailsOf } from "../run-details.js";
import { runChange, runDetails, runList, runListQuery, runRow } from "../wire/runs.js";

export const runRoutes = [
  defineRoute({
    method: "GET",
    path: "/api/runs",
    summary: "the recorded runs, the newest first",
    query: runListQuery,
    response: runList,
    handle: ({ store }, { query }) => listRuns(store, query),
  }),
  defineRoute({
    method: "GET",
    path: "/api/runs/{id}",
    summary: "all that is known of a run but points, rows and lines",
    response: runDetails,
    handle: ({ store }, { params }) => detailsOf(store, params.id),
  }),
  defineRoute({
    method: "PATCH",
    path: "/api/runs/{id}",
    summary: "rename a run, write notes or tags on it, put it aside",
    body: runChange,
    response: runRow,
    async handle({ store }, { params, body: { name, notes, tags, archived } }) {
      const { id } = await findRun(store, params.id);
      if (notes !== undefined) await setNotes(store, id, notes);
      if (name !== undefined) await setName(store, id, name);
      if (tags !== undefined) await setTags(store, id, tags);
      if (archived !== undefined) await setArchived(store, [id], archived);
      return findRun(store, id);
    },
  }),
];
