import { createRequire } from "node:module";
import { Language, Parser } from "web-tree-sitter";
import type { Node } from "web-tree-sitter";
import type { Place, Report } from "./problem.js";
import type { Attribute, Block, Body, Entry, Expression, Step } from "./syntax.js";

const require = createRequire(import.meta.url);

/** Reads HCL by the grammar of tree-sitter, which keeps every position and tells blocks from attributes. */
export class HclParser {
  private constructor(private readonly parser: Parser) {}

  static async create(): Promise<HclParser> {
    await Parser.init();
    const grammar = require.resolve("@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm");
    const parser = new Parser();
    parser.setLanguage(await Language.load(grammar));
    return new HclParser(parser);
  }

  /** The body of a file. What does not parse is reported, and what could be read is returned. */
  parse(file: string, text: string, report: Report): Body {
    const tree = this.parser.parse(text);
    if (tree === null) {
      throw new Error(`${file} was not parsed`);
    }
    reportErrors(file, tree.rootNode, report);
    const body = named(tree.rootNode).find((each) => each.type === "body");
    const result = body === undefined ? { attributes: [], blocks: [] } : new Reader(file).body(body);
    tree.delete();
    return result;
  }
}

function reportErrors(file: string, node: Node, report: Report): void {
  if (!node.hasError) {
    return;
  }
  if (node.isMissing) {
    report(place(file, node), "syntax", `'${node.type}' is missing`);
  } else if (node.isError) {
    report(place(file, node), "syntax", `cannot be read: ${node.text.split("\n")[0]}`);
    return;
  }
  node.children.forEach((each) => each !== null && reportErrors(file, each, report));
}

function place(file: string, node: Node): Place {
  return { file, line: node.startPosition.row + 1, column: node.startPosition.column + 1 };
}

function named(node: Node): Node[] {
  return node.namedChildren.filter((each): each is Node => each !== null && each.type !== "comment");
}

const POSTFIX = new Set(["get_attr", "index", "splat"]);

/** Turns nodes of the grammar into the syntax of the rules. */
class Reader {
  constructor(private readonly file: string) {}

  body(node: Node): Body {
    const parts = named(node);
    return {
      attributes: parts.filter((each) => each.type === "attribute").map((each) => this.attribute(each)),
      blocks: parts.filter((each) => each.type === "block").map((each) => this.block(each)),
    };
  }

  private attribute(node: Node): Attribute {
    const [name, value] = named(node);
    return { name: name?.text ?? "", value: this.expression(value ?? node), at: this.at(node) };
  }

  private block(node: Node): Block {
    const [type, ...rest] = named(node);
    const body = rest.find((each) => each.type === "body");
    const labels = rest.filter((each) => each.type === "string_lit" || each.type === "identifier");
    return {
      type: type?.text ?? "",
      labels: labels.map((each) => (each.type === "identifier" ? each.text : quoted(each))),
      body: body === undefined ? { attributes: [], blocks: [] } : this.body(body),
      at: this.at(node),
    };
  }

  private expression(node: Node): Expression {
    return this.term(named(node), node);
  }

  /** A node and the accesses that follow it, as `a` `.b` `[0]`. */
  private term(nodes: readonly Node[], outer: Node): Expression {
    const [base, ...rest] = nodes;
    if (base === undefined) {
      return { kind: "literal", type: "null", text: outer.text, at: this.at(outer) };
    }
    const steps = rest.flatMap((each) => this.steps(each));
    const at = this.at(base);
    if (base.type === "variable_expr") {
      return { kind: "traversal", root: base.text, steps, at };
    }
    const value = this.primary(base);
    return steps.length === 0 ? value : { kind: "access", base: value, steps, at };
  }

  private primary(node: Node): Expression {
    const parts = named(node);
    const [first] = parts;
    const at = this.at(node);
    switch (node.type) {
      case "expression":
        return this.expression(node);
      case "literal_value":
        return first === undefined ? this.unreadable(node) : this.literal(first);
      case "template_expr":
        return this.template(node);
      case "collection_value":
        return first === undefined ? this.unreadable(node) : this.collection(first);
      case "function_call": {
        const args = parts.find((each) => each.type === "function_arguments");
        const inside = args === undefined ? [] : named(args);
        return {
          kind: "call",
          name: first?.text ?? "",
          args: inside.filter((each) => each.type === "expression").map((each) => this.expression(each)),
          expanded: inside.some((each) => each.type === "ellipsis"),
          at,
        };
      }
      case "for_expr":
        return first === undefined ? this.unreadable(node) : this.forExpression(first);
      case "conditional": {
        const [condition, yes, no] = parts.map((each) => this.expression(each));
        return condition && yes && no ? { kind: "conditional", condition, yes, no, at } : this.unreadable(node);
      }
      case "operation":
        return first === undefined ? this.unreadable(node) : this.operation(first);
      default:
        return this.unreadable(node);
    }
  }

