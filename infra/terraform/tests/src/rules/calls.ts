import { posix } from "node:path";
import type { Context } from "../context.js";
import type { Declared, Module } from "../module.js";
import { sourceOf } from "../module.js";
import { suggestion } from "../problem.js";
import { Scope } from "../scope.js";
import { attribute } from "../syntax.js";
import { misfit } from "../types.js";

const META = new Set(["source", "version", "count", "for_each", "providers", "depends_on"]);

/** Calls of modules: the module is there, gets the variables that it requires, and none that it does not have. */
export function checkCalls(context: Context): void {
  for (const module of context.tree.modules.values()) {
    const scope = new Scope(context.tree, module, context.schema, context.report);
    for (const call of module.calls.values()) {
      checkCall(context, module, call, scope);
    }
  }
}

function checkCall(context: Context, module: Module, call: Declared, scope: Scope): void {
  const source = sourceOf(call);
  const called = source === undefined ? undefined : context.tree.modules.get(posix.join(module.directory, source));
  for (const each of call.block.body.blocks) {
    context.report(each.at, "call", `a module call has no block '${each.type}'`);
  }
  const types = new Map(
    call.block.body.attributes.map((each) => [each.name, scope.check(each.value, scope.namesOf(call))]),
  );
  if (called === undefined) {
    context.report(call.at, "call", `there is no module at '${source ?? ""}'`);
    return;
  }
  for (const argument of call.block.body.attributes) {
    if (META.has(argument.name)) {
      continue;
    }
    const variable = called.variables.get(argument.name);
    if (variable === undefined) {
      context.report(
        argument.at,
        "call",
        `${called.directory} has no variable '${argument.name}'${suggestion(argument.name, called.variables.keys())}`,
      );
      continue;
    }
    const actual = types.get(argument.name);
    const reason =
      actual === undefined || variable.type === undefined ? undefined : misfit(actual, variable.type, argument.value);
    if (reason !== undefined) {
      context.report(argument.at, "type", `module '${call.name}': '${argument.name}' ${reason}`);
    }
  }
  for (const variable of called.variables.values()) {
    if (!variable.hasDefault && attribute(call.block.body, variable.name) === undefined) {
      context.report(
        call.at,
        "call",
        `module '${call.name}' lacks the variable '${variable.name}', which ${called.directory} requires`,
      );
    }
  }
}
