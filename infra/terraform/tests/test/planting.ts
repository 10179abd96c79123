import assert from "node:assert/strict";
import { check } from "../src/check.js";
import { HclParser } from "../src/parser.js";
import type { Problem } from "../src/problem.js";
import { format } from "../src/problem.js";
import { readSchema } from "../src/schema.js";
import { treeOf } from "../src/tree.js";
import { CLEAN } from "./clean.js";

const parser = await HclParser.create();
export const SCHEMA = readSchema("schema/aws.json");

/** One mistake: in which file, which text is replaced (its first occurrence), and by what. */
export interface Mistake {
  readonly file: string;
  readonly old: string;
  readonly wrong: string;
}

export const STORE = "modules/store/main.tf";

/** The problems of the clean tree with mistakes in it. */
export function problemsWith(...mistakes: readonly Mistake[]): Problem[] {
  const files = new Map(Object.entries(CLEAN));
  for (const { file, old, wrong } of mistakes) {
    const text = files.get(file) ?? "";
    assert.ok(text.includes(old), `${file} has no '${old}' to replace`);
    files.set(
      file,
      text.replace(old, () => wrong),
    );
  }
  return check(SCHEMA, parser, (report) => treeOf(files, parser, report));
}

/** One mistake gives one problem: by this rule, with these words, in the line of the mistake unless another is said. */
export function found(mistake: Mistake, rule: string, words: RegExp, at?: string): void {
  const problems = problemsWith(mistake);
  assert.equal(problems.length, 1, `one problem and not: ${problems.map(format).join("\n") || "none"}`);
  const [problem] = problems;
  assert.equal(problem?.rule, rule);
  assert.match(problem?.message ?? "", words);
  assert.equal(problem?.at.file, mistake.file);
  const text = CLEAN[mistake.file]?.replace(mistake.old, () => mistake.wrong) ?? "";
  const place = text.indexOf(at ?? mistake.wrong.trimStart());
  assert.equal(problem?.at.line, text.slice(0, place).split("\n").length, "the line of the problem");
}
