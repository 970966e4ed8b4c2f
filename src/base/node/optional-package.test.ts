import { expect, it } from "vitest";
import { loadOptional } from "./optional-package.js";

it("gives what is installed", async () => {
  expect(await loadOptional("tables", ["zod"], () => import("zod"))).toHaveProperty("z");
});

it("names the one command to run for what is not", async () => {
  const name = "textune-has-no-such-package";
  await expect(loadOptional("plots", [name, "zod"], () => import(/* @vite-ignore */ name))).rejects.toMatchObject({
    code: "E_PACKAGE",
    message: `plots: expected the packages ${name} and zod, got none; run npm install ${name} zod`,
  });
});

it("says why an installed one does not load", async () => {
  const load = (): Promise<never> => Promise.reject(new Error("wrong ELF class\nat dlopen"));
  await expect(loadOptional("tables", ["duck"], load)).rejects.toMatchObject({
    message: "tables: expected the package duck, got a failure to load: wrong ELF class; run npm install duck",
  });
});
