// What the first load of each page asks a browser to run, gzipped; fails above its bound.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", DIST), "utf8"));

/** Each page with what it loads before its main screen shows: its own imports and these. */
const PAGES = [
  { name: "agent app", entry: "index.html", also: ["src/inbox/InboxPage.tsx", "src/thread/TicketPage.tsx"], bound: 250_000 },
  { name: "portal", entry: "portal/index.html", also: [/^src\/portal\//], bound: 120_000 },
];

/** The scripts that `key` brings: its own, those it imports, and the words of English, which every page asks for. */
function scripts(key, found = new Set()) {
  const chunk = manifest[key];
  if (chunk === undefined) throw new Error(`dist has no ${key}; build it first`);
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const imported of chunk.imports ?? []) scripts(imported, found);
  return found;
}

let failed = false;
for (const { name, entry, also, bound } of PAGES) {
  const wanted = (key) => also.some((one) => (one instanceof RegExp ? one.test(key) : one === key));
  const keys = [entry, ...Object.keys(manifest).filter((key) => wanted(key) || /^src\/i18n\/en\//.test(key))];
  const files = new Set(keys.flatMap((key) => [...scripts(key)]).filter((file) => file.endsWith(".js")));
  const bytes = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length, 0);
  console.log(`${name}: ${(bytes / 1000).toFixed(1)} kB of script, gzip, in ${files.size} files (bound ${bound / 1000} kB)`);
  failed ||= bytes >= bound;
}
if (failed) {
  console.error("the first load is too heavy");
  process.exit(1);
}
