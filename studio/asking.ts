/** Questions to the Studio's server. Types of answers come from the schemas in src/studio/wire. */
import { keepPreviousData, type UseQueryResult, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

export type QueryValue = string | number | boolean | readonly string[] | undefined;
export type Query = Readonly<Record<string, QueryValue>>;

/** What the server says where it refuses; the message is a sentence to show. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Question {
  readonly method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly query?: Query;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

let recorded: ((path: string, query: Query) => unknown) | undefined;

/** Has `answer` give every answer from now on, in the place of a server. */
export function answerFrom(answer: (path: string, query: Query) => unknown): void {
  recorded = answer;
}

/** @throws Refusal with what to tell the reader */
export async function ask<T>(path: string, { method = "GET", query = {}, body, signal }: Question = {}): Promise<T> {
  if (recorded !== undefined) return recorded(path, query) as T;
  const response = await fetch(addressOf(path, query), {
    method,
    ...(signal === undefined ? {} : { signal }),
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  }).catch((error: Error) => {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, "The Studio does not answer. Is textune studio still running?");
  });
  const answer = (await response.json().catch(() => ({}))) as T & { error?: string };
  if (!response.ok) throw new Refusal(response.status, answer.error ?? `The Studio answered ${response.status}.`);
  return answer;
}

/** The address of a question, such as one to put behind a link. */
export function addressOf(path: string, query: Query = {}): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) asked.append(name, String(one));
  }
  const text = asked.toString();
  return text === "" ? path : `${path}?${text}`;
}

export interface ApiOptions<T> {
  readonly enabled?: boolean;
  /** Milliseconds after which an answer is asked for again though no event speaks of it; undefined for never. */
  readonly every?: (answer: T) => number | undefined;
}

/** How an answer is kept, and how it is asked for: one that two parts of the page ask for is asked for once. */
export function keptAnswer<T>(path: string, query: Query = {}) {
  return {
    queryKey: [path, query],
    queryFn: ({ signal }: { readonly signal: AbortSignal }): Promise<T> => ask<T>(path, { query, signal }),
  };
}

/** An answer that is kept, and asked for again when a run in it changed. What was there stays while the next one comes. */
export function useApi<T>(
  path: string,
  query: Query = {},
  { enabled = true, every }: ApiOptions<T> = {},
): UseQueryResult<T, Refusal> {
  return useQuery<T, Refusal>({
    ...keptAnswer<T>(path, query),
    placeholderData: keepPreviousData,
    enabled,
    ...(every === undefined
      ? {}
      : { refetchInterval: ({ state }) => (state.data !== undefined && every(state.data)) || false }),
  });
}

/** A request that changes something; afterwards what begins with one of `paths` is asked for again. */
export function useChange<B>(path: string, method: "POST" | "PATCH" | "PUT" | "DELETE", paths: readonly string[] = []) {
  const client = useQueryClient();
  return useMutation<unknown, Refusal, B>({
    mutationFn: (body) => ask(path, { method, body }),
    // One after the other: what was said last stands.
    scope: { id: path },
    onSettled: () =>
      client.invalidateQueries({
        predicate: ({ queryKey }) => paths.some((one) => String(queryKey[0]).startsWith(one)),
      }),
  });
}
