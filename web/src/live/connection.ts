/**
 * The one connection of this browser to the gateway.
 *
 * Whichever tab holds the lock has the socket and passes on what it hears; when it is closed another one takes the
 * lock and resumes from the last event that it was passed. Every tab applies the events to its own state.
 */
import { io, type Socket } from "socket.io-client";

import { askHealth } from "@/api/client";
import { accessToken, end, renew } from "@/api/session";
import { createStore } from "@/api/store";

import type { Ephemeral, LiveEvent } from "./events";
import { PulseWatch } from "./pulse";

/** How things stand between this browser and the gateway. */
export type LiveStatus =
  /** Not connected yet, or not any more; it tries by itself. */
  | { state: "connecting"; since: number }
  /** Connected, and told what was missed. */
  | { state: "replaying"; since: number }
  /** Connected: everything arrives as it happens. */
  | { state: "live"; since: number };

/** What is done with what is heard. */
export interface Listener {
  /** A durable event, in order, maybe one that the state contains already. */
  event(event: LiveEvent): void;
  /** The state may have holes that no event will fill: fetch it again. */
  reset(): void;
  /** Something that passes by. */
  ephemeral<N extends keyof Ephemeral>(name: N, payload: Ephemeral[N]): void;
}

/** What tabs say to each other. */
type Said =
  | { kind: "hello" }
  | { kind: "status"; status: LiveStatus; cursor: string | null; offsetMs: number; heardAt?: number | null }
  | { kind: "event"; event: LiveEvent }
  | { kind: "cursor"; cursor: string }
  | { kind: "pulse"; at: string }
  | { kind: "reset"; cursor: string }
  | { kind: "ephemeral"; name: keyof Ephemeral; payload: Ephemeral[keyof Ephemeral] }
  | { kind: "open"; tab: string; conversations: string[] }
  | { kind: "typing"; conversation: string; typing: boolean };

type Ack = { ok: true } | { ok: false; error: { code: string; detail: string } };
type Resumed = { ok: true; events: LiveEvent[]; cursor: string; more: boolean } | Extract<Ack, { ok: false }> & { cursor?: string };

const ACK_TIMEOUT_MS = 10_000;
/** State is not held up longer than this by a gateway that does not answer. */
const PATIENCE_MS = 1_500;
/** How long what one event said of the lag is believed. */
const CALM_MS = 15_000;
/** An event that is older when it comes proves nothing of the way that events take now. */
const FRESH_MS = 5_000;
/** So long may the API keep one waiting who asks which link is broken. */
const ANSWER_MS = 1_500;
const EPHEMERAL = ["typing", "presence:changed", "queue:changed", "room:revoked"] as const;
const DURABLE = /^(ticket|message|conversation|sla|notification|import):/;

export class Connection {
  readonly status = createStore<LiveStatus>({ state: "connecting", since: Date.now() });
  /** Whether this tab has the socket. */
  readonly leads = createStore(false);
  /** How far a live event had aged when it came, in milliseconds; 0 when none came lately. */
  readonly lagMs = createStore(0);
  /** Whether events get through. */
  readonly pulse = new PulseWatch(this.status, () => askHealth(ANSWER_MS));

  readonly #listener: Listener;
  readonly #tab = crypto.randomUUID();
  readonly #tabs: BroadcastChannel;
  readonly #stop = new AbortController();
  readonly #settled: Promise<void>;
  #settle: () => void = () => undefined;
  #late = false;
  #cursor: string | null = null;
  #offsetMs = 0;
  #socket: Socket | null = null;
  /** The conversations that each tab has open. */
  readonly #open = new Map<string, readonly string[]>();
  readonly #joined = new Set<string>();
  #retry: ReturnType<typeof setTimeout> | undefined;
  #calm: ReturnType<typeof setTimeout> | undefined;

