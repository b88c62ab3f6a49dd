/** The web server before services of the tests' own: what browsers get, and what the services are told. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";

import { compress } from "./compress.mjs";
import { readSettings } from "./settings.mjs";
import { start } from "./server.mjs";

const SCRIPT = "console.log('baton')";
const closers = [];
let dist;

before(() => {
  dist = mkdtempSync(join(tmpdir(), "baton-web-"));
  for (const folder of ["assets", "portal", ".vite"]) mkdirSync(join(dist, folder));
  const page = (name) => `<title>${name}</title><script nonce="__CSP_NONCE__"></script><style nonce="__CSP_NONCE__"></style>`;
  writeFileSync(join(dist, "index.html"), page("agents"));
  writeFileSync(join(dist, "portal/index.html"), page("customers"));
  writeFileSync(join(dist, "assets/app-1a2b.js"), SCRIPT);
  writeFileSync(join(dist, "assets/app-1a2b.js.gz"), gzipSync(SCRIPT));
  writeFileSync(join(dist, "icon.svg"), "<svg/>");
  writeFileSync(join(dist, ".vite/manifest.json"), "{}");
});

after(async () => {
  await Promise.all(closers.map((close) => close()));
  rmSync(dist, { recursive: true });
});

/** A service that says who it is and what it was told; sockets get their bytes back. */
async function service(name) {
  const server = createServer((request, answer) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      answer.setHeader("set-cookie", ["a=1", "b=2"]);
      answer.end(JSON.stringify({ name, method: request.method, url: request.url, headers: request.headers, body }));
    });
  });
  const sockets = new Set();
  server.on("upgrade", (request, socket) => {
    sockets.add(socket);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Name: ${name}\r\n\r\n`);
    socket.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    server.closeAllConnections();
  };
  closers.push(close);
  return { name, url: `http://127.0.0.1:${server.address().port}`, server, close };
}

/** An address at which nobody listens. */
async function nobody() {
  const gone = await service("gone");
  gone.close();
  await once(gone.server, "close");
  return gone.url;
}

async function web(environment = {}) {
  const settings = readSettings({
    BATON_WEB__LISTEN: "127.0.0.1:0",
    BATON_OPERATIONS__LISTEN: "127.0.0.1:0",
    BATON_WEB__API: "http://127.0.0.1:1",
    BATON_WEB__GATEWAY: "http://127.0.0.1:1",
    ...environment,
  });
  const server = await start(settings, dist);
  closers.push(() => server.drain(0));
  return server;
}

/** Opens a websocket as far as the upgrade; an answer instead of it is given, too. */
function upgrade(base, path, headers = {}) {
  return new Promise((resolve, reject) => {
    const asked = request(base + path, { headers: { connection: "Upgrade", upgrade: "websocket", ...headers } });
    asked.on("upgrade", (answer, socket) => resolve({ status: answer.statusCode, name: answer.headers["x-name"], socket }));
    asked.on("response", (answer) => resolve({ status: answer.statusCode }));
    asked.on("error", reject);
    asked.end();
  });
}

test("pages carry a fresh nonce and a policy without unsafe-inline", async () => {
  const { address } = await web();
  const nonces = new Set();
  for (const [path, title] of [
    ["/", "agents"],
    ["/index.html", "agents"],
    ["/tickets/7?tab=mine", "agents"],
    ["/portal", "customers"],
    ["/portal/", "customers"],
    ["/portal/conversations/7", "customers"],
  ]) {
    const answer = await fetch(address + path);
    const html = await answer.text();
    assert.equal(answer.status, 200, path);
    assert.match(html, new RegExp(`<title>${title}</title>`), path);
    const policy = answer.headers.get("content-security-policy");
    const nonce = /style-src 'self' 'nonce-([\w-]+)'/.exec(policy)[1];
    assert.equal(html.split(`nonce="${nonce}"`).length, 3, path);
    assert.doesNotMatch(html, /__CSP_NONCE__/);
    assert.doesNotMatch(policy, /unsafe|\*|__/);
    for (const part of ["default-src 'none'", "script-src 'self';", "connect-src 'self';", "frame-ancestors 'none'"]) {
      assert.ok(`${policy};`.includes(part), part);
    }
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    assert.equal(answer.headers.get("referrer-policy"), "no-referrer");
    assert.equal(answer.headers.get("cross-origin-opener-policy"), "same-origin");
    assert.match(answer.headers.get("permissions-policy"), /camera=\(\)/);
    assert.equal(answer.headers.get("strict-transport-security"), null);
    nonces.add(nonce);
  }
  assert.equal(nonces.size, 6);
  const tls = await fetch(address, { headers: { "x-forwarded-proto": "https" } });
  assert.match(tls.headers.get("strict-transport-security"), /max-age=31536000/);
});

test("hashed files are kept for a year, others are asked for again, hidden ones are not there", async () => {
  const { address } = await web();
  const script = await fetch(`${address}/assets/app-1a2b.js`);
  assert.equal(await script.text(), SCRIPT);
  assert.equal(script.headers.get("content-encoding"), "gzip");
  assert.equal(script.headers.get("cache-control"), "public, max-age=31536000, immutable");
  const plain = await fetch(`${address}/assets/app-1a2b.js`, { headers: { "accept-encoding": "identity" } });
  assert.equal(await plain.text(), SCRIPT);
  assert.equal(plain.headers.get("content-encoding"), null);
  const icon = await fetch(`${address}/icon.svg`);
  assert.equal(icon.headers.get("cache-control"), "no-cache");
  assert.equal(icon.headers.get("content-type"), "image/svg+xml");
  const known = await fetch(`${address}/icon.svg`, { headers: { "if-none-match": icon.headers.get("etag") } });
  assert.equal(known.status, 304);
  for (const path of ["/assets/app-old.js", "/.vite/manifest.json", "/assets/..%2f..%2fserver.mjs", "/%2e%2e/package.json"]) {
    assert.equal((await fetch(address + path)).status, 404, path);
  }
  assert.equal((await fetch(address, { method: "POST" })).status, 405);
  assert.equal((await fetch(address, { method: "HEAD" })).status, 200);
});

test("text that is worth it gets a compressed copy", () => {
  const folder = mkdtempSync(join(tmpdir(), "baton-compress-"));
  const text = "let word;".repeat(500);
  for (const [name, content] of [["big.js", text], ["small.js", SCRIPT], ["big.woff2", text]]) {
    writeFileSync(join(folder, name), content);
  }
  compress(folder);
  assert.deepEqual(readdirSync(folder).sort(), ["big.js", "big.js.gz", "big.woff2", "small.js"]);
  assert.equal(String(gunzipSync(readFileSync(join(folder, "big.js.gz")))), text);
  rmSync(folder, { recursive: true });
});

test("the app's settings are those of the environment", async () => {
  const read = async ({ address }) => (await fetch(`${address}/config.json`)).json();
  assert.deepEqual(await read(await web()), { organization: null, languages: ["en", "de"] });
  const named = await web({ BATON_WEB__ORGANIZATION: "acme", BATON_WEB__LANGUAGES: "de" });
  assert.deepEqual(await read(named), { organization: "acme", languages: ["de"] });
  for (const wrong of [{ BATON_WEB__LISTN: "x:1" }, { BATON_WEB__API: "ftp://x" }, { BATON_WEB__TRUSTED_PROXIES: "x" }]) {
    assert.throws(() => readSettings(wrong), /BATON_WEB__|upstream/);
  }
});

test("the API hears the request as it was, and from whom", async () => {
  const api = await service("api");
  const { address } = await web({ BATON_WEB__API: api.url });
  const answer = await fetch(`${address}/v1/tickets/%2F%41?q=a%20b?c`, {
    method: "POST",
    body: "ü".repeat(100_000),
    headers: { "x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https" },
  });
  const heard = await answer.json();
  assert.equal(heard.method, "POST");
  assert.equal(heard.url, "/v1/tickets/%2F%41?q=a%20b?c");
  assert.equal(heard.body.length, 100_000);
  assert.equal(heard.headers.host, new URL(address).host);
  // The peer is a trusted proxy: what it says stands, and it is added itself.
  assert.equal(heard.headers["x-forwarded-for"], "203.0.113.7, 127.0.0.1");
  assert.equal(heard.headers["x-forwarded-proto"], "https");
  assert.deepEqual(answer.headers.getSetCookie(), ["a=1", "b=2"]);
  assert.equal(answer.headers.get("connection"), "keep-alive");
  assert.equal((await (await fetch(`${address}/docs/`)).json()).url, "/docs/");
  assert.equal((await fetch(`${address}/v1beta`)).headers.get("content-type"), "text/html; charset=utf-8");
});

test("what a stranger says of its address is not passed on", async () => {
  const api = await service("api");
  const { address } = await web({ BATON_WEB__API: api.url, BATON_WEB__TRUSTED_PROXIES: "10.0.0.0/8" });
  const headers = { "x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https" };
  const heard = await (await fetch(`${address}/v1/me`, { headers })).json();
  assert.equal(heard.headers["x-forwarded-for"], "127.0.0.1");
  assert.equal(heard.headers["x-forwarded-proto"], "http");
  assert.equal((await fetch(address, { headers })).headers.get("strict-transport-security"), null);
});

test("an API that is away is a problem that says when to come again", async () => {
  const { address, operations } = await web({ BATON_WEB__API: await nobody() });
  const answer = await fetch(`${address}/v1/me?x=1`, { method: "POST", body: "{}" });
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get("retry-after"), "1");
  assert.equal(answer.headers.get("content-type"), "application/problem+json");
  const problem = await answer.json();
  assert.equal(problem.code, "unavailable");
  assert.equal(problem.status, 503);
  assert.equal(problem.instance, "/v1/me");
  assert.equal(problem.request_id, answer.headers.get("x-request-id"));
  const metrics = await (await fetch(`${operations}/metrics`)).text();
  assert.match(metrics, /baton_web_upstream_errors_total\{service="api"\} 1/);
  assert.match(metrics, /baton_web_answers_total\{kind="api",status="5xx"\} 1/);
});

