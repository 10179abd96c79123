// Checks the tree of the first argument, by the schema of the second, and ends with 1 when something is wrong.
import { check } from "./check.js";
import { HclParser } from "./parser.js";
import { format } from "./problem.js";
import { readSchema } from "./schema.js";
import type { Tree } from "./tree.js";
import { readTree } from "./tree.js";

const [, , root = "..", schemaFile = "schema/aws.json"] = process.argv;
const parser = await HclParser.create();
const schema = readSchema(schemaFile);
let tree: Tree | undefined;
const problems = check(schema, parser, (report) => (tree = readTree(root, parser, report)));
problems.forEach((problem) => console.log(format(problem)));

const modules = [...(tree?.modules.values() ?? [])];
const count = (size: (module: (typeof modules)[number]) => number): number =>
  modules.reduce((sum, module) => sum + size(module), 0);
const counts = [
  `${modules.length} modules`,
  `${count((each) => each.resources.size)} resources`,
  `${count((each) => each.data.size)} data sources`,
  `${count((each) => each.calls.size)} module calls`,
  `${count((each) => each.variables.size)} variables`,
  `${tree?.tests.size ?? 0} files of tests`,
];
console.log(`${counts.join(", ")}: ${problems.length} problems (hashicorp/aws ${schema.provider.version})`);
if (modules.length === 0) {
  console.log(`there is nothing to check under ${root}`);
}
process.exitCode = problems.length === 0 && modules.length > 0 ? 0 : 1;