  /** The errors of the grammar are reported already; a kind of node that nobody thought of must not pass in silence. */
  private unreadable(node: Node): Expression {
    if (node.hasError) {
      return { kind: "literal", type: "null", text: node.text, at: this.at(node) };
    }
    throw new Error(`${this.file}:${node.startPosition.row + 1}: no rule reads '${node.type}': ${node.text}`);
  }

  private literal(node: Node): Expression {
    const at = this.at(node);
    switch (node.type) {
      case "string_lit":
        return { kind: "literal", type: "string", text: quoted(node), at };
      case "numeric_lit":
        return { kind: "literal", type: "number", text: node.text, at };
      case "bool_lit":
        return { kind: "literal", type: "bool", text: node.text, at };
      default:
        return { kind: "literal", type: "null", text: node.text, at };
    }
  }

  private template(node: Node): Expression {
    const inner = named(node)[0] ?? node;
    const parts: Expression[] = [];
    const bound: string[] = [];
    const collect = (each: Node): void => {
      if (each.type === "identifier") {
        bound.push(each.text);
      } else if (each.type === "expression") {
        parts.push(this.expression(each));
      } else {
        named(each).forEach(collect);
      }
    };
    collect(inner);
    const pieces = named(inner).filter((each) => !/_(start|end)$|^heredoc_identifier$/.test(each.type));
    const whole =
      inner.type === "quoted_template" && pieces.length === 1 && pieces[0]?.type === "template_interpolation";
    return { kind: "template", text: inner.text, parts, bound, whole, at: this.at(node) };
  }

  private collection(node: Node): Expression {
    const at = this.at(node);
    if (node.type === "tuple") {
      const items = named(node).filter((each) => each.type === "expression");
      return { kind: "tuple", items: items.map((each) => this.expression(each)), at };
    }
    const elements = named(node).filter((each) => each.type === "object_elem");
    return { kind: "object", entries: elements.map((each) => this.entry(each)), at };
  }

  private entry(node: Node): Entry {
    const [left, right] = named(node);
    const key = this.expression(left ?? node);
    const value = this.expression(right ?? node);
    const bare = left !== undefined && named(left)[0]?.type === "variable_expr";
    if (bare && key.kind === "traversal" && key.steps.length === 0) {
      return { name: key.root, key, value };
    }
    return key.kind === "literal" ? { name: key.text, key, value } : { key, value };
  }

  private forExpression(node: Node): Expression {
    const parts = named(node);
    const intro = parts.find((each) => each.type === "for_intro");
    const condition = parts.find((each) => each.type === "for_cond");
    const names = intro === undefined ? [] : named(intro).filter((each) => each.type === "identifier");
    const collection = intro === undefined ? undefined : named(intro).find((each) => each.type === "expression");
    const results = parts.filter((each) => each.type === "expression");
    const conditions = condition === undefined ? [] : named(condition);
    return {
      kind: "for",
      names: names.map((each) => each.text),
      collection: this.expression(collection ?? node),
      inner: [...results, ...conditions].map((each) => this.expression(each)),
      object: node.type === "for_object_expr",
      grouped: parts.some((each) => each.type === "ellipsis"),
      at: this.at(node),
    };
  }

  private operation(node: Node): Expression {
    const groups: Node[][] = [];
    for (const each of named(node)) {
      const last = groups[groups.length - 1];
      if (POSTFIX.has(each.type) && last !== undefined) {
        last.push(each);
      } else {
        groups.push([each]);
      }
    }
    const operator = node.children.find((each) => each !== null && !each.isNamed);
    return {
      kind: "operation",
      operator: operator?.text ?? "",
      operands: groups.map((each) => this.term(each, node)),
      at: this.at(node),
    };
  }

  private steps(node: Node): Step[] {
    const at = this.at(node);
    const [first] = named(node);
    switch (node.type) {
      case "get_attr":
        return [{ kind: "attribute", name: first?.text ?? "", at }];
      case "index": {
        const inner = first === undefined ? undefined : named(first)[0];
        if (inner?.type === "expression") {
          return [{ kind: "index", index: this.expression(inner), at }];
        }
        return [{ kind: "index", index: { kind: "literal", type: "number", text: node.text.slice(1), at }, at }];
      }
      case "splat":
        return [
          { kind: "splat", at },
          ...(first === undefined ? [] : named(first)).flatMap((each) => this.steps(each)),
        ];
      default:
        return [];
    }
  }

  private at(node: Node): Place {
    return place(this.file, node);
  }
}

function quoted(node: Node): string {
  return node.text.replace(/^"/, "").replace(/"$/, "");
}
