import { QueryClient } from "@tanstack/react-query";

/** What the server answered. Events say what changed: nothing else grows old. What was refused is refused again. */
export function keptAnswers(): QueryClient {
  // This computer answers without a network too.
  const networkMode = "always";
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: Number.POSITIVE_INFINITY, retry: false, networkMode },
      mutations: { networkMode },
    },
  });
}
