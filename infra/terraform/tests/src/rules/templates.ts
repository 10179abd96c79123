import { posix } from "node:path";
import type { Context } from "../context.js";
import type { HclParser } from "../parser.js";
import type { Expression } from "../syntax.js";
import { walk, walkBody } from "../syntax.js";

/** Calls of templatefile: the template is there, gets what it reads, and reads what it gets. */
export function checkTemplates(context: Context, parser: HclParser): void {
  for (const module of context.tree.modules.values()) {
    module.bodies.forEach((body) =>
      walkBody(body, (value) => {
        if (value.kind === "call" && value.name === "templatefile") {
          checkCall(context, parser, module.directory, value);
        }
      }),
    );
  }
}

function checkCall(context: Context, parser: HclParser, directory: string, call: Expression & { kind: "call" }): void {
  const [path, given] = call.args;
  const name = path?.kind === "template" ? /^"\$\{path\.module\}\/([^$]+)"$/.exec(path.text)?.[1] : undefined;
  if (name === undefined || given?.kind !== "object") {
    context.report(call.at, "template", 'a template is named as "${path.module}/…", and gets its values as an object');
    return;
  }
  const text = context.tree.templates.get(posix.join(directory, name));
  if (text === undefined) {
    context.report(call.at, "template", `there is no template '${name}' in ${directory}`);
    return;
  }
  const names = given.entries.flatMap((entry) => entry.name ?? []);
  const read = namesIn(text, name, parser, context);
  for (const missing of [...read].filter((each) => !names.includes(each))) {
    context.report(call.at, "template", `${name} reads '${missing}' and does not get it`);
  }
  for (const entry of given.entries.filter((each) => each.name !== undefined && !read.has(each.name))) {
    context.report(entry.key.at, "template", `${name} does not read '${entry.name}'`);
  }
}

/** What a template reads: as a heredoc it is an expression of the language, and read as one. */
function namesIn(text: string, name: string, parser: HclParser, context: Context): ReadonlySet<string> {
  const body = parser.parse(name, `template = <<END_OF_TEMPLATE\n${text}\nEND_OF_TEMPLATE\n`, context.report);
  const read = new Set<string>();
  for (const each of body.attributes) {
    walk(each.value, (value, bound) => {
      const local =
        each.value.kind === "template" && value.kind === "traversal" && each.value.bound.includes(value.root);
      if (value.kind === "traversal" && !bound.has(value.root) && !local) {
        read.add(value.root);
      }
    });
  }
  return read;
}
