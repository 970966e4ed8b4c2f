/** Sweeps: the list, and one with its trials. */
import type { Parameter } from "../../search/space.js";
import { importanceIn, listSweeps, summarizeSweep } from "../../tracking/queries/sweeps.js";
import { findSweep, listTrials } from "../../tracking/sweeps/trials.js";
import { defineRoute } from "../route.js";
import { sweepDetails, sweepList, sweepListQuery } from "../wire/sweeps.js";

/** So many choices each have a tick; of more, and of a range, some. */
const MOST_TICKS = 8;
const SHARES = [0, 0.25, 0.5, 0.75, 1];

export const sweepRoutes = [
  defineRoute({
    method: "GET",
    path: "/api/sweeps",
    summary: "the sweeps, the newest first",
    query: sweepListQuery,
    response: sweepList,
    handle: async ({ store }, { query }) => ({ sweeps: [...(await listSweeps(store, query.project))] }),
  }),
  defineRoute({
    method: "GET",
    path: "/api/sweeps/{id}",
    summary: "a sweep with its trials, and which parameters matter",
    response: sweepDetails,
    async handle({ store }, { params }) {
      const sweep = await findSweep(store, params.id);
      const trials = await listTrials(store, sweep.id);
      return {
        ...summarizeSweep(sweep, trials),
        axes: sweep.space.map((parameter) => ({ name: parameter.name, ticks: ticksOf(parameter) })),
        trials: trials.map((trial) => ({
          ...trial,
          places: sweep.space.map(({ name, dimension }) =>
            name in trial.setting ? dimension.rank(trial.setting[name] as never) : null,
          ),
        })),
        importance: importanceIn(sweep, trials),
      };
    },
  }),
];

function ticksOf({ dimension }: Parameter): { readonly at: number; readonly value: unknown }[] {
  const { choices } = dimension;
  if (choices !== undefined && choices.length <= MOST_TICKS)
    return choices.map((value) => ({ at: dimension.rank(value), value }));
  return SHARES.map((at) => ({ at, value: dimension.at(Math.min(at, 1 - 1e-9)) }));
}
