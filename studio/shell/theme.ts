/** Light, dark, or as the system has it. */
import { useSyncExternalStore } from "react";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
const KEY = "textune-theme";
const listeners = new Set<() => void>();
const system = matchMedia("(prefers-color-scheme: dark)");

/** What was chosen last, here where the browser keeps nothing. */
let chosen: string | null = null;

export function storedTheme(): Theme {
  try {
    chosen = localStorage.getItem(KEY);
  } catch {
    // A file that is shown inside another page may keep nothing.
  }
  return THEMES.find((theme) => theme === chosen) ?? "system";
}

export function applyTheme(theme: Theme): void {
  document.documentElement.style.colorScheme = theme === "system" ? "light dark" : theme;
}

export function chooseTheme(theme: Theme): void {
  chosen = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // As above.
  }
  applyTheme(theme);
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  system.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    system.removeEventListener("change", listener);
  };
}

export function useTheme(): Theme {
  return useSyncExternalStore(listen, storedTheme);
}

/** Whether the page is dark now: what is drawn on a canvas is drawn again when it changes. */
export function useIsDark(): boolean {
  return useSyncExternalStore(listen, () => {
    const theme = storedTheme();
    return theme === "system" ? system.matches : theme === "dark";
  });
}
