/** Who works here: for menus, and for the names of those whom only an id tells of. */
import { useQuery } from "@tanstack/react-query";

import { useMe } from "@/api/queries";
import { api, call, type Schemas } from "@/api/client";
import { keys } from "@/live/cache";

export type User = Schemas["User"];

/** Names and limits change rarely; what is this old is asked for again with the next screen. */
const GOOD_FOR_MS = 5 * 60_000;
const STAFF = "admin,supervisor,team_leader,agent";
const NOBODY: User[] = [];
const NO_TEAMS: Schemas["Team"][] = [];
const NO_QUEUES: Schemas["Queue"][] = [];

export function useMay(permission: Schemas["Permission"]): boolean {
  return useMe().data?.permissions.includes(permission) ?? false;
}

/** Staff, by name; empty for who may not list people. */
export function usePeople(): User[] {
  const enabled = useMay("users.view");
  return useQuery({ queryKey: ["people"], queryFn: allStaff, enabled, staleTime: GOOD_FOR_MS }).data ?? NOBODY;
}

async function allStaff(): Promise<User[]> {
  const people: User[] = [];
  let cursor: string | null = null;
  do {
    const query: { role: string; limit: number; cursor?: string } = { role: STAFF, limit: 100, ...(cursor === null ? {} : { cursor }) };
    const page: Schemas["Page_User"] = await call(api.GET("/v1/users", { params: { query } }));
    people.push(...page.items);
    cursor = page.next_cursor ?? null;
  } while (cursor !== null);
  return people.sort((a, b) => a.name.localeCompare(b.name));
}

export function useTeams(): Schemas["Team"][] {
  const enabled = useMay("teams.view");
  const teams = async () => (await call(api.GET("/v1/teams"))).items;
  return useQuery({ queryKey: ["teams"], queryFn: teams, enabled, staleTime: GOOD_FOR_MS }).data ?? NO_TEAMS;
}

/** How the queues stand; asked for only when `wanted`. */
export function useQueues(wanted: boolean): Schemas["Queue"][] {
  const enabled = useMay("queues.view") && wanted;
  const queues = async () => (await call(api.GET("/v1/queues"))).items;
  return useQuery({ queryKey: keys.queues, queryFn: queues, enabled }).data ?? NO_QUEUES;
}
