/** The Studio's page. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Shell } from "./shell/shell.js";
import { applyTheme, storedTheme } from "./shell/theme.js";
import "./style/base.css";
import "./style/shell.css";
import "./style/parts.css";
import "./style/curves.css";

applyTheme(storedTheme());

const client = new QueryClient({
  defaultOptions: {
    // Events say what changed: nothing else grows old. What was refused is refused again.
    queries: { staleTime: Number.POSITIVE_INFINITY, retry: false },
  },
});

const place = document.getElementById("page");
if (place !== null)
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Shell />
      </QueryClientProvider>
    </StrictMode>,
  );
