import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const ROOT = "../environments";

test("environments differ in their values and their state only", () => {
  const environments = readdirSync(ROOT).filter((each) => /^[a-z]+$/.test(each));
  assert.deepEqual(environments.sort(), ["dev", "prod", "staging"]);
  for (const file of ["main.tf", "variables.tf", "outputs.tf"]) {
    const texts = environments.map((each) => readFileSync(`${ROOT}/${each}/${file}`, "utf8"));
    assert.equal(new Set(texts).size, 1, `${file} is the same in every environment`);
  }
});

test("every module has a page with an example", () => {
  for (const module of readdirSync("../modules")) {
    const page = readFileSync(`../modules/${module}/README.md`, "utf8");
    assert.match(page, /```hcl\nmodule /, `${module} has an example`);
  }
});
