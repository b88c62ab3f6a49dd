// What the first load of each page asks a browser to run, gzipped; fails above its bound.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url);

/** Each page with what it loads until its list and a conversation are shown: its own imports, these, and English. */
const PAGES = [
  { name: "agent app", manifest: "app", entry: "index.html", also: /^src\/(inbox\/InboxPage|thread\/TicketPage)\.tsx$/, words: /./, bound: 250_000 },
  { name: "portal", manifest: "portal", entry: "portal/index.html", also: /^src\/portal\//, words: /(portal|thread|signin)\.json$/, bound: 120_000 },
];

/** The scripts that `key` brings: its own and those it imports. */
function scripts(manifest, key, found = new Set()) {
  const chunk = manifest[key];
  if (chunk === undefined) throw new Error(`dist has no ${key}; build it first`);
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const imported of chunk.imports ?? []) scripts(manifest, imported, found);
  return found;
}

let failed = false;
for (const { name, manifest: file, entry, also, words, bound } of PAGES) {
  const manifest = JSON.parse(readFileSync(new URL(`.vite/${file}.json`, DIST), "utf8"));
  const wanted = (key) => also.test(key) || (/^src\/i18n\/en\//.test(key) && words.test(key));
  const keys = [entry, ...Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry && wanted(key))];
  const files = new Set(keys.flatMap((key) => [...scripts(manifest, key)]).filter((one) => one.endsWith(".js")));
  const bytes = [...files].reduce((sum, one) => sum + gzipSync(readFileSync(new URL(one, DIST)), { level: 9 }).length, 0);
  console.log(`${name}: ${(bytes / 1000).toFixed(1)} kB of script, gzip, in ${files.size} files (bound ${bound / 1000} kB)`);
  failed ||= bytes >= bound;
}
if (failed) {
  console.error("the first load is too heavy");
  process.exit(1);
}
