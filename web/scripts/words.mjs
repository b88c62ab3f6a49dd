// Every language has exactly the words of English, with the same variables.
import { readdir, readFile } from "node:fs/promises";

const FOLDER = new URL("../src/i18n/", import.meta.url);
const flat = (value, path = "") =>
  typeof value === "string" ? [[path, value]] : Object.entries(value).flatMap(([key, inner]) => flat(inner, path ? `${path}.${key}` : key));
const variables = (text) => (text.match(/{{\s*(\w+)/g) ?? []).map((found) => found.replace(/{{\s*/, "")).sort().join(" ");
const read = async (language, file) => new Map(flat(JSON.parse(await readFile(new URL(`${language}/${file}`, FOLDER), "utf8"))));

const folders = (await readdir(FOLDER, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
const areas = (await readdir(new URL("en/", FOLDER))).filter((name) => name.endsWith(".json"));
const wrong = [];
for (const language of folders.filter((name) => name !== "en")) {
  for (const area of areas) {
    const english = await read("en", area);
    const other = await read(language, area).catch(() => new Map());
    for (const [key, text] of english) {
      if (!other.has(key)) wrong.push(`${language}/${area}: ${key} is missing`);
      else if (variables(other.get(key)) !== variables(text)) wrong.push(`${language}/${area}: ${key} has other variables`);
    }
    for (const key of other.keys()) if (!english.has(key)) wrong.push(`${language}/${area}: ${key} is not in English`);
  }
}
if (wrong.length > 0) {
  console.error(wrong.join("\n"));
  process.exit(1);
}
