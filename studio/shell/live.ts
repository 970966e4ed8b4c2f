/** Events of the server: what they say has changed is asked for again. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { RunList } from "../../src/studio/wire/runs.js";
import type { RunsEvent } from "../../src/studio/wire/studio.js";
import { ask, type Query } from "../asking.js";

const RUNS = "/api/runs";
/** What hangs on runs without naming them. */
const FOLLOWING = ["/api/sweeps", "/api/artifacts", "/api/data"];
/** So many at once are asked for all together. */
const MOST = 100;

/** Listens while the page is open; says whether the connection stands. */
export function useLive(): boolean {
  const client = useQueryClient();
  const [connected, setConnected] = useState(true);
  useEffect(() => {
    const source = new EventSource("/api/events");
    let lost = false;
    source.onopen = () => {
      setConnected(true);
      // What happened meanwhile nobody told.
      if (lost) void client.invalidateQueries();
      lost = false;
    };
    source.onerror = () => {
      lost = true;
      setConnected(false);
    };
    source.addEventListener("runs", ({ data }: MessageEvent<string>) => {
      void refresh(client, JSON.parse(data) as RunsEvent);
    });
    return () => source.close();
  }, [client]);
  return connected;
}

async function refresh(client: QueryClient, { changed, removed }: RunsEvent): Promise<void> {
  const ids = new Set([...changed, ...removed]);
  void client.invalidateQueries({
    predicate({ queryKey: [path, query] }) {
      if (path === RUNS) return false;
      if (FOLLOWING.some((one) => String(path).startsWith(one))) return true;
      const named = String(path)
        .split("/")
        .some((part) => ids.has(decodeURIComponent(part)));
      return (
        named ||
        Object.values((query ?? {}) as Query).some((value) => [value].flat().some((one) => ids.has(String(one))))
      );
    },
  });
  const lists = client.getQueryCache().findAll({ queryKey: [RUNS] });
  if (lists.length === 0) return;
  if (removed.length > 0 || changed.length > MOST) return client.invalidateQueries({ queryKey: [RUNS] });
  const { runs } = await ask<RunList>(RUNS, { query: { ids: changed, archived: "with" } }).catch(() => ({ runs: [] }));
  for (const { queryKey } of lists) {
    client.setQueryData<RunList>(queryKey, (list) => {
      if (list === undefined) return list;
      const known = new Set(list.runs.map(({ id }) => id));
      const fresh = new Map(runs.map((run) => [run.id, run]));
      const added = runs.filter(({ id }) => !known.has(id));
      return {
        runs: [...added, ...list.runs.map((run) => fresh.get(run.id) ?? run)],
        total: list.total + added.length,
      };
    });
  }
}
