import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const place = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * `npm run build` puts both into the package: the page of `textune studio`, and in the mode "report" the script and the
 * style of a report, one file each, for they stand inside it.
 */
export default defineConfig(({ mode }) => ({
  root: place("."),
  plugins: [react()],
  publicDir: mode === "report" ? false : "public",
  build: {
    emptyOutDir: true,
    target: "es2023",
    // All of it comes from this computer, and inline styles or images would break the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    ...(mode === "report"
      ? {
          outDir: place("../dist/studio/report"),
          cssCodeSplit: false,
          rolldownOptions: {
            input: place("report/main.tsx"),
            output: { format: "iife", entryFileNames: "report.js", assetFileNames: "report[extname]" },
          },
        }
      : { outDir: place("../dist/studio/page") }),
  },
  // `npx vite studio` beside a running `textune studio`.
  server: { proxy: { "/api": "http://127.0.0.1:7860" } },
}));
