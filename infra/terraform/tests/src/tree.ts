import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Module } from "./module.js";
import { readModule } from "./module.js";
import type { HclParser } from "./parser.js";
import type { Report } from "./problem.js";
import type { Body } from "./syntax.js";

/** Everything under one directory: modules, tests of modules and values of root modules, each by its path. */
export interface Tree {
  readonly modules: ReadonlyMap<string, Module>;
  readonly tests: ReadonlyMap<string, Body>;
  readonly values: ReadonlyMap<string, Body>;
  readonly templates: ReadonlyMap<string, string>;
  readonly exists: (path: string) => boolean;
}

const SKIPPED = new Set(["node_modules", ".terraform", "build"]);

/** Reads the tree under `root`; paths in it and in problems are relative to `root`. */
export function readTree(root: string, parser: HclParser, report: Report): Tree {
  const files = new Map<string, string>();
  const visit = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) {
          visit(path);
        }
      } else if (/\.(tf|tftest\.hcl|tfvars|tfvars\.example|tftpl)$/.test(entry.name)) {
        files.set(relative(root, path), readFileSync(path, "utf8"));
      }
    }
  };
  visit(root);
  return treeOf(files, parser, report, (path) => files.has(path) || existsSync(join(root, path)));
}

/** The tree of files that are given by path and text. */
export function treeOf(
  files: ReadonlyMap<string, string>,
  parser: HclParser,
  report: Report,
  exists: (path: string) => boolean = (path) => files.has(path),
): Tree {
  const byDirectory = new Map<string, Map<string, string>>();
  const tests = new Map<string, Body>();
  const values = new Map<string, Body>();
  const templates = new Map<string, string>();
  for (const [path, text] of [...files].sort(([left], [right]) => (left < right ? -1 : 1))) {
    if (path.endsWith(".tf")) {
      const directory = dirname(path);
      byDirectory.set(directory, (byDirectory.get(directory) ?? new Map<string, string>()).set(path, text));
    } else if (path.endsWith(".tftpl")) {
      templates.set(path, text);
    } else if (path.endsWith(".tftest.hcl")) {
      tests.set(path, parser.parse(path, text, report));
    } else {
      values.set(path, parser.parse(path, text, report));
    }
  }
  const modules = [...byDirectory].map(
    ([directory, each]) => [directory, readModule(directory, each, parser, report)] as const,
  );
  return { modules: new Map(modules), tests, values, templates, exists };
}
