// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Connection } from "./connection";
import type { LiveEvent } from "./events";

type Heard = (payload: unknown) => void;
/** What the gateway says to the one socket. */
const gateway = vi.hoisted(() => ({
  on: new Map<string, (payload: unknown) => void>(),
  any: (_name: string, _payload: unknown): void => undefined,
  /** What the socket was told to do. */
  told: [] as string[],
}));

vi.mock("socket.io-client", () => ({
  io: () => ({
    connected: true,
    on: (name: string, heard: Heard) => gateway.on.set(name, heard),
    onAny: (heard: (name: string, payload: unknown) => void) => (gateway.any = heard),
    emit: () => undefined,
    // There is never anything to catch up on.
    timeout: () => ({ emitWithAck: () => Promise.resolve({ ok: true, events: [], cursor: "1", more: false }) }),
    connect: () => gateway.told.push("connect"),
    disconnect: () => gateway.told.push("disconnect"),
  }),
}));
vi.mock("@/api/client", () => ({ askHealth: () => Promise.resolve() }));
vi.mock("@/api/session", () => ({ accessToken: () => Promise.resolve(""), end: () => undefined, renew: () => Promise.resolve("") }));

/** Tabs hear each other at once. */
class Channel {
  static readonly all = new Set<Channel>();
  onmessage: ((message: { data: unknown }) => void) | null = null;
  constructor() {
    Channel.all.add(this);
  }
  postMessage(data: unknown): void {
    for (const other of Channel.all) if (other !== this) other.onmessage?.({ data: structuredClone(data) });
  }
  close(): void {
    Channel.all.delete(this);
  }
}

const listener = { event: () => undefined, reset: () => undefined, ephemeral: () => undefined };
const now = () => new Date().toISOString();
const says = (name: string, payload: unknown) => gateway.on.get(name)?.(payload);
let tabs: Connection[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("BroadcastChannel", Channel);
  // The first tab has the lock, and with it the socket.
  let taken = false;
  const request = (_name: string, _options: object, lead: () => Promise<void>) => {
    if (taken) return new Promise(() => undefined);
    taken = true;
    return lead();
  };
  vi.stubGlobal("navigator", { locks: { request } });
  tabs = [new Connection("ana", listener), new Connection("ana", listener)];
});

afterEach(() => {
  for (const tab of tabs) tab.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const silent = () => tabs.map((tab) => tab.pulse.silent.get());
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);

it("every tab misses the pulse of the one socket, and hears of the next one", async () => {
  says("ready", { cursor: "1", server_time: now() });
  says("pulse", { at: now() });
  await after(12_000);
  expect(silent()).toEqual([false, false]);
  await after(2_000);
  expect(silent()).toEqual([true, true]);
  says("pulse", { at: now() });
  expect(silent()).toEqual([false, false]);
});

it("a socket that is told to come back comes back then, not when the gateway closes it, and once", async () => {
  says("ready", { cursor: "1", server_time: now() });
  says("server:draining", { reconnect_after_ms: 3_000 });
  gateway.told = [];
  await after(300);
  says("disconnect", "transport close");
  expect(gateway.told).toEqual(["disconnect"]);
  await after(2_600);
  expect(gateway.told).not.toContain("connect");
  await after(200);
  expect(gateway.told.filter((word) => word === "connect")).toHaveLength(1);
  says("ready", { cursor: "1", server_time: now() });
  await after(10_000);
  expect(gateway.told.filter((word) => word === "connect")).toHaveLength(1);
});

it("a socket that came back by itself before its time is left alone", async () => {
  says("ready", { cursor: "1", server_time: now() });
  says("server:draining", { reconnect_after_ms: 3_000 });
  says("ready", { cursor: "1", server_time: now() });
  gateway.told = [];
  await after(5_000);
  expect(gateway.told).toEqual([]);
});

it("a tab that opens while nothing comes knows it", async () => {
  says("ready", { cursor: "1", server_time: now(), pulse: true });
  await after(20_000);
  const late = new Connection("ana", listener);
  tabs.push(late);
  await after(0);
  expect(silent()).toEqual([true, true, true]);
});

it("an older gateway never pulses, and that is all right", async () => {
  says("ready", { cursor: "1", server_time: now() });
  await after(600_000);
  expect(silent()).toEqual([false, false]);
});

it("an event that comes at once is as good as a pulse, one that was on its way for long is not", async () => {
  const event = (at: string) => gateway.any("ticket:updated", { id: at, at, type: "ticket:updated", cursor: "2" } as unknown as LiveEvent);
  says("ready", { cursor: "1", server_time: now(), pulse: true });
  await after(12_000);
  event(now());
  await after(12_000);
  expect(silent()).toEqual([false, false]);
  const old = now();
  await after(6_000);
  event(old);
  expect(silent()).toEqual([true, true]);
});

it("a pulse tells how late events are", async () => {
  says("ready", { cursor: "1", server_time: now() });
  const at = now();
  await after(7_000);
  says("pulse", { at });
  expect(tabs.map((tab) => tab.lagMs.get())).toEqual([7_000, 7_000]);
});
