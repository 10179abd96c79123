import type { Context } from "./context.js";
import type { HclParser } from "./parser.js";
import type { Problem, Report } from "./problem.js";
import { format } from "./problem.js";
import { checkArguments } from "./rules/arguments.js";
import { checkCalls } from "./rules/calls.js";
import { checkDeclarations } from "./rules/declarations.js";
import { checkDocuments } from "./rules/documents.js";
import { checkExposure } from "./rules/exposure.js";
import { checkSecrets } from "./rules/secrets.js";
import { checkTags } from "./rules/tags.js";
import { checkTemplates } from "./rules/templates.js";
import { checkTests } from "./rules/tests.js";
import type { Schema } from "./schema.js";
import type { Tree } from "./tree.js";

const RULES: readonly ((context: Context) => void)[] = [
  checkArguments,
  checkCalls,
  checkDeclarations,
  checkExposure,
  checkTags,
  checkSecrets,
  checkTests,
  checkDocuments,
];

/** All problems of a tree, in the order of files and lines, each once; `read` reads the tree and reports what it cannot. */
export function check(schema: Schema, parser: HclParser, read: (report: Report) => Tree): Problem[] {
  const problems = new Map<string, Problem>();
  const report: Report = (at, rule, message) => {
    const problem = { at, rule, message };
    problems.set(format(problem), problem);
  };
  const tree = read(report);
  const context = { tree, schema, report };
  RULES.forEach((rule) => rule(context));
  checkTemplates(context, parser);
  return [...problems.values()].sort(
    (left, right) =>
      left.at.file.localeCompare(right.at.file) || left.at.line - right.at.line || left.at.column - right.at.column,
  );
}