test("a replica that is away is passed over, whole bodies included", async () => {
  const api = await service("second");
  const { address } = await web({ BATON_WEB__API: `${await nobody()},${api.url}` });
  for (let round = 0; round < 4; round += 1) {
    const heard = await (await fetch(`${address}/v1/imports`, { method: "POST", body: "x".repeat(300_000) })).json();
    assert.deepEqual([heard.name, heard.body.length], ["second", 300_000]);
  }
});

test("polls of one address meet one gateway, sockets take turns", async () => {
  const gateways = [await service("one"), await service("two")];
  const { address } = await web({ BATON_WEB__GATEWAY: gateways.map((gateway) => gateway.url).join() });
  const poll = async (sid, from) => {
    const headers = { "x-forwarded-for": from };
    return (await (await fetch(`${address}/socket.io/?EIO=4&transport=polling${sid}`, { headers })).json()).name;
  };
  const met = new Set();
  for (let host = 1; host <= 20; host += 1) {
    const from = `203.0.113.${host}`;
    const first = await poll("", from);
    const { name, socket } = await upgrade(address, "/socket.io/?EIO=4&transport=websocket&sid=abc", { "x-forwarded-for": from });
    socket.destroy();
    assert.deepEqual([await poll("&sid=abc", from), name], [first, first]);
    met.add(first);
  }
  assert.equal(met.size, 2, "addresses spread");
  const taken = [];
  for (let turn = 0; turn < 4; turn += 1) {
    const { name, socket } = await upgrade(address, "/socket.io/?EIO=4&transport=websocket");
    taken.push(name);
    socket.destroy();
  }
  assert.deepEqual(taken.sort(), ["one", "one", "two", "two"]);
});

