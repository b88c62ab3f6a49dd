/** Puts a compressed copy beside each hashed text file of the build, for the server to give to browsers that take it. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { constants, gzipSync } from "node:zlib";

/** Below this a copy saves less than its own name costs. */
const WORTH_BYTES = 1_024;

/** @param {string} folder The build's hashed files. */
export function compress(folder) {
  for (const name of readdirSync(folder)) {
    if (!/\.(js|css|svg|json)$/.test(name)) continue;
    const text = readFileSync(join(folder, name));
    if (text.length >= WORTH_BYTES) writeFileSync(join(folder, `${name}.gz`), gzipSync(text, { level: constants.Z_BEST_COMPRESSION }));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) compress(fileURLToPath(new URL("../dist/assets/", import.meta.url)));
