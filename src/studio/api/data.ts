/** The data sets that runs used, and what is in them. */
import { fail } from "../../base/errors.js";
import { listDataSets, type RecordedDataSet } from "../../tracking/queries/data-sets.js";
import type { Store } from "../../tracking/store/node/open-store.js";
import { reportOf, sourceOf } from "../node/recorded-data.js";
import { stateOf } from "../node/recorded-parts.js";
import { defineRoute } from "../route.js";
import { type DataSetRow, dataSetList, dataSetReport } from "../wire/data.js";

export const dataRoutes = [
  defineRoute({
    method: "GET",
    path: "/api/data",
    summary: "the data sets that runs were trained on, those used last first",
    response: dataSetList,
    handle: async ({ store }) => ({ sets: (await listDataSets(store)).map(rowOf) }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/data/{set}",
    summary: "what is in a data set, named by its fingerprint or the id of a run that used it",
    response: dataSetReport,
    async handle({ store, signal }, { params }) {
      const set = await findDataSet(store, params.set);
      return { ...rowOf(set), ...(await reportOf(set, signal)) };
    },
  }),
];

function rowOf(set: RecordedDataSet): DataSetRow {
  const { fingerprint, parts, runs } = set;
  return {
    fingerprint,
    source: sourceOf(set),
    parts: parts.map(({ name, rows }) => ({ name, rows })),
    runs: [...runs],
    state: stateOf(set),
  };
}

async function findDataSet(store: Store, asked: string): Promise<RecordedDataSet> {
  const sets = await listDataSets(store);
  const found = sets.find(({ fingerprint, runs }) => fingerprint === asked || runs.some(({ id }) => id === asked));
  return (
    found ??
    fail("E_STORE", {
      where: `data ${JSON.stringify(asked.slice(0, 100))}`,
      expected: "the fingerprint of data that a run used, or the run's id",
      got: "none that has it",
    })
  );
}
