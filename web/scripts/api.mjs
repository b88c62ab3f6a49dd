// Generates src/api/schema.d.ts from the OpenAPI document; with --check only says whether it is current.
import { readFile, writeFile } from "node:fs/promises";
import openapi, { astToString } from "openapi-typescript";

const DOCUMENT = new URL("../../services/api/tests/http/snapshots/http__edges__openapi.snap", import.meta.url);
const SCHEMA = new URL("../src/api/schema.d.ts", import.meta.url);

// The snapshot's own header stands between two lines of dashes.
const document = JSON.parse((await readFile(DOCUMENT, "utf8")).replace(/^---\n.*?\n---\n/s, ""));
const generated = `// Generated from the OpenAPI document by \`npm run api\`. Do not edit.\n\n${astToString(
  await openapi(document, { alphabetize: true }),
)}`;

if (process.argv.includes("--check")) {
  const current = await readFile(SCHEMA, "utf8").catch(() => "");
  if (current !== generated) {
    console.error("src/api/schema.d.ts is older than the OpenAPI document: run `npm run api`");
    process.exit(1);
  }
} else {
  await writeFile(SCHEMA, generated);
}
