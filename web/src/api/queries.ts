import { MutationCache, QueryClient, useQuery } from "@tanstack/react-query";

import { keys } from "@/live/cache";

import { api, call } from "./client";
import { isPassing } from "./problem";

/**
 * Queries are kept true by events, not by age: what is loaded stays until somebody says that it changed. `failed` hears
 * of changes that did not work and say nothing of it themselves (`onError`).
 */
export function createQueryClient(failed: (error: Error) => void = () => undefined): QueryClient {
  return new QueryClient({
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, { options }) => {
        if (options.onError === undefined) failed(error);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        gcTime: 10 * 60_000,
        refetchOnWindowFocus: false,
        // Asked at once also when the browser believes to be offline: it is often wrong, and the error says more.
        networkMode: "always",
        retry: (count, error) => isPassing(error) && count < 4,
        retryDelay: (count) => Math.min(500 * 2 ** count, 5_000),
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}

/** The signed-in person, with what their screens need to know. */
export function useMe() {
  return useQuery({ queryKey: keys.me, queryFn: () => call(api.GET("/v1/me")) });
}
