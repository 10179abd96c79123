import type { Place } from "./problem.js";

/** An expression of HCL, reduced to what the rules look at. */
export type Expression =
  | {
      readonly kind: "literal";
      readonly type: "string" | "number" | "bool" | "null";
      readonly text: string;
      readonly at: Place;
    }
  | {
      readonly kind: "template";
      readonly text: string;
      readonly parts: readonly Expression[];
      readonly bound: readonly string[];
      readonly whole: boolean;
      readonly at: Place;
    }
  | { readonly kind: "tuple"; readonly items: readonly Expression[]; readonly at: Place }
  | { readonly kind: "object"; readonly entries: readonly Entry[]; readonly at: Place }
  | { readonly kind: "traversal"; readonly root: string; readonly steps: readonly Step[]; readonly at: Place }
  | { readonly kind: "access"; readonly base: Expression; readonly steps: readonly Step[]; readonly at: Place }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly Expression[];
      readonly expanded: boolean;
      readonly at: Place;
    }
  | {
      readonly kind: "for";
      readonly names: readonly string[];
      readonly collection: Expression;
      readonly inner: readonly Expression[];
      readonly object: boolean;
      readonly grouped: boolean;
      readonly at: Place;
    }
  | {
      readonly kind: "conditional";
      readonly condition: Expression;
      readonly yes: Expression;
      readonly no: Expression;
      readonly at: Place;
    }
  | {
      readonly kind: "operation";
      readonly operator: string;
      readonly operands: readonly Expression[];
      readonly at: Place;
    };

/** One `key = value` of an object; `name` is there when the key is written out. */
export interface Entry {
  readonly name?: string;
  readonly key: Expression;
  readonly value: Expression;
}

export type Step =
  | { readonly kind: "attribute"; readonly name: string; readonly at: Place }
  | { readonly kind: "index"; readonly index: Expression; readonly at: Place }
  | { readonly kind: "splat"; readonly at: Place };

export interface Attribute {
  readonly name: string;
  readonly value: Expression;
  readonly at: Place;
}

export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: Body;
  readonly at: Place;
}

export interface Body {
  readonly attributes: readonly Attribute[];
  readonly blocks: readonly Block[];
}

export function attribute(body: Body, name: string): Attribute | undefined {
  return body.attributes.find((each) => each.name === name);
}

export function blocks(body: Body, type: string): Block[] {
  return body.blocks.filter((each) => each.type === type);
}

/** The text of a string written without interpolation. */
export function literalText(expression: Expression | undefined): string | undefined {
  return expression?.kind === "literal" && expression.type === "string" ? expression.text : undefined;
}

/** The expressions directly inside one. */
export function children(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "literal":
      return [];
    case "template":
      return expression.parts;
    case "tuple":
      return expression.items;
    case "object":
      return expression.entries.flatMap((entry) =>
        entry.name === undefined ? [entry.key, entry.value] : [entry.value],
      );
    case "traversal":
      return indexes(expression.steps);
    case "access":
      return [expression.base, ...indexes(expression.steps)];
    case "call":
      return expression.args;
    case "for":
      return [expression.collection, ...expression.inner];
    case "conditional":
      return [expression.condition, expression.yes, expression.no];
    case "operation":
      return expression.operands;
  }
}

function indexes(steps: readonly Step[]): Expression[] {
  return steps.flatMap((step) => (step.kind === "index" ? [step.index] : []));
}

/** Calls `visit` for an expression and everything in it, with the names that `for` binds around each. */
export function walk(
  expression: Expression,
  visit: (expression: Expression, bound: ReadonlySet<string>) => void,
  bound: ReadonlySet<string> = new Set(),
): void {
  visit(expression, bound);
  if (expression.kind === "for") {
    walk(expression.collection, visit, bound);
    const inner = new Set([...bound, ...expression.names]);
    expression.inner.forEach((each) => walk(each, visit, inner));
    return;
  }
  children(expression).forEach((each) => walk(each, visit, bound));
}

/** Calls `visit` for each expression of a body and of the blocks in it. */
export function walkBody(body: Body, visit: (value: Expression, owner: Attribute) => void): void {
  body.attributes.forEach((each) => walk(each.value, (value) => visit(value, each)));
  body.blocks.forEach((each) => walkBody(each.body, visit));
}
