import type { Context } from "../context.js";
import type { Module, Variable } from "../module.js";
import type { Report } from "../problem.js";
import { NO_NAMES, Scope } from "../scope.js";
import { attribute, blocks, literalText, walkBody } from "../syntax.js";
import { misfit } from "../types.js";

/** Values that some resource hands out: what is wrong with them only AWS can say. */
const HANDED_OUT = /(^|_)(id|ids|arn|arns|url|endpoint|brokers|host|prefix|cidr_blocks|image|key|zone_name|dimension)$/;

/** Variables and outputs say what they are, values are checked where they come in, and nothing is declared in vain. */
export function checkDeclarations(context: Context): void {
  for (const module of context.tree.modules.values()) {
    const scope = new Scope(context.tree, module, context.schema, context.report);
    for (const variable of module.variables.values()) {
      checkVariable(module, variable, scope, context.report);
    }
    for (const [name, output] of module.outputs) {
      if (!hasText(literalText(attribute(output.body, "description")?.value))) {
        context.report(output.at, "description", `the output '${name}' has no description`);
      }
      const value = attribute(output.body, "value");
      if (value === undefined) {
        context.report(output.at, "argument", `the output '${name}' has no value`);
      } else {
        scope.check(value.value, NO_NAMES);
      }
    }
    module.locals.forEach((each) => scope.check(each.value, NO_NAMES));
    checkUnused(module, context.report);
    checkVersions(module, context.report);
  }
}

function checkVariable(module: Module, variable: Variable, scope: Scope, report: Report): void {
  const { body } = variable.block;
  const what = `the variable '${variable.name}'`;
  if (!hasText(literalText(attribute(body, "description")?.value))) {
    report(variable.at, "description", `${what} has no description`);
  }
  if (variable.type === undefined) {
    report(variable.at, "type", `${what} has no type, or one that cannot be read`);
    return;
  }
  const initial = attribute(body, "default");
  if (initial !== undefined) {
    const reason = misfit(scope.check(initial.value, NO_NAMES), variable.type, initial.value);
    if (reason !== undefined) {
      report(initial.at, "type", `the default of ${what} ${reason}`);
    }
  }
  for (const each of body.attributes) {
    if (!["type", "description", "default", "sensitive", "nullable", "ephemeral"].includes(each.name)) {
      report(each.at, "argument", `a variable has no argument '${each.name}'`);
    }
  }
  body.blocks
    .filter((each) => each.type !== "validation")
    .forEach((each) => report(each.at, "argument", `a variable has no block '${each.type}'`));
  const validations = blocks(body, "validation");
  for (const validation of validations) {
    for (const name of ["condition", "error_message"]) {
      const given = attribute(validation.body, name);
      if (given === undefined) {
        report(validation.at, "argument", `a validation of ${what} lacks '${name}'`);
      } else {
        scope.check(given.value, NO_NAMES);
      }
    }
  }
  const checked =
    variable.type.kind === "number" || (variable.type.kind === "string" && !HANDED_OUT.test(variable.name));
  // A root passes its values on, and the module that takes them checks them.
  if (checked && validations.length === 0 && !module.directory.startsWith("environments/")) {
    report(variable.at, "validation", `${what} is a ${variable.type.kind} of one's own choice and has no validation`);
  }
}

function checkUnused(module: Module, report: Report): void {
  const used = new Set<string>();
  for (const block of module.bodies.flatMap((body) => body.blocks)) {
    walkBody(block.body, (value) => {
      if (value.kind !== "traversal") {
        return;
      }
      const names = value.steps.flatMap((step) => (step.kind === "attribute" ? [step.name] : []));
      const name = [value.root, ...names.slice(0, value.root === "data" ? 2 : 1)].join(".");
      // A validation of a variable is no use of it.
      if (block.type !== "variable" || name !== `var.${block.labels[0]}`) {
        used.add(name);
      }
    });
  }
  const unused = [
    ...[...module.variables.values()].map((each) => ({ name: `var.${each.name}`, at: each.at })),
    ...[...module.locals.values()].map((each) => ({ name: `local.${each.name}`, at: each.at })),
    ...[...module.data.entries()].map(([name, each]) => ({ name: `data.${name}`, at: each.at })),
  ].filter((each) => !used.has(each.name));
  unused.forEach((each) => report(each.at, "unused", `nothing reads '${each.name}'`));
}

/** Every module says which Terraform and which provider it is for. */
function checkVersions(module: Module, report: Report): void {
  const body = module.settings.map((each) => each.body);
  const at = module.bodies.flatMap((each) => each.blocks)[0]?.at;
  if (at === undefined) {
    return;
  }
  if (!body.some((each) => attribute(each, "required_version") !== undefined)) {
    report(at, "version", `${module.directory} does not say which Terraform it needs`);
  }
  const wanted = body.flatMap((each) => blocks(each, "required_providers")).flatMap((each) => each.body.attributes);
  if (module.resources.size > 0 && !wanted.some((each) => each.name === "aws")) {
    report(at, "version", `${module.directory} does not say which provider it needs`);
  }
  for (const each of wanted) {
    const names = each.value.kind === "object" ? each.value.entries.map((entry) => entry.name ?? "") : [];
    if (
      !names.includes("source") ||
      !names.includes("version") ||
      names.some((name) => !["source", "version", "configuration_aliases"].includes(name))
    ) {
      report(
        each.at,
        "version",
        `the provider '${each.name}' is wanted by 'source' and 'version', and has ${names.join(", ") || "neither"}`,
      );
    }
  }
}

function hasText(text: string | undefined): boolean {
  return text !== undefined && text.trim().length >= 8;
}
