import type { HclParser } from "./parser.js";
import type { Place, Report } from "./problem.js";
import type { Attribute, Block, Body, Expression } from "./syntax.js";
import { attribute, blocks, literalText } from "./syntax.js";
import type { Type } from "./types.js";
import { declaredType } from "./types.js";

export interface Variable {
  readonly name: string;
  readonly type: Type | undefined;
  readonly hasDefault: boolean;
  readonly block: Block;
  readonly at: Place;
}

/** A resource, data source or module call, and whether there are several of it. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly repeated: "no" | "count" | "for_each";
  readonly block: Block;
  readonly at: Place;
}

/** One directory of configuration. */
export interface Module {
  readonly directory: string;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly locals: ReadonlyMap<string, Attribute>;
  readonly resources: ReadonlyMap<string, Declared>;
  readonly data: ReadonlyMap<string, Declared>;
  readonly outputs: ReadonlyMap<string, Block>;
  readonly calls: ReadonlyMap<string, Declared>;
  readonly providers: readonly Block[];
  readonly settings: readonly Block[];
  readonly bodies: readonly Body[];
}

/** Reads the `.tf` files of a directory, given by their paths and texts. */
export function readModule(
  directory: string,
  files: ReadonlyMap<string, string>,
  parser: HclParser,
  report: Report,
): Module {
  const bodies = [...files].map(([file, text]) => parser.parse(file, text, report));
  const all = bodies.flatMap((body) => body.blocks);
  bodies
    .flatMap((body) => body.attributes)
    .forEach((each) => report(each.at, "syntax", `'${each.name}' stands outside of any block`));
  const unique = <T>(entries: readonly (readonly [string, T, Place])[]): ReadonlyMap<string, T> => {
    const result = new Map<string, T>();
    for (const [name, value, at] of entries) {
      if (result.has(name)) {
        report(at, "declaration", `'${name}' is declared twice`);
      }
      result.set(name, value);
    }
    return result;
  };
  const ofType = (type: string, labels: number): Block[] =>
    all.filter(
      (block) =>
        block.type === type &&
        (block.labels.length === labels || (report(block.at, "syntax", `'${type}' takes ${labels} labels`), false)),
    );
  for (const block of all) {
    if (!KNOWN.has(block.type)) {
      report(block.at, "syntax", `there is no block '${block.type}' at the top of a file`);
    }
  }
  const locals = ofType("locals", 0).flatMap((block) => block.body.attributes);
  return {
    directory,
    variables: unique(ofType("variable", 1).map((block) => [block.labels[0] ?? "", variable(block), block.at])),
    locals: unique(locals.map((each) => [each.name, each, each.at])),
    resources: unique(ofType("resource", 2).map((block) => [block.labels.join("."), declared(block), block.at])),
    data: unique(ofType("data", 2).map((block) => [block.labels.join("."), declared(block), block.at])),
    outputs: unique(ofType("output", 1).map((block) => [block.labels[0] ?? "", block, block.at])),
    calls: unique(ofType("module", 1).map((block) => [block.labels[0] ?? "", declared(block), block.at])),
    providers: ofType("provider", 1),
    settings: ofType("terraform", 0),
    bodies,
  };
}

const KNOWN = new Set([
  "terraform",
  "provider",
  "variable",
  "locals",
  "resource",
  "data",
  "module",
  "output",
  "moved",
  "import",
  "removed",
  "check",
]);

function variable(block: Block): Variable {
  const type = attribute(block.body, "type")?.value;
  return {
    name: block.labels[0] ?? "",
    type: type === undefined ? undefined : declaredType(type),
    hasDefault: attribute(block.body, "default") !== undefined,
    block,
    at: block.at,
  };
}

function declared(block: Block): Declared {
  const repeated = (["count", "for_each"] as const).find((each) => attribute(block.body, each) !== undefined);
  const [first, second] = block.labels;
  return {
    type: second === undefined ? "module" : (first ?? ""),
    name: second ?? first ?? "",
    repeated: repeated ?? "no",
    block,
    at: block.at,
  };
}

/** The `source` of a module call, where it is written out. */
export function sourceOf(call: Declared): string | undefined {
  return literalText(attribute(call.block.body, "source")?.value);
}

/** The default tags of the provider of a root module, or undefined where it sets none. */
export function defaultTags(module: Module): Expression | undefined {
  const found = module.providers
    .filter((provider) => provider.labels[0] === "aws")
    .flatMap((provider) => blocks(provider.body, "default_tags"))
    .map((block) => attribute(block.body, "tags")?.value);
  return found[0];
}
