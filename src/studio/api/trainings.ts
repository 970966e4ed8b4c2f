/** Trainings started from the page: files to choose from, the form, start and stop. */
import { Problem } from "../../http/problem.js";
import { listRuns } from "../../tracking/queries/runs.js";
import { checkFilesShown } from "../check-files-shown.js";
import { listFiles, previewFile } from "../node/data-files.js";
import type { Trainings } from "../node/trainings.js";
import { defineRoute, type Studio } from "../route.js";
import {
  dataPreview,
  fileList,
  filesQuery,
  previewQuery,
  type Training,
  trainingAnswer,
  trainingList,
  trainingStart,
} from "../wire/trainings.js";

export const trainingRoutes = [
  defineRoute({
    method: "GET",
    path: "/api/files",
    summary: "what stands in the folder that the Studio was started in, or in one below",
    query: filesQuery,
    response: fileList,
    handle: (studio, { query }) => listFiles(trainingsOf(studio).folder, query.folder ?? "."),
  }),
  defineRoute({
    method: "GET",
    path: "/api/files/preview",
    summary: "the columns and first rows of a file there",
    query: previewQuery,
    response: dataPreview,
    handle: (studio, { query }) => previewFile(trainingsOf(studio).folder, query.path),
  }),
  defineRoute({
    method: "GET",
    path: "/api/trainings",
    summary: "the options of a training as a form, and the trainings that were started from here",
    response: trainingList,
    async handle(studio) {
      const { trainings, readOnly } = studio;
      return {
        canStart: trainings !== undefined && !readOnly,
        folder: trainings?.folder ?? "",
        form: trainings?.form ?? [],
        trainings: await withRuns(studio, trainings?.list() ?? []),
      };
    },
  }),
  defineRoute({
    method: "POST",
    path: "/api/trainings",
    summary: "start a training, in a process of its own",
    body: trainingStart,
    response: trainingAnswer,
    handle: async (studio, { body }) => ({ ...(await trainingsOf(studio).start(body)), recorded: false }),
  }),
  defineRoute({
    method: "POST",
    path: "/api/trainings/{training}/stop",
    summary: "stop a training after its step; asked again, at once",
    response: trainingAnswer,
    async handle(studio, { params }) {
      const stopped = trainingsOf(studio).stop(params.training);
      return (await withRuns(studio, [stopped]))[0] as Training;
    },
  }),
];

function trainingsOf(studio: Studio): Trainings {
  checkFilesShown(studio);
  const { trainings } = studio;
  if (trainings === undefined)
    throw new Problem(404, "Studio: expected one that was started by textune studio; only that starts trainings");
  return trainings;
}

async function withRuns({ store }: Studio, all: readonly Omit<Training, "recorded">[]): Promise<Training[]> {
  if (all.length === 0) return [];
  const { runs } = await listRuns(store, { ids: all.map(({ id }) => id), archived: "with", limit: all.length });
  const recorded = new Set(runs.map(({ id }) => id));
  return all.map((one) => ({ ...one, lines: [...one.lines], recorded: recorded.has(one.id) }));
}
