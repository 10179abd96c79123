import type { Context } from "../context.js";
import type { Declared, Module } from "../module.js";
import type { Place } from "../problem.js";
import { suggestion } from "../problem.js";
import type { Shape } from "../schema.js";
import { attributeType } from "../schema.js";
import type { Names } from "../scope.js";
import { NO_NAMES, Scope } from "../scope.js";
import type { Attribute, Block, Body } from "../syntax.js";
import { attribute, blocks } from "../syntax.js";
import { ANY, misfit } from "../types.js";

const META_ATTRIBUTES = new Set(["count", "for_each", "provider", "depends_on"]);
const META_BLOCKS = new Set(["lifecycle"]);
const LIFECYCLE: Shape = {
  attributes: {
    create_before_destroy: { type: "bool", use: "optional" },
    prevent_destroy: { type: "bool", use: "optional" },
    ignore_changes: { type: "any", use: "optional" },
    replace_triggered_by: { type: "any", use: "optional" },
  },
  blocks: {
    precondition: { min: 0, as: "list", ...condition() },
    postcondition: { min: 0, as: "list", ...condition() },
  },
};

function condition(): Shape {
  return {
    attributes: { condition: { type: "bool", use: "required" }, error_message: { type: "string", use: "required" } },
    blocks: {},
  };
}

/** Every resource, data source and provider against the provider's schema: names, what is required, blocks, types. */
export function checkArguments(context: Context): void {
  for (const module of context.tree.modules.values()) {
    const scope = new Scope(context.tree, module, context.schema, context.report);
    const bodies = new BodyCheck(context, scope);
    for (const kind of ["resources", "data"] as const) {
      for (const declared of module[kind].values()) {
        checkDeclared(context, bodies, scope, declared, kind);
      }
    }
    checkProviders(context, bodies, module);
  }
}

function checkDeclared(
  context: Context,
  bodies: BodyCheck,
  scope: Scope,
  declared: Declared,
  kind: "resources" | "data",
): void {
  const shape = context.schema[kind][declared.type];
  if (shape === undefined) {
    const near = suggestion(declared.type, Object.keys(context.schema[kind]));
    context.report(
      declared.at,
      "schema",
      `'${declared.type}' is not in the extract of the provider's schema: check its name${near}, then run 'make schema'`,
    );
    return;
  }
  bodies.check(
    declared.block.body,
    shape,
    declared.at,
    `${declared.type}.${declared.name}`,
    scope.namesOf(declared),
    true,
  );
}

function checkProviders(context: Context, bodies: BodyCheck, module: Module): void {
  for (const provider of module.providers) {
    if (provider.labels[0] !== "aws") {
      context.report(
        provider.at,
        "schema",
        `the provider '${provider.labels[0]}' is not known here: its schema was never derived`,
      );
    } else {
      bodies.check(provider.body, context.schema.configuration, provider.at, "provider.aws", NO_NAMES, false);
    }
  }
}

class BodyCheck {
  constructor(
    private readonly context: Context,
    private readonly scope: Scope,
  ) {}

  check(body: Body, shape: Shape, at: Place, what: string, names: Names, outermost: boolean): void {
    body.attributes.forEach((each) => this.argument(each, shape, what, names, outermost));
    body.blocks.forEach((each) => this.block(each, shape, what, names, outermost));
    for (const [name, each] of Object.entries(shape.attributes)) {
      if (each.use === "required" && attribute(body, name) === undefined) {
        this.report(at, `${what} lacks the argument '${name}'`);
      }
    }
    for (const [name, each] of Object.entries(shape.blocks)) {
      const written = blocks(body, name);
      const dynamic = blocks(body, "dynamic").some((block) => block.labels[0] === name);
      if (each.min > written.length && !dynamic) {
        this.report(at, `${what} lacks the block '${name}'`);
      }
      if (each.max !== undefined && written.length > each.max) {
        this.report(written[each.max]?.at ?? at, `${what} takes one block '${name}' and has ${written.length}`);
      }
    }
  }

  private argument(argument: Attribute, shape: Shape, what: string, names: Names, outermost: boolean): void {
    const actual = argument.name === "ignore_changes" ? undefined : this.scope.check(argument.value, names);
    if (outermost && META_ATTRIBUTES.has(argument.name)) {
      return;
    }
    const known = shape.attributes[argument.name];
    if (known === undefined) {
      const near = suggestion(argument.name, [...Object.keys(shape.attributes), ...Object.keys(shape.blocks)]);
      const message =
        shape.blocks[argument.name] === undefined
          ? `has no argument '${argument.name}'${near}`
          : `takes '${argument.name}' as a block, without '='`;
      this.report(argument.at, `${what} ${message}`);
      return;
    }
    if (known.use === "computed") {
      this.report(argument.at, `${what}: '${argument.name}' can be read only`);
      return;
    }
    const reason = actual === undefined ? undefined : misfit(actual, attributeType(known), argument.value);
    if (reason !== undefined) {
      this.report(argument.at, `${what}: '${argument.name}' ${reason}`, "type");
    }
  }

  private block(block: Block, shape: Shape, what: string, names: Names, outermost: boolean): void {
    if (outermost && META_BLOCKS.has(block.type)) {
      this.check(block.body, LIFECYCLE, block.at, `${what}.lifecycle`, { ...names, self: ANY }, false);
      return;
    }
    if (block.type === "dynamic") {
      this.dynamic(block, shape, what, names);
      return;
    }
    const known = shape.blocks[block.type];
    if (known === undefined) {
      const isArgument = shape.attributes[block.type] !== undefined;
      this.report(
        block.at,
        isArgument
          ? `${what} takes '${block.type}' as an argument, with '='`
          : `${what} has no block '${block.type}'${suggestion(block.type, Object.keys(shape.blocks))}`,
      );
      return;
    }
    if (block.labels.length > 0) {
      this.report(block.at, `${what}: the block '${block.type}' takes no label`);
    }
    this.check(block.body, known, block.at, `${what}.${block.type}`, names, false);
  }

  private dynamic(block: Block, shape: Shape, what: string, names: Names): void {
    const [label] = block.labels;
    const known = label === undefined ? undefined : shape.blocks[label];
    if (label === undefined || known === undefined) {
      this.report(
        block.at,
        `${what} has no block '${label ?? ""}' for a dynamic one${suggestion(label ?? "", Object.keys(shape.blocks))}`,
      );
      return;
    }
    const forEach = attribute(block.body, "for_each");
    const [content, ...more] = blocks(block.body, "content");
    if (forEach === undefined || content === undefined || more.length > 0) {
      this.report(block.at, `${what}: a dynamic block takes 'for_each' and one block 'content'`);
      return;
    }
    this.scope.check(forEach.value, names);
    this.check(content.body, known, content.at, `${what}.${label}`, this.scope.namesIn(block, names), false);
  }

  private report(at: Place, message: string, rule = "argument"): void {
    this.context.report(at, rule, message);
  }
}
