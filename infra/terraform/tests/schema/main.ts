// Derives aws.json beside this file from the installed package: only what the modules use.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HclParser } from "../src/parser.js";
import type { FunctionShape, Schema, Shape } from "../src/schema.js";
import { readTree } from "../src/tree.js";
import { deriveProvider, deriveResource } from "./derive.js";

const [, , root = "..", target = "schema/aws.json"] = process.argv;
const installed = "schema/node_modules/@cdktf/provider-aws";

interface Package {
  readonly version: string;
  readonly cdktf: { readonly provider: { readonly version: string } };
}

/** The folders of the package are spelt like the types, with hyphens; its classes in CamelCase. */
function derive(type: string, prefix: string): Shape {
  const folder = prefix + type.replace(/^aws_/, "").replaceAll("_", "-");
  const files = ["index.d.ts", "index.js"].map((each) => join(installed, "lib", folder, each));
  if (!files.every(existsSync)) {
    throw new Error(`the provider has no ${prefix === "" ? "resource" : "data source"} '${type}'`);
  }
  const [declarations, code] = files.map((each) => readFileSync(each, "utf8"));
  const name = /^export declare class (\w+) extends cdktf\.Terraform(?:Resource|DataSource)/m.exec(
    declarations ?? "",
  )?.[1];
  return deriveResource(name ?? "", declarations ?? "", code ?? "");
}

interface Signature {
  readonly return_type: string | readonly unknown[];
  readonly parameters?: readonly unknown[];
  readonly variadic_parameter?: unknown;
}

function functions(): Record<string, FunctionShape> {
  const output = execFileSync("terraform", ["metadata", "functions", "-json"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const signatures = (JSON.parse(output) as { function_signatures: Record<string, Signature> }).function_signatures;
  const shapes = Object.entries(signatures)
    .filter(([name]) => !name.startsWith("core::"))
    .map(([name, each]): [string, FunctionShape] => {
      const min = each.parameters?.length ?? 0;
      return [
        name,
        { returns: typeText(each.return_type), min, ...(each.variadic_parameter === undefined ? { max: min } : {}) },
      ];
    });
  return Object.fromEntries(shapes.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function typeText(type: string | readonly unknown[]): string {
  if (typeof type === "string") {
    return type === "dynamic" ? "any" : type;
  }
  const [kind, element] = type as [string, string | readonly unknown[]];
  return ["list", "set", "map"].includes(kind) ? `${kind}(${typeText(element)})` : "any";
}

const parser = await HclParser.create();
const tree = readTree(root, parser, (at, rule, message) => {
  throw new Error(`${at.file}:${at.line}: [${rule}] ${message}`);
});
const used = (kind: "resources" | "data"): string[] =>
  [
    ...new Set([...tree.modules.values()].flatMap((module) => [...module[kind].values()].map((each) => each.type))),
  ].sort();

const about = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Package;
const provider = ["index.d.ts", "index.js"].map((each) => readFileSync(join(installed, "lib/provider", each), "utf8"));
const version = execFileSync("terraform", ["version", "-json"], {
  encoding: "utf8",
  stdio: ["ignore", "pipe", "ignore"],
});
const schema: Schema = {
  provider: {
    source: "hashicorp/aws",
    version: about.cdktf.provider.version,
    derivedFrom: `@cdktf/provider-aws ${about.version}`,
  },
  terraform: (JSON.parse(version) as { terraform_version: string }).terraform_version,
  configuration: deriveProvider(provider[0] ?? "", provider[1] ?? ""),
  resources: Object.fromEntries(used("resources").map((type) => [type, derive(type, "")])),
  data: Object.fromEntries(used("data").map((type) => [type, derive(type, "data-aws-")])),
  functions: functions(),
};
writeFileSync(target, lines(schema));
console.log(
  `${target}: ${Object.keys(schema.resources).length} resources, ${Object.keys(schema.data).length} data sources, provider ${schema.provider.version}`,
);

/** One line for each resource: small, and a change of one shows as one line. */
function lines(value: Schema): string {
  const entry = (name: string, each: unknown, indent: string): string =>
    `${indent}${JSON.stringify(name)}: ${JSON.stringify(each)}`;
  const group = (name: string, record: Readonly<Record<string, unknown>>): string =>
    `  ${JSON.stringify(name)}: {\n${Object.entries(record)
      .map(([key, each]) => entry(key, each, "    "))
      .join(",\n")}\n  }`;
  const parts = [
    entry("provider", value.provider, "  "),
    entry("terraform", value.terraform, "  "),
    entry("configuration", value.configuration, "  "),
    group("resources", value.resources),
    group("data", value.data),
    group("functions", value.functions),
  ];
  return `{\n${parts.join(",\n")}\n}\n`;
}
