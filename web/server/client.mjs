/** Who asks, and how: as far as a trusted proxy says so. */
import { isIPv6 } from "node:net";

/**
 * The client's address, whether it speaks TLS, and the headers that tell the services so: they trust this server, so
 * nothing that a stranger wrote into them may pass.
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:net").BlockList} proxies
 */
export function clientOf(request, proxies) {
  const trusts = (address) => proxies.check(address, isIPv6(address) ? "ipv6" : "ipv4");
  const peer = (request.socket.remoteAddress ?? "::").replace(/^::ffff:/, "").replace(/%.*$/, "");
  const trusted = trusts(peer);
  const hops = trusted ? split(request.headers["x-forwarded-for"]) : [];
  const https = trusted && request.headers["x-forwarded-proto"] === "https";
  const forwarded = { "x-forwarded-for": [...hops, peer].join(", "), "x-forwarded-proto": https ? "https" : "http" };
  return { address: hops.at(-1) ?? peer, https, forwarded };
}

const split = (header) => (header === undefined ? [] : String(header).split(/\s*,\s*/));
