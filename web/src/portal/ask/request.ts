/** What the customer is about to ask: kept in the browser until it is a ticket, and made into one once. */
import { api, call, type Ticket } from "@/api/client";
import { isPassing } from "@/api/problem";

/** A request under way; sent again with the same key it is the same ticket. */
interface Attempt {
  key: string;
  content: string;
}

export interface Request {
  subject: string;
  body: string;
  attempt?: Attempt;
}

const EMPTY: Request = { subject: "", body: "" };

/** Each follow-up is written for itself. */
const place = (user: string, earlier: string | null) => `baton:ask:${user}:${earlier ?? ""}`;

export function readRequest(user: string, earlier: string | null, storage: Storage = localStorage): Request {
  try {
    const kept = JSON.parse(storage.getItem(place(user, earlier)) ?? "null") as Partial<Request> | null;
    return typeof kept?.subject === "string" && typeof kept.body === "string" ? { ...EMPTY, ...kept } : EMPTY;
  } catch {
    return EMPTY;
  }
}

export function keepRequest(user: string, earlier: string | null, request: Request, storage: Storage = localStorage): void {
  try {
    if (request.subject === "" && request.body === "") storage.removeItem(place(user, earlier));
    else storage.setItem(place(user, earlier), JSON.stringify(request));
  } catch {
    // No room in storage: it is on the screen at least.
  }
}

/** The request with the key it is sent under: the one of its last attempt, if that said the same. */
export function attempted(request: Request, newKey: () => string = () => crypto.randomUUID()): Request & { attempt: Attempt } {
  const content = JSON.stringify([request.subject, request.body]);
  const again = request.attempt?.content === content ? request.attempt : undefined;
  return { ...request, attempt: again ?? { key: newKey(), content } };
}

const TRIES = 4;
const FIRST_PAUSE_MS = 700;

/** Opens the ticket; what fails in passing is tried again under the same key. */
export async function open(request: Request & { attempt: Attempt }, earlier: string | null): Promise<Ticket> {
  const body = { subject: request.subject.trim(), body: request.body.trim(), ...(earlier === null ? {} : { follow_up_of: earlier }) };
  for (let tried = 1; ; tried += 1) {
    try {
      return await call(api.POST("/v1/tickets", { params: { header: { "Idempotency-Key": request.attempt.key } }, body }));
    } catch (error) {
      if (!isPassing(error) || tried === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (tried - 1)));
    }
  }
}
