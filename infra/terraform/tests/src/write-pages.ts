// Writes the tables of the pages of all modules under the first argument; with --check only says which are out of date.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withTables } from "./pages.js";
import { HclParser } from "./parser.js";
import { readTree } from "./tree.js";

const root = process.argv[2] ?? "..";
const checkOnly = process.argv.includes("--check");
const tree = readTree(root, await HclParser.create(), (at, rule, message) => {
  throw new Error(`${at.file}:${at.line}: [${rule}] ${message}`);
});
const modules = [...tree.modules.values()].filter((module) => module.directory.startsWith("modules/"));
for (const module of modules) {
  const file = join(root, module.directory, "README.md");
  const page = readFileSync(file, "utf8");
  const written = withTables(page, module);
  if (written !== page && checkOnly) {
    console.log(`${module.directory}/README.md: [page] inputs or outputs have changed: run 'make pages'`);
    process.exitCode = 1;
  } else if (written !== page) {
    writeFileSync(file, written);
  }
}
console.log(`${modules.length} pages ${checkOnly ? "compared with" : "written from"} their modules`);
