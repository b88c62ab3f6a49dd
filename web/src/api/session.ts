import { noteAnswer, health } from "./health";
import { problemOf, ApiError, UnreachableError } from "./problem";
import type { components } from "./schema";
import { createStore } from "./store";

type Tokens = components["schemas"]["Tokens"];
type Person = components["schemas"]["Person"];

/** Why one is signed out, where it was not one's own wish. */
export type EndReason = "revoked" | "expired";

export type SessionState =
  | { status: "starting" }
  | { status: "unreachable" }
  | { status: "out"; reason: EndReason | null }
  | { status: "in"; user: Person };

/** The sign-in of this browser. The refresh token is in a cookie that scripts cannot read. */
export const session = createStore<SessionState>({ status: "starting" });

/** Says that there may be a cookie: without it a first visit asks for nothing that would be refused. */
const HINT = "baton:signed-in";
/** An access token is renewed when it has less than this to live. */
const MARGIN_MS = 30_000;

const tabs = new BroadcastChannel("baton:session");
let access: { token: string; expiresAt: number } | null = null;
let renewing: Promise<string> | null = null;

tabs.onmessage = ({ data }: MessageEvent<{ kind: "in" } | { kind: "out"; reason: EndReason | null }>) => {
  if (data.kind === "out") forget(data.reason);
  else if (session.get().status === "out") void restore();
};

/** Continues the sign-in of an earlier visit, if there is one. */
export async function restore(): Promise<void> {
  if (localStorage.getItem(HINT) === null) {
    session.set({ status: "out", reason: null });
    return;
  }
  try {
    await renew();
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem.status >= 500) session.set({ status: "unreachable" });
  }
}

export async function signIn(organization: string, email: string, password: string): Promise<void> {
  keep(await post("login", { organization, email, password, transport: "cookie" }));
  tabs.postMessage({ kind: "in" });
}

export async function signOut(): Promise<void> {
  try {
    await post("logout", {});
  } catch (error) {
    // Already ended there; anything else must be known, or the cookie would sign in again.
    if (!(error instanceof ApiError && error.problem.status === 401)) throw error;
  }
  end(null);
}

/** Forgets the sign-in here and in the other tabs. */
export function end(reason: EndReason | null): void {
  forget(reason);
  tabs.postMessage({ kind: "out", reason });
}

/** An access token that is good for a while. */
export function accessToken(): Promise<string> {
  if (access !== null && access.expiresAt - Date.now() > MARGIN_MS) return Promise.resolve(access.token);
  return renew();
}

/** A fresh access token, whatever the old one says of itself. */
export function renew(): Promise<string> {
  if (renewing !== null) return renewing;
  // One tab at a time: the cookie is good once.
  const asked = async () => await navigator.locks.request("baton:renew", exchange);
  renewing = asked().finally(() => {
    renewing = null;
  });
  return renewing;
}

async function exchange(): Promise<string> {
  try {
    keep(await post("refresh", {}));
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 401) {
      end(error.code === "unauthenticated" || error.code === "expired_token" ? "expired" : "revoked");
    }
    throw error;
  }
  return access?.token ?? "";
}

/** `fetch` as the signed-in person; a token that has run out on the way is renewed once. */
export async function authorizedFetch(request: Request): Promise<Response> {
  const again = request.clone();
  const answer = await send(request, await accessToken());
  if (answer.status !== 401) return answer;
  return send(again, await renew());
}

async function send(request: Request, token: string): Promise<Response> {
  request.headers.set("authorization", `Bearer ${token}`);
  return reach(request);
}

/** `fetch` that takes note of whether the API was there. */
async function reach(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request);
    noteAnswer(answer.status);
    return answer;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    health.set("down");
    throw new UnreachableError(error);
  }
}

async function post(what: "login" | "refresh" | "logout", body: object): Promise<Tokens | null> {
  const answer = await reach(
    new Request(new URL(`/v1/auth/${what}`, location.origin), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  );
  const said: unknown = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (!answer.ok) throw problemOf(said, answer);
  return said as Tokens | null;
}

function keep(tokens: Tokens | null): void {
  if (tokens === null) return;
  access = { token: tokens.access_token, expiresAt: Date.now() + tokens.expires_in * 1000 };
  localStorage.setItem(HINT, "1");
  const now = session.get();
  if (now.status !== "in" || now.user.id !== tokens.user.id) session.set({ status: "in", user: tokens.user });
}

function forget(reason: EndReason | null): void {
  access = null;
  localStorage.removeItem(HINT);
  session.set({ status: "out", reason });
}