test("a socket carries bytes both ways, and ends with its gateway", async () => {
  const gateway = await service("gateway");
  const { address, operations } = await web({ BATON_WEB__GATEWAY: `${await nobody()},${gateway.url}` });
  const { status, socket } = await upgrade(address, "/socket.io/?EIO=4&transport=websocket");
  assert.equal(status, 101);
  socket.write("hello");
  assert.equal(String((await once(socket, "data"))[0]), "hello");
  assert.match(await (await fetch(`${operations}/metrics`)).text(), /baton_web_sockets 1\n/);
  const closed = once(socket, "close");
  gateway.close();
  await closed;
  await assert.rejects(upgrade(address, "/socket.io/?EIO=4&transport=websocket"));
  assert.equal((await upgrade(address, "/v1/me")).status, 404);
});

test("told to end, the process finishes what it has begun, takes nothing new and exits with 0", async () => {
  const slow = createServer((_request, answer) => setTimeout(() => answer.end("done"), 400));
  const gateway = await service("gateway");
  slow.listen(0, "127.0.0.1");
  await once(slow, "listening");
  closers.push(() => slow.close());
  const child = spawn(process.execPath, [fileURLToPath(new URL("server.mjs", import.meta.url))], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      BATON_WEB__LISTEN: "127.0.0.1:0",
      BATON_OPERATIONS__LISTEN: "127.0.0.1:0",
      BATON_WEB__API: `http://127.0.0.1:${slow.address().port}`,
      BATON_WEB__GATEWAY: gateway.url,
    },
  });
  const { listen, operations } = JSON.parse(String((await once(child.stdout, "data"))[0]).split("\n")[0]);
  assert.equal((await fetch(`${operations}/livez`)).status, 200);
  const { socket } = await upgrade(listen, "/socket.io/?EIO=4&transport=websocket");
  const socketEnded = once(socket, "close");
  const asked = fetch(`${listen}/v1/slow`);
  const begun = once(slow, "request");
  await begun;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await socketEnded;
  assert.equal((await fetch(`${operations}/readyz`)).status, 503);
  await assert.rejects(fetch(`${listen}/config.json`));
  const answer = await asked;
  assert.equal(await answer.text(), "done");
  assert.equal(answer.headers.get("connection"), "close");
  assert.deepEqual(await ended, [0, null]);
});
