/** The options of the Studio, for the API and the command line. */
import { z } from "zod";

export const studioOptions = z.strictObject({
  host: z
    .string()
    .default("127.0.0.1")
    .describe("address to listen at; at another than this computer's own, pages ask for a token"),
  port: z.number().int().min(0).max(65_535).default(7860).describe("port; 0 for any that is free"),
  readOnly: z.boolean().default(false).describe("show everything and change nothing"),
});

export type StudioOptions = z.input<typeof studioOptions>;
