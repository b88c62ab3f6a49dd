import createClient from "openapi-fetch";

import { problemOf } from "./problem";
import type { components, paths } from "./schema";
import { authorizedFetch } from "./session";

export type Schemas = components["schemas"];
export type Ticket = Schemas["Ticket"];
export type Message = Schemas["Message"];
export type Person = Schemas["Person"];
export type TeamRef = Schemas["TeamRef"];
export type Me = Schemas["Me"];
export type Counts = Schemas["Counts"];
export type Decision = Schemas["Decision"];
export type Status = Schemas["Status"];
export type Priority = Schemas["Priority"];

/** The API, typed by its own OpenAPI document. */
export const api = createClient<paths>({ baseUrl: typeof location === "undefined" ? "" : location.origin, fetch: authorizedFetch });

/** The body of a good answer; anything else is thrown as `ApiError` or `UnreachableError`. */
export async function call<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await asked;
  if (!response.ok) throw problemOf(error, response);
  return data as T;
}
