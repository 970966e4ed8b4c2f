/** What a page is set to, kept in its address: a link to it shows the same. */
import { useCallback, useMemo } from "react";
import { useSearchParams } from "wouter";

/**
 * Settings by name, as texts. One that has its default does not stand in the address.
 *
 * @example
 * const [{ sort, search }, change] = useAddressState({ sort: "-created", search: "" });
 * change({ search: "baseline" });
 */
export function useAddressState<T extends Readonly<Record<string, string>>>(
  defaults: T,
): [{ readonly [K in keyof T]: string }, (next: Partial<Record<keyof T, string>>) => void] {
  const [params, setParams] = useSearchParams();
  const names = Object.keys(defaults).join(" ");
  const text = params.toString();
  // biome-ignore lint/correctness/useExhaustiveDependencies: defaults are a constant written anew at every call
  const values = useMemo(() => {
    const given = new URLSearchParams(text);
    return Object.fromEntries(names.split(" ").map((name) => [name, given.get(name) ?? defaults[name]])) as {
      [K in keyof T]: string;
    };
  }, [text, names]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  const change = useCallback(
    (next: Partial<Record<keyof T, string>>) =>
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(next)) {
            if (value === undefined || value === defaults[name]) after.delete(name);
            else after.set(name, value as string);
          }
          return after;
        },
        { replace: true },
      ),
    [setParams],
  );
  return [values, change];
}

/** A list of names as one setting. */
export function joinNames(names: readonly string[]): string {
  return names.map(encodeURIComponent).join(",");
}

export function splitNames(text: string): string[] {
  return text === "" ? [] : text.split(",").map(decodeURIComponent);
}
