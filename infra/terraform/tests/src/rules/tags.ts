import { posix } from "node:path";
import type { Context } from "../context.js";
import type { Module } from "../module.js";
import { defaultTags, sourceOf } from "../module.js";
import { attribute, blocks, walkBody } from "../syntax.js";
import type { Tree } from "../tree.js";

/** Each plan would differ from the last one. */
const UNSTABLE = new Set(["timestamp", "plantimestamp", "uuid", "bcrypt"]);

/** Where tags are blocks, the provider's default tags do not reach. */
const TAG_BLOCKS = ["tag", "tag_specifications"];

/** Whatever can have tags has some, and the same ones in every plan. */
export function checkTags(context: Context): void {
  for (const module of context.tree.modules.values()) {
    for (const body of module.bodies) {
      walkBody(body, (value) => {
        if (value.kind === "call" && UNSTABLE.has(value.name)) {
          context.report(value.at, "tags", `'${value.name}()' makes every plan a change`);
        }
      });
    }
    checkTagged(context, module);
  }
}

function checkTagged(context: Context, module: Module): void {
  const roots = rootsOf(context.tree, module);
  const uncovered = roots.filter((root) => !hasDefaultTags(root));
  for (const resource of module.resources.values()) {
    const shape = context.schema.resources[resource.type];
    if (shape === undefined) {
      continue;
    }
    const { body } = resource.block;
    const name = `${resource.type}.${resource.name}`;
    for (const block of TAG_BLOCKS.filter((each) => shape.blocks[each] !== undefined)) {
      const dynamic = blocks(body, "dynamic").some((each) => each.labels[0] === block);
      if (blocks(body, block).length === 0 && !dynamic) {
        context.report(
          resource.at,
          "tags",
          `${name} has no block '${block}', and default tags do not reach what it makes`,
        );
      }
    }
    const taggable = shape.attributes["tags"]?.use === "optional";
    if (taggable && attribute(body, "tags") === undefined && (uncovered.length > 0 || roots.length === 0)) {
      const where = uncovered.map((each) => each.directory).join(", ");
      context.report(
        resource.at,
        "tags",
        `${name} has no tags${where === "" ? "" : `, and the provider of ${where} sets none`}`,
      );
    }
  }
}

function hasDefaultTags(root: Module): boolean {
  const tags = defaultTags(root);
  return tags !== undefined && !(tags.kind === "object" && tags.entries.length === 0);
}

/** The modules with a provider that call this one, by whatever way. */
function rootsOf(tree: Tree, module: Module, seen: ReadonlySet<string> = new Set()): Module[] {
  if (seen.has(module.directory)) {
    return [];
  }
  const path = new Set([...seen, module.directory]);
  const callers = [...tree.modules.values()].filter((each) =>
    [...each.calls.values()].some((call) => posix.join(each.directory, sourceOf(call) ?? "") === module.directory),
  );
  const own = module.providers.length > 0 ? [module] : [];
  return [...new Set([...own, ...callers.flatMap((each) => rootsOf(tree, each, path))])];
}
