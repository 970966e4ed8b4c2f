/** Correcting labels of what a run was trained on, and training again. */
import { checkFilesShown } from "../check-files-shown.js";
import type { CorrectionDesk } from "../node/correction-desk.js";
import { defineRoute, type Studio } from "../route.js";
import {
  correctedExport,
  correctionState,
  exportedRows,
  lookAnswer,
  lookRequest,
  relabelRequest,
  retrainRequest,
} from "../wire/corrections.js";
import { trainingAnswer } from "../wire/trainings.js";

export const correctionRoutes = [
  defineRoute({
    method: "GET",
    path: "/api/corrections/{run}",
    summary: "the classes of a run's data, and the labels that were corrected; or why none can be",
    response: correctionState,
    handle: (studio, { params }) => deskOf(studio).state(params.run),
  }),
  defineRoute({
    method: "POST",
    path: "/api/corrections/{run}/look",
    summary: "the rows of a text, and the training texts that the run's classifier takes for most like it",
    body: lookRequest,
    changesNothing: true,
    response: lookAnswer,
    handle: (studio, { params, body }) => deskOf(studio).look(params.run, body),
  }),
  defineRoute({
    method: "POST",
    path: "/api/corrections/{run}/relabel",
    summary: "say what the class of a row is; the label of the data takes that back; answered once it is on the disk",
    body: relabelRequest,
    response: correctionState,
    async handle(studio, { params, body }) {
      const desk = deskOf(studio);
      await desk.relabel(params.run, body);
      return desk.state(params.run);
    },
  }),
  defineRoute({
    method: "POST",
    path: "/api/corrections/{run}/export",
    summary: "write the data with the corrected labels to a file of its own",
    body: correctedExport,
    response: exportedRows,
    handle: (studio, { params, body }) => deskOf(studio).export(params.run, body.to, body.overwrite),
  }),
  defineRoute({
    method: "POST",
    path: "/api/corrections/{run}/train",
    summary: "train as the run did, with the corrected labels, in a process of its own",
    body: retrainRequest,
    response: trainingAnswer,
    async handle(studio, { params, body }) {
      return { ...(await deskOf(studio).retrain(params.run, body.output)), recorded: false };
    },
  }),
];

function deskOf(studio: Studio): CorrectionDesk {
  checkFilesShown(studio);
  return studio.corrections;
}
