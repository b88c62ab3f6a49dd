/** The built app: pages, what they load, and what browsers may do with them. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import sirv from "sirv";

import { clientOf } from "./client.mjs";

/** What the build writes where the nonce of the page belongs. */
const NONCE = "__CSP_NONCE__";
/** Names of these files change with their content. */
const HASHED = "/assets/";

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' 'nonce-${NONCE}'`,
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "media-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Permissions-Policy":
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=(), display-capture=(), browsing-topics=()",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

export class Site {
  #dist;
  #settings;
  #files;

  /** @param {string} dist The folder that `npm run build` writes. */
  constructor(dist, settings) {
    this.#dist = dist;
    this.#settings = settings;
    // `dev`: files are looked up when asked for, so that a new build shows without a restart.
    this.#files = sirv(dist, { dev: true, etag: true, gzip: true, extensions: [], setHeaders: cacheFor });
  }

  /** Whether there is something to serve. */
  get built() {
    return existsSync(join(this.#dist, "index.html"));
  }

  /** Answers `request`, whatever it asks for. */
  answer(path, request, answer) {
    this.#secure(request, answer);
    if (request.method !== "GET" && request.method !== "HEAD") {
      answer.setHeader("Allow", "GET, HEAD");
      return say(answer, 405, "only GET and HEAD");
    }
    if (path === "/config.json") {
      answer.setHeader("Cache-Control", "no-store");
      return say(answer, 200, JSON.stringify(this.#settings.config), "application/json");
    }
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (!name.includes(".") || name.endsWith(".html")) return this.#page(path, answer);
    // Neither hidden files nor the build's own notes.
    if (path.split("/").some((part) => part.startsWith("."))) return notFound(answer);
    return this.#files(request, answer, () => notFound(answer));
  }

  /** Every address of the app is the same page: what it shows is decided in the browser. */
  async #page(path, answer) {
    const file = path === "/portal" || path.startsWith("/portal/") ? "portal/index.html" : "index.html";
    let html;
    try {
      html = await readFile(join(this.#dist, file), "utf8");
    } catch {
      answer.setHeader("Retry-After", "5");
      return say(answer, 503, "the app is not built");
    }
    const nonce = randomBytes(18).toString("base64url");
    answer.setHeader("Content-Security-Policy", POLICY.replaceAll(NONCE, nonce));
    answer.setHeader("Cache-Control", "no-store");
    say(answer, 200, html.replaceAll(NONCE, nonce), "text/html");
  }

  #secure(request, answer) {
    for (const [name, value] of Object.entries(HEADERS)) answer.setHeader(name, value);
    // A page brings its own; anything else runs nothing and loads nothing.
    answer.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (clientOf(request, this.#settings.proxies).https) {
      answer.setHeader("Strict-Transport-Security", "max-age=31536000");
    }
  }
}

function cacheFor(answer, path) {
  answer.setHeader("Cache-Control", path.startsWith(HASHED) ? "public, max-age=31536000, immutable" : "no-cache");
}

const notFound = (answer) => say(answer, 404, "there is nothing here");

function say(answer, status, body, type = "text/plain") {
  answer.statusCode = status;
  answer.setHeader("Content-Type", `${type}; charset=utf-8`);
  answer.setHeader("Content-Length", Buffer.byteLength(body));
  answer.end(answer.req.method === "HEAD" ? undefined : body);
}
