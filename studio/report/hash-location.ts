/**
 * Where the reader of a file is: path and settings both stand behind the "#", the only part of a file's address that a
 * page may change.
 */
import { useSyncExternalStore } from "react";
import type { BaseLocationHook, BaseSearchHook } from "wouter";

const listeners = new Set<() => void>();
addEventListener("hashchange", () => {
  for (const listener of listeners) listener();
});

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const whole = (): string => location.hash.replace(/^#/, "");
const pathNow = (): string => whole().split("?")[0] || "/";
const searchNow = (): string => whole().split("?")[1] ?? "";

function go(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (!replace) {
    location.hash = to;
    return;
  }
  history.replaceState(null, "", `#${to}`);
  for (const listener of listeners) listener();
}

export const useHashLocation: BaseLocationHook = () => [useSyncExternalStore(listen, pathNow), go];
export const useHashSearch: BaseSearchHook = () => useSyncExternalStore(listen, searchNow);
export const hashHref = (href: string): string => `#${href}`;
