/** Curves: lowest and highest value of each pixel, of the part that is looked at. */
import { listMetricNames } from "../../tracking/queries/metric-names.js";
import { curveOf } from "../curve-of.js";
import { defineRoute } from "../route.js";
import { curveList, curveQuery, metricList, metricQuery } from "../wire/curves.js";

export const curveRoutes = [
  defineRoute({
    method: "GET",
    path: "/api/metrics",
    summary: "the metrics that some of the runs have",
    query: metricQuery,
    response: metricList,
    handle: async ({ store }, { query }) => ({ metrics: await listMetricNames(store, query.runs) }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/curves",
    summary: "the curves of a metric, or a part of them; runs without it are left out",
    query: curveQuery,
    response: curveList,
    async handle({ store }, { query }) {
      const curves = await Promise.all(query.runs.map((run) => curveOf(store, run, query)));
      return { curves: curves.filter((one) => one !== undefined) };
    },
  }),
];
