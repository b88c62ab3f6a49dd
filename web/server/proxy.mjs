/** Passes requests and sockets on to the services. */
import { randomUUID } from "node:crypto";
import { ServerResponse } from "node:http";

import { createProxyServer } from "http-proxy-3";

import { clientOf } from "./client.mjs";
import { Upstreams } from "./upstreams.mjs";

/** How long an answer may take; a poll of Socket.IO is answered every 25 seconds. */
const ANSWER_WITHIN_MS = 60_000;

/** Which service answers a path, if one does. */
export function serviceOf(path) {
  const first = path.split("/", 2)[1];
  if (first === "v1" || first === "docs") return "api";
  return first === "socket.io" ? "gateway" : null;
}

export class Proxy {
  #settings;
  #metrics;
  #proxy = createProxyServer({ toProxy: true, proxyTimeout: ANSWER_WITHIN_MS });
  #services;
  #sockets = new Set();
  #draining = false;

  constructor(settings, metrics) {
    this.#settings = settings;
    this.#metrics = metrics;
    this.#services = { api: new Upstreams(settings.api), gateway: new Upstreams(settings.gateway) };
    this.#proxy.on("error", (error, request, answer) => this.#failed(error, request, answer));
    // The services are asked one thing a connection; the browser keeps its own.
    this.#proxy.on("proxyRes", (answer) => {
      answer.headers.connection = this.#draining ? "close" : "keep-alive";
    });
  }

  /** Sockets that are open now. */
  get sockets() {
    return this.#sockets.size;
  }

  /** Answers `request` by a service. */
  pass(service, request, answer) {
    const { route, headers } = this.#prepare(service, request);
    this.#proxy.web(request, answer, { target: route.target, agent: route, headers: { ...headers, connection: "close" } });
  }

  /** Lets a socket through to a service. */
  upgrade(service, request, socket, head) {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    const { route, headers } = this.#prepare(service, request);
    this.#proxy.ws(request, socket, head, { target: route.target, agent: route, headers });
  }

  /** Answers close their connections from now on; sockets end at once and are opened again elsewhere. */
  drain() {
    this.#draining = true;
    for (const socket of this.#sockets) socket.destroySoon();
  }

  /** A poll must reach the gateway that knows its session: the first one has no session yet, so the address decides. */
  #prepare(service, request) {
    const client = clientOf(request, this.#settings.proxies);
    const sticky = service === "gateway" && !/[?&]transport=websocket(&|$)/.test(request.url);
    const resumed = service === "gateway" && /[?&]sid=/.test(request.url);
    const upstreams = this.#services[service];
    const route = sticky || resumed ? upstreams.of(client.address) : upstreams.next();
    return { route, headers: client.forwarded };
  }

  #failed(error, request, answer) {
    const service = serviceOf(request.url) ?? "none";
    if (!(answer instanceof ServerResponse)) {
      // A browser that leaves its socket is no failure of a service.
      if (!answer.destroyed) this.#metrics.upstreamError(service);
      answer.destroy();
      return;
    }
    if (answer.destroyed) return;
    this.#metrics.upstreamError(service);
    if (answer.headersSent) {
      answer.destroy();
      return;
    }
    const requestId = randomUUID();
    console.log(JSON.stringify({ level: "WARN", message: `${service} does not answer: ${error.message}`, request_id: requestId }));
    unavailable(answer, request.url.split("?")[0], requestId);
  }
}

/** The answer of the API itself when it cannot answer. */
function unavailable(answer, instance, requestId) {
  const title = "The service cannot answer now; try again";
  const body = JSON.stringify({
    type: "urn:baton:problem:unavailable",
    title,
    status: 503,
    detail: "the service is not reachable; try again",
    instance,
    code: "unavailable",
    request_id: requestId,
  });
  answer.writeHead(503, {
    "Content-Type": "application/problem+json",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "Retry-After": "1",
    "X-Request-Id": requestId,
    // What was not read of the request must not be taken for the next one.
    Connection: "close",
  });
  answer.end(body);
}
