import type { Module } from "./module.js";
import type { Expression } from "./syntax.js";
import { attribute, literalText } from "./syntax.js";
import { show } from "./types.js";

const BEGIN = "<!-- Inputs and outputs: written by make pages -->";
const END = "<!-- End of inputs and outputs -->";

/** The page of a module with its tables of inputs and outputs as they are in the module now. */
export function withTables(page: string, module: Module): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) {
    throw new Error(`the page of ${module.directory} has no place for inputs and outputs: '${BEGIN}' and '${END}'`);
  }
  return `${page.slice(0, begin)}${BEGIN}\n\n${tables(module)}\n${page.slice(end)}`;
}

function tables(module: Module): string {
  const inputs = [...module.variables.values()].map((each) => {
    const description = literalText(attribute(each.block.body, "description")?.value) ?? "";
    const initial = attribute(each.block.body, "default")?.value;
    return [
      code(each.name),
      each.type === undefined ? "" : show(each.type),
      initial === undefined ? "required" : code(brief(initial)),
      description,
    ];
  });
  const outputs = [...module.outputs].map(([name, block]) => [
    code(name),
    literalText(attribute(block.body, "description")?.value) ?? "",
  ]);
  return `${table(["input", "type", "default", "what"], inputs)}\n${table(["output", "what"], outputs)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return line(head) + line(head.map(() => "---")) + rows.map(line).join("");
}

function code(text: string): string {
  return `\`${text}\``;
}

function brief(value: Expression): string {
  switch (value.kind) {
    case "literal":
      return value.text;
    case "tuple":
      return value.items.length === 0 ? "[]" : "[…]";
    case "object":
      return value.entries.length === 0 ? "{}" : "{…}";
    default:
      return "…";
  }
}
