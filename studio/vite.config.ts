import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The page of `textune studio`: `npm run build` puts it into the package. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL("../dist/studio/page", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    // All of it comes from this computer, and inline styles or images would break the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // `npx vite studio` beside a running `textune studio`.
  server: { proxy: { "/api": "http://127.0.0.1:7860" } },
});
