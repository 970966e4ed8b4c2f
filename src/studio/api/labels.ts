/** Labelling a file. */
import { Problem } from "../../http/problem.js";
import { defineRoute } from "../route.js";
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
    handle: ({ labels }) => labels.files(),
  }),
  defineRoute({
    method: "GET",
    path: "/api/label/columns",
    summary: "the columns of a file",
    query: columnsQuery,
    response: fileColumns,
    handle: ({ labels }, { query }) => labels.columns(query.path),
  }),
  defineRoute({
    method: "POST",
    path: "/api/label/open",
    summary: "begin to label a file, or go on",
    body: openRequest,
    response: labelState,
    handle: ({ labels }, { body }) => labels.open(body),
  }),
  defineRoute({
    method: "GET",
    path: "/api/label",
    summary: "a file that is labelled: the next rows, how good the model is, what looks wrong",
    query: stateQuery,
    response: labelState,
    handle: async ({ labels }, { query }) => labels.state(query.path),
  }),
  defineRoute({
    method: "POST",
    path: "/api/label/decide",
    summary: "label a row, skip it, or say that nobody is sure; answered once it is on the disk",
    body: decideRequest,
    response: labelState,
    async handle({ labels }, { body: { path, row, action, label } }) {
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
    handle: ({ labels }, { body }) => labels.undo(body.path),
  }),
  defineRoute({
    method: "POST",
    path: "/api/label/strategy",
    summary: "choose which rows are asked for",
    body: strategyRequest,
    response: labelState,
    handle: async ({ labels }, { body }) => labels.choose(body.path, body.strategy),
  }),
  defineRoute({
    method: "POST",
    path: "/api/label/export",
    summary: "write the labelled rows to a file",
    body: exportRequest,
    response: exportAnswer,
    handle: ({ labels }, { body }) => labels.export(body.path, body.to, body.overwrite),
  }),
];
