/** What the environment says: the same names and manners as the services' settings. */
import { isIP, BlockList } from "node:net";

const PREFIX = "BATON_WEB__";

/** @typedef {{ host: string, port: number }} Address */

/**
 * The settings of `environment`; unknown ones are refused, for a mistyped setting must not become a default.
 * @param {Record<string, string | undefined>} environment
 */
export function readSettings(environment) {
  const read = (name, fallback) => environment[name] || fallback;
  const settings = {
    listen: address(read("BATON_WEB__LISTEN", "127.0.0.1:8082")),
    operations: address(read("BATON_OPERATIONS__LISTEN", "127.0.0.1:9185")),
    api: list(read("BATON_WEB__API", "http://127.0.0.1:8080")).map(upstream),
    gateway: list(read("BATON_WEB__GATEWAY", "http://127.0.0.1:8081")).map(upstream),
    /** Whose `X-Forwarded-…` is believed. */
    proxies: networks(list(read("BATON_WEB__TRUSTED_PROXIES", "127.0.0.0/8,::1"))),
    /** What pages are told of the installation. */
    config: {
      organization: read("BATON_WEB__ORGANIZATION", null),
      languages: list(read("BATON_WEB__LANGUAGES", "en,de")),
    },
  };
  const known = ["LISTEN", "API", "GATEWAY", "TRUSTED_PROXIES", "ORGANIZATION", "LANGUAGES"];
  const unknown = Object.keys(environment).find(
    (name) => name.startsWith(PREFIX) && !known.includes(name.slice(PREFIX.length)),
  );
  if (unknown) throw new Error(`${unknown} is no setting; known here: ${known.map((name) => PREFIX + name).join(", ")}`);
  if (settings.api.length === 0 || settings.gateway.length === 0) throw new Error("an upstream must be named");
  return settings;
}

const list = (text) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

/** @returns {Address} */
function address(text) {
  const [, host, port] = /^(.+):(\d+)$/.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535) throw new Error(`${text} is not an address such as 127.0.0.1:8082`);
  return { host: host.replace(/^\[(.*)\]$/, "$1"), port: Number(port) };
}

/** @returns {Address} */
function upstream(text) {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== "http:" || url.pathname !== "/") throw new Error(`${text} is not an upstream such as http://api:8080`);
  return { host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(url.port || 80) };
}

function networks(texts) {
  const found = new BlockList();
  for (const text of texts) {
    const [base, bits] = text.split("/");
    const version = isIP(base);
    if (version === 0) throw new Error(`BATON_WEB__TRUSTED_PROXIES: ${text} is neither an address nor a network`);
    found.addSubnet(base, Number(bits ?? (version === 4 ? 32 : 128)), `ipv${version}`);
  }
  return found;
}
