/** Runs as one file, to send. */
import { z } from "zod";
import { reportFile } from "../node/report-file.js";
import { MOST_RECORDED } from "../record-runs.js";
import { defineRoute } from "../route.js";

export const reportRoutes = [
  defineRoute({
    method: "GET",
    path: "/api/report",
    summary: "the page of a run, or the comparison of several, as one HTML file that needs no server",
    query: z.object({ runs: z.array(z.string()).min(1).max(MOST_RECORDED).describe("ids of runs") }),
    async handle({ store }, { query: { runs } }) {
      const { html } = await reportFile(store, runs, Date.now());
      const name = runs.length === 1 ? "run" : "runs";
      return new Response(html, {
        headers: {
          "content-type": "text/html; charset=utf-8",
          "content-disposition": `attachment; filename="${name}.html"`,
          "cache-control": "no-store",
        },
      });
    },
  }),
];
