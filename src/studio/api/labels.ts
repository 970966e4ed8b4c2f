/** Labelling a file. */
import { Problem } from "../../http/problem.js";
import { checkFilesShown } from "../check-files-shown.js";
import type { LabelDesk } from "../node/label-desk.js";
import { defineRoute, type Studio } from "../route.js";
import {
  columnsQuery,
  decideRequest,
  exportAnswer,
  exportRequest,
  fileColumns,
  labelFiles,
  labelState,
  openRequest,
  stateQuery,
  strategyRequest,
  undoRequest,
} from "../wire/labels.js";

export const labelRoutes = [
  defineRoute({
    method: "GET",
    path: "/api/label/files",
    summary: "files in the folder of the Studio that can be labelled, and the ways of choosing rows",
    response: labelFiles,
    handle: (studio) => deskOf(studio).files(),
  }),
  defineRoute({
    method: "GET",
    path: "/api/label/columns",
    summary: "the columns of a file",
    query: columnsQuery,
    response: fileColumns,
    handle: (studio, { query }) => deskOf(studio).columns(query.path),
  }),
  defineRoute({
    method: "POST",
    path: "/api/label/open",
    summary: "begin to label a file, or go on",
    body: openRequest,
    response: labelState,
    handle: (studio, { body }) => deskOf(studio).open(body),
  }),
  defineRoute({
    method: "GET",
    path: "/api/label",
    summary: "a file that is labelled: the next rows, how good the model is, what looks wrong",
    query: stateQuery,
    response: labelState,
    handle: async (studio, { query }) => deskOf(studio).state(query.path),
  }),
  defineRoute({
    method: "POST",
    path: "/api/label/decide",
    summary: "label a row, skip it, or say that nobody is sure; answered once it is on the disk",
    body: decideRequest,
    response: labelState,
    async handle(studio, { body: { path, row, action, label } }) {
      const labels = deskOf(studio);
      if (action !== "label") return labels.decide(path, row, { action });
      if (label === undefined) throw new Problem(400, "label: expected the name of a class, got none");
      return labels.decide(path, row, { action, label });
    },
  }),
  defineRoute({
    method: "POST",
    path: "/api/label/undo",
    summary: "take the latest decision back",
    body: undoRequest,
    response: labelState,
    handle: (studio, { body }) => deskOf(studio).undo(body.path),
  }),
  defineRoute({
    method: "POST",
    path: "/api/label/strategy",
    summary: "choose which rows are asked for",
    body: strategyRequest,
    response: labelState,
    handle: async (studio, { body }) => deskOf(studio).choose(body.path, body.strategy),
  }),
  defineRoute({
    method: "POST",
    path: "/api/label/export",
    summary: "write the labelled rows to a file",
    body: exportRequest,
    response: exportAnswer,
    handle: (studio, { body }) => deskOf(studio).export(body.path, body.to, body.overwrite),
  }),
];

function deskOf(studio: Studio): LabelDesk {
  checkFilesShown(studio);
  return studio.labels;
}
