/** What the page asks first. */
import { packageVersion } from "../../base/node/package-version.js";
import { defineRoute } from "../route.js";
import { studioFacts } from "../wire/studio.js";

export const studioRoutes = [
  defineRoute({
    method: "GET",
    path: "/api/studio",
    summary: "what this Studio shows, and whether it may change anything",
    response: studioFacts,
    handle: async ({ store, readOnly }) => ({ version: packageVersion(), store: store.name, readOnly }),
  }),
];
