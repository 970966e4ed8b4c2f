/** Trying a classifier. */
import { defineRoute } from "../route.js";
import { modelAnswer, modelList, modelQuestion } from "../wire/models.js";

export const modelRoutes = [
  defineRoute({
    method: "GET",
    path: "/api/models",
    summary: "classifiers to try: those in the store, and those below the folder of the Studio",
    response: modelList,
    handle: ({ models }) => models.list(),
  }),
  defineRoute({
    method: "POST",
    path: "/api/models/ask",
    summary: "what a classifier says of a text, and which words speak for a class",
    body: modelQuestion,
    changesNothing: true,
    response: modelAnswer,
    handle: ({ models }, { body }, signal) => models.ask(body, signal),
  }),
];
