import { posix } from "node:path";
import type { Context } from "../context.js";
import type { Module } from "../module.js";
import { suggestion } from "../problem.js";
import { NO_NAMES, Scope } from "../scope.js";
import type { Block, Body } from "../syntax.js";
import { attribute, blocks, literalText } from "../syntax.js";
import { misfit } from "../types.js";

/** Tests for `terraform test` speak of variables, resources and outputs that are there; values belong to variables. */
export function checkTests(context: Context): void {
  for (const [path, body] of context.tree.tests) {
    const module = context.tree.modules.get(posix.dirname(posix.dirname(path)));
    if (module === undefined) {
      context.report({ file: path, line: 1, column: 1 }, "test", "there is no module above the directory of this test");
      continue;
    }
    checkTest(context, body, module);
  }
  for (const [path, body] of context.tree.values) {
    const module = context.tree.modules.get(posix.dirname(path));
    if (module === undefined) {
      context.report({ file: path, line: 1, column: 1 }, "value", "there is no root module beside these values");
    } else {
      checkValues(context, module, body, "value");
    }
  }
  checkGiven(context);
}

function checkTest(context: Context, body: Body, module: Module): void {
  const runs = new Set<string>();
  blocks(body, "variables").forEach((each) => checkValues(context, module, each.body, "test"));
  for (const block of body.blocks) {
    if (block.type === "mock_provider") {
      checkMock(context, block);
    } else if (block.type === "run") {
      checkRun(context, block, module, runs);
      runs.add(block.labels[0] ?? "");
    } else if (block.type !== "variables") {
      context.report(block.at, "test", `a test has no block '${block.type}'`);
    }
  }
}

function checkMock(context: Context, mock: Block): void {
  for (const block of mock.body.blocks) {
    const kind = block.type === "mock_data" ? "data" : "resources";
    const [type] = block.labels;
    const shape = type === undefined ? undefined : context.schema[kind][type];
    const defaults = attribute(block.body, "defaults")?.value;
    if (shape === undefined || defaults?.kind !== "object") {
      context.report(block.at, "test", `'${type ?? ""}' is nothing that the modules use, or lacks its defaults`);
      continue;
    }
    for (const entry of defaults.entries) {
      if (entry.name !== undefined && shape.attributes[entry.name] === undefined) {
        context.report(
          block.at,
          "test",
          `'${type}' has no '${entry.name}'${suggestion(entry.name, Object.keys(shape.attributes))}`,
        );
      }
    }
  }
}

function checkRun(context: Context, run: Block, module: Module, earlier: ReadonlySet<string>): void {
  const scope = new Scope(context.tree, module, context.schema, context.report, earlier);
  blocks(run.body, "variables").forEach((each) => checkValues(context, module, each.body, "test"));
  const failures = attribute(run.body, "expect_failures");
  failures !== undefined && scope.check(failures.value, NO_NAMES);
  const asserts = blocks(run.body, "assert");
  for (const assert of asserts) {
    const condition = attribute(assert.body, "condition");
    if (condition === undefined || literalText(attribute(assert.body, "error_message")?.value) === undefined) {
      context.report(assert.at, "test", "an assert has a condition and an error_message");
      continue;
    }
    scope.check(condition.value, NO_NAMES);
  }
  if (asserts.length === 0 && failures === undefined) {
    context.report(run.at, "test", `the run '${run.labels[0] ?? ""}' asserts nothing`);
  }
}

function checkValues(context: Context, module: Module, body: Body, rule: string): void {
  const scope = new Scope(context.tree, module, context.schema, context.report);
  for (const each of body.attributes) {
    const variable = module.variables.get(each.name);
    if (variable === undefined) {
      context.report(
        each.at,
        rule,
        `${module.directory} has no variable '${each.name}'${suggestion(each.name, module.variables.keys())}`,
      );
      continue;
    }
    const reason =
      variable.type === undefined ? undefined : misfit(scope.check(each.value, NO_NAMES), variable.type, each.value);
    if (reason !== undefined) {
      context.report(each.at, "type", `'${each.name}' ${reason}`);
    }
  }
}

/** A root with files of values gets a value from them for every variable that has no default. */
function checkGiven(context: Context): void {
  for (const module of context.tree.modules.values()) {
    const given = [...context.tree.values]
      .filter(([path]) => posix.dirname(path) === module.directory)
      .map(([, body]) => body);
    if (given.length === 0) {
      continue;
    }
    for (const variable of module.variables.values()) {
      if (!variable.hasDefault && !given.some((body) => attribute(body, variable.name) !== undefined)) {
        context.report(variable.at, "value", `no file of values beside ${module.directory} sets '${variable.name}'`);
      }
    }
  }
}