  constructor(user: string, listener: Listener) {
    this.#listener = listener;
    this.#tabs = new BroadcastChannel(`baton:live:${user}`);
    this.#tabs.onmessage = ({ data }: MessageEvent<Said>) => this.#hear(data);
    this.#settled = new Promise((resolve) => (this.#settle = resolve));
    setTimeout(() => {
      this.#late = this.#cursor === null;
      this.#settle();
    }, PATIENCE_MS);
    this.#say({ kind: "hello" });
    navigator.locks
      .request(`baton:live:${user}`, { signal: this.#stop.signal }, () => this.#lead())
      .catch(() => undefined);
    addEventListener("online", this.#hurry);
    addEventListener("visibilitychange", this.#hurry);
    addEventListener("pagehide", this.#leave);
    addEventListener("pageshow", this.#announce);
  }

  /** Ends it for this tab; another one takes over. */
  close(): void {
    this.#leave();
    this.#stop.abort();
    clearTimeout(this.#retry);
    clearTimeout(this.#calm);
    this.pulse.stop();
    this.#socket?.disconnect();
    removeEventListener("online", this.#hurry);
    removeEventListener("visibilitychange", this.#hurry);
    removeEventListener("pagehide", this.#leave);
    removeEventListener("pageshow", this.#announce);
    this.#tabs.close();
  }

  /** From then on no event is missed by what is fetched. */
  settled(): Promise<void> {
    return this.#settled;
  }

  /** How far the server's clock is ahead of this one, as far as it is known, in milliseconds. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Says which conversations this tab shows, to hear who types there. */
  show(conversations: readonly string[]): void {
    this.#open.set(this.#tab, conversations);
    this.#announce();
    void this.#join();
  }

  /** Says that the user types, or stopped. */
  typing(conversation: string, typing: boolean): void {
    if (this.leads.get()) this.#socket?.emit("typing", { conversation_id: conversation, typing });
    else this.#say({ kind: "typing", conversation, typing });
  }

  // ------------------------------------------------------------------------------------------ between tabs

  #say(said: Said): void {
    if (!this.#stop.signal.aborted) this.#tabs.postMessage(said);
  }

  readonly #announce = () => {
    this.#say({ kind: "open", tab: this.#tab, conversations: [...(this.#open.get(this.#tab) ?? [])] });
  };

  readonly #leave = () => {
    this.#say({ kind: "open", tab: this.#tab, conversations: [] });
  };

  #hear(said: Said): void {
    switch (said.kind) {
      case "hello":
        if (this.leads.get()) this.#tellStatus();
        this.#announce();
        break;
      case "status":
        this.#offsetMs = said.offsetMs;
        this.status.set(said.status);
        // A tab of an older version does not say it.
        this.pulse.heard(said.heardAt ?? null);
        if (said.cursor !== null) this.#begin(said.cursor);
        break;
      case "event":
        this.#apply(said.event);
        break;
      case "cursor":
        this.#cursor = said.cursor;
        break;
      case "pulse":
        this.#beat(said.at);
        break;
      case "reset":
        this.#begin(said.cursor);
        this.#cursor = said.cursor;
        this.#listener.reset();
        break;
      case "ephemeral":
        this.#listener.ephemeral(said.name, said.payload);
        break;
      case "open":
        if (said.conversations.length === 0) this.#open.delete(said.tab);
        else this.#open.set(said.tab, said.conversations);
        void this.#join();
        break;
      case "typing":
        if (this.leads.get()) this.typing(said.conversation, said.typing);
    }
  }

  /** The first cursor that this tab learns: what is fetched from here on misses nothing. */
  #begin(cursor: string): void {
    if (this.#cursor !== null) return;
    this.#cursor = cursor;
    this.#settle();
    if (this.#late) this.#listener.reset();
  }

  #apply(event: LiveEvent): void {
    this.#cursor = event.cursor ?? this.#cursor;
    if (this.status.get().state === "live") {
      const age = this.#noteLag(event.at);
      if (age < FRESH_MS && this.pulse.heardAt !== null) this.pulse.heard(Date.now());
    }
    this.#listener.event(event);
  }

  #beat(at: string): void {
    this.#noteLag(at);
    this.pulse.heard(Date.now());
  }

  #noteLag(at: string): number {
    const age = Math.max(0, Date.now() + this.#offsetMs - Date.parse(at));
    this.lagMs.set(age);
    clearTimeout(this.#calm);
    this.#calm = setTimeout(() => this.lagMs.set(0), CALM_MS);
    return age;
  }

  #tellStatus(): void {
    this.#say({ kind: "status", status: this.status.get(), cursor: this.#cursor, offsetMs: this.#offsetMs, heardAt: this.pulse.heardAt });
  }

  #is(state: LiveStatus["state"]): void {
    if (this.status.get().state === state) return;
    this.status.set({ state, since: Date.now() });
    this.#tellStatus();
  }

  // ------------------------------------------------------------------------------------------ the socket

  /** Has the socket until this tab is closed. */
  #lead(): Promise<void> {
    this.leads.set(true);
    const socket = io({
      auth: (give) => {
        accessToken().then(
          (token) => give({ token, ...(this.#cursor === null ? {} : { cursor: this.#cursor }) }),
          () => give({ token: "" }),
        );
      },
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 300,
      reconnectionDelayMax: 5_000,
      timeout: 8_000,
    });
    this.#socket = socket;
    // Told to go, and when to come back.
    let leaving = false;
    socket.on("ready", ({ cursor, server_time, pulse }: { cursor: string; server_time: string; pulse?: boolean }) => {
      this.#offsetMs = Date.parse(server_time) - Date.now();
      leaving = false;
      clearTimeout(this.#retry);
      // An older gateway says nothing of it, and may never pulse.
      this.pulse.heard(pulse === true ? Date.now() : null);
      this.#joined.clear();
      void this.#catchUp(cursor);
    });
    socket.onAny((name: string, payload: unknown) => {
      if (DURABLE.test(name) && typeof payload === "object" && payload !== null && "id" in payload) {
        this.#pass(payload as LiveEvent);
      }
    });
    socket.on("cursor", ({ cursor }: { cursor: string }) => {
      if (this.status.get().state !== "live") return;
      this.#cursor = cursor;
      this.#say({ kind: "cursor", cursor });
    });
    socket.on("pulse", ({ at }: { at: string }) => {
      this.#beat(at);
      this.#say({ kind: "pulse", at });
    });
    socket.on("access:changed", ({ cursor }: { cursor: string }) => this.#reset(cursor));
    for (const name of EPHEMERAL) {
      socket.on(name, (payload: Ephemeral[typeof name]) => {
        this.#listener.ephemeral(name, payload);
        this.#say({ kind: "ephemeral", name, payload });
      });
    }
    socket.on("signed_out", () => end("revoked"));
    socket.on("server:draining", ({ reconnect_after_ms }: { reconnect_after_ms: number }) => {
      leaving = true;
      this.#later(reconnect_after_ms, () => {
        socket.disconnect();
        socket.connect();
      });
    });
    socket.on("connect_error", (error) => this.#refused(socket, error.message));
    socket.on("disconnect", (reason) => {
      this.#is("connecting");
      // Not before its time, or all screens of a gateway that goes away knock at the next one together.
      if (leaving) socket.disconnect();
      // The library comes back by itself after all but this one.
      else if (reason === "io server disconnect") this.#later(500, () => socket.connect());
    });
    return new Promise((resolve) => this.#stop.signal.addEventListener("abort", () => resolve()));
  }

  #later(ms: number, act: () => void): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(act, ms);
  }

  readonly #hurry = () => {
    const socket = this.#socket;
    if (document.visibilityState !== "visible" || socket === null || socket.connected || this.#stop.signal.aborted) return;
    socket.disconnect().connect();
  };

  #refused(socket: Socket, message: string): void {
    this.#is("connecting");
    // Still trying: the network, not the gateway, said no.
    if (socket.active) return;
    const code = message.split(":")[0] ?? "";
    if (code === "revoked_session") {
      end("revoked");
      return;
    }
    const connect = () => socket.connect();
    if (code === "expired_token" || code === "invalid_token") void renew().then(connect, () => this.#later(2_000, connect));
    else this.#later(2_000, connect);
  }

  #pass(event: LiveEvent): void {
    this.#apply(event);
    this.#say({ kind: "event", event });
  }

  #reset(cursor: string): void {
    this.#begin(cursor);
    this.#cursor = cursor;
    this.#listener.reset();
    this.#say({ kind: "reset", cursor });
  }

  /** Pages through what was missed since the cursor that the socket connected with. */
  async #catchUp(now: string): Promise<void> {
    const socket = this.#socket;
    if (socket === null) return;
    if (this.#cursor === null) {
      this.#begin(now);
    } else {
      this.#is("replaying");
      try {
        let more = true;
        while (more) {
          const page = (await socket.timeout(ACK_TIMEOUT_MS).emitWithAck("resume", { cursor: this.#cursor })) as Resumed;
          if (!page.ok) {
            if (page.error.code !== "resync_required") throw new Error(page.error.code);
            this.#reset(page.cursor ?? now);
            break;
          }
          for (const event of page.events) this.#pass(event);
          this.#cursor = page.cursor;
          this.#say({ kind: "cursor", cursor: page.cursor });
          more = page.more;
        }
      } catch {
        // Half of it is applied, and the cursor stands there: come again.
        if (socket.connected) this.#later(500, () => socket.disconnect().connect());
        return;
      }
    }
    this.#is("live");
    void this.#join();
  }

  /** Brings what the gateway has open for us in line with what the tabs show. */
  async #join(): Promise<void> {
    const socket = this.#socket;
    if (socket === null || !socket.connected) return;
    const wanted = new Set([...this.#open.values()].flat());
    for (const id of this.#joined) {
      if (wanted.has(id)) continue;
      this.#joined.delete(id);
      socket.emit("conversation:leave", { conversation_id: id });
    }
    for (const id of wanted) {
      if (this.#joined.has(id)) continue;
      this.#joined.add(id);
      const ack = (await socket
        .timeout(ACK_TIMEOUT_MS)
        .emitWithAck("conversation:join", { conversation_id: id })
        .catch(() => ({ ok: false }))) as Ack;
      if (!ack.ok) this.#joined.delete(id);
    }
  }
}
