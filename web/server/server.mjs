/** Serves the built web app and gives browsers one origin: pages, `/v1`, `/docs` and `/socket.io`. */
import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

import { Metrics } from "./metrics.mjs";
import { Proxy, serviceOf } from "./proxy.mjs";
import { readSettings } from "./settings.mjs";
import { Site } from "./site.mjs";

/** How long answers may still take once this process is told to end. */
const DRAIN_WITHIN_MS = 4_500;
/** Bounds of what a client may cost before it is understood. The API bounds bodies. */
const BOUNDS = { maxHeaderSize: 16_384, headersTimeout: 10_000, requestTimeout: 120_000, keepAliveTimeout: 65_000 };

/**
 * Starts to listen.
 * @param {ReturnType<typeof readSettings>} settings
 * @param {string} dist The folder that `npm run build` writes.
 */
export async function start(settings, dist) {
  const metrics = new Metrics();
  const proxy = new Proxy(settings, metrics);
  const site = new Site(dist, settings);
  const state = { draining: false };

  const web = createServer(BOUNDS, (request, answer) => {
    const path = pathOf(request);
    const service = serviceOf(path);
    answer.once("close", () => metrics.answered(service ?? "site", answer.headersSent ? answer.statusCode : 499));
    if (state.draining) answer.shouldKeepAlive = false;
    if (service !== null) proxy.pass(service, request, answer);
    else site.answer(path, request, answer);
  });
  web.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (serviceOf(pathOf(request)) === "gateway" && !state.draining) proxy.upgrade("gateway", request, socket, head);
    else socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });

  const operations = createServer(BOUNDS, (request, answer) => {
    const ready = site.built && !state.draining;
    const answers = {
      "/livez": () => [200, "ok\n"],
      "/readyz": () => (ready ? [200, "ready\n"] : [503, state.draining ? "draining\n" : "the app is not built\n"]),
      "/metrics": () => [200, metrics.text(proxy.sockets)],
    };
    const [status, text] = answers[pathOf(request)]?.() ?? [404, "not found\n"];
    answer.writeHead(status, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" }).end(text);
  });

  await listen(web, settings.listen);
  await listen(operations, settings.operations).catch((error) => {
    web.close();
    throw error;
  });

  return {
    address: url(web),
    operations: url(operations),
    /** Lets answers finish, at most some seconds; new connections are refused at once. */
    async drain(within = DRAIN_WITHIN_MS) {
      state.draining = true;
      const closed = once(web, "close");
      web.close();
      proxy.drain();
      const cut = setTimeout(() => web.closeAllConnections(), within);
      await closed;
      clearTimeout(cut);
      operations.close();
      operations.closeAllConnections();
    },
  };
}

/** The path, as it was sent: what it means is the services' to say. */
const pathOf = (request) => request.url.split("?", 1)[0];

async function listen(server, { host, port }) {
  server.listen(port, host);
  await once(server, "listening");
}

function url(server) {
  const { address, port, family } = server.address();
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

const log = (level, message, more = {}) =>
  console.log(JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...more }));

async function main() {
  const server = await start(readSettings(process.env), fileURLToPath(new URL("../dist", import.meta.url)));
  log("INFO", "answering", { listen: server.address, operations: server.operations });
  let told = false;
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.on(signal, async () => {
      if (told) return;
      told = true;
      log("INFO", "draining");
      await server.drain();
      process.exit(0);
    });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    log("ERROR", error.message);
    process.exit(1);
  });
}
