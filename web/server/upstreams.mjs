/** The servers behind this one. Which one is asked first depends on who asks; who is away is passed over. */
import { createHash } from "node:crypto";
import { Agent } from "node:http";
import { connect } from "node:net";

/** How long a server may take to accept; then the next one is tried. */
const CONNECT_WITHIN_MS = 2_000;

/** @typedef {import("./settings.mjs").Address} Address */

/** Replicas of one service. */
export class Upstreams {
  #routes;
  #turn = 0;

  /** @param {Address[]} addresses */
  constructor(addresses) {
    this.#routes = addresses.map((_, first) => new Route([...addresses.slice(first), ...addresses.slice(0, first)]));
  }

  /** By turns. */
  next() {
    this.#turn = (this.#turn + 1) % this.#routes.length;
    return this.#routes[this.#turn];
  }

  /** The same for the same `key`, as long as it is there. */
  of(key) {
    const number = createHash("sha256").update(key).digest().readUInt32BE();
    return this.#routes[number % this.#routes.length];
  }
}

/**
 * Connects to the first of its addresses that accepts. It does so below HTTP, where no byte of a request is lost to a
 * server that is away. Connections are not kept: a kept one may be closed by the other side just when it is used.
 */
class Route extends Agent {
  #addresses;

  /** @param {Address[]} addresses */
  constructor(addresses) {
    super({ keepAlive: false });
    this.#addresses = addresses;
  }

  /** What the first one is called. */
  get target() {
    const [{ host, port }] = this.#addresses;
    return { protocol: "http:", host, hostname: host, port };
  }

  createConnection(_options, done) {
    reach(this.#addresses, done);
  }
}

/** @param {Address[]} addresses */
function reach([first, ...others], done) {
  const socket = connect({ ...first, noDelay: true });
  const failed = (error) => {
    if (others.length > 0) reach(others, done);
    else done(error);
  };
  socket.setTimeout(CONNECT_WITHIN_MS, () => socket.destroy(new Error(`${first.host}:${first.port} does not accept`)));
  socket.once("error", failed);
  socket.once("connect", () => {
    socket.setTimeout(0);
    socket.removeAllListeners("timeout");
    socket.off("error", failed);
    done(null, socket);
  });
}
