/** The Studio's page. */
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { keptAnswers } from "./shell/kept-answers.js";
import { Shell } from "./shell/shell.js";
import { applyTheme, storedTheme } from "./shell/theme.js";
import "./style/base.css";
import "./style/shell.css";
import "./style/parts.css";
import "./style/curves.css";

applyTheme(storedTheme());

const place = document.getElementById("page");
if (place !== null)
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={keptAnswers()}>
        <Shell />
      </QueryClientProvider>
    </StrictMode>,
  );
