import assert from "node:assert/strict";
import { test } from "node:test";
import { STORE, found, problemsWith } from "./planting.js";

test("a tree without mistakes has no problems", () => {
  assert.deepEqual(problemsWith(), []);
});

test("a misspelt argument is found, and the right one is named", () => {
  found(
    { file: STORE, old: "storage_encrypted  ", wrong: "storage_encripted  " },
    "argument",
    /has no argument 'storage_encripted' \(did you mean 'storage_encrypted'\?\)/,
  );
});

test("a missing required argument is found", () => {
  found(
    { file: STORE, old: '  engine                      = "aurora-postgresql"\n', wrong: "" },
    "argument",
    /lacks the argument 'engine'/,
    'resource "aws_rds_cluster" "this"',
  );
});

test("a missing required argument of a nested block is found", () => {
  found(
    { file: STORE, old: "    min_capacity = 0.5\n", wrong: "" },
    "argument",
    /serverlessv2_scaling_configuration lacks the argument 'min_capacity'/,
    "serverlessv2_scaling_configuration {",
  );
});

test("a block that the resource does not have is found", () => {
  found(
    { file: STORE, old: "  serverlessv2_scaling_configuration {", wrong: "  serverless_scaling {" },
    "argument",
    /has no block 'serverless_scaling'/,
  );
});

test("a block written as an argument is found", () => {
  const old = "  serverlessv2_scaling_configuration {\n    min_capacity = 0.5";
  found(
    { file: STORE, old, wrong: old.replace(" {", " = {") },
    "argument",
    /takes 'serverlessv2_scaling_configuration' as a block/,
  );
});

test("an argument written as a block is found", () => {
  found(
    { file: STORE, old: "  storage_encrypted           = true", wrong: "  storage_encrypted {}" },
    "argument",
    /takes 'storage_encrypted' as an argument/,
  );
});

test("a second block where one is the most is found", () => {
  const second =
    "  serverlessv2_scaling_configuration {\n    min_capacity = 1\n    max_capacity = 2\n  }\n\n  lifecycle {\n    ignore_changes";
  found(
    { file: STORE, old: "  lifecycle {\n    ignore_changes", wrong: second },
    "argument",
    /takes one block 'serverlessv2_scaling_configuration' and has 2/,
  );
});

test("an argument that can only be read is found", () => {
  found(
    { file: STORE, old: "  storage_encrypted           = true", wrong: '  endpoint = "x"' },
    "argument",
    /'endpoint' can be read only/,
  );
});

for (const [old, wrong, words] of [
  ["storage_encrypted           = true", 'storage_encrypted           = "yes"', /wants bool and gets string/],
  ["max_capacity = 4", 'max_capacity = "four"', /wants number and gets string/],
  ["max_capacity = 4", "max_capacity = var.clients", /wants number and gets map\(string\)/],
  [
    "vpc_security_group_ids      = [aws_security_group.this.id]",
    "vpc_security_group_ids      = aws_security_group.this.id",
    /wants set\(string\) and gets string/,
  ],
  ["cluster_identifier          = var.name", 'cluster_identifier          = ["a"]', /wants string and gets list/],
  ["tags          = { Name = var.name }", 'tags          = ["a"]', /wants map\(string\) and gets list/],
] as const) {
  test(`a value of the wrong type is found: ${wrong}`, () => {
    found({ file: STORE, old, wrong }, "type", words);
  });
}

test("a misspelt argument in a dynamic block is found", () => {
  found(
    {
      file: STORE,
      old: "      value = parameter.value",
      wrong: "      valeu = parameter.value\n      value = parameter.value",
    },
    "argument",
    /has no argument 'valeu'/,
  );
});

test("a dynamic block of a kind that the resource does not have is found", () => {
  found(
    { file: STORE, old: 'dynamic "parameter"', wrong: 'dynamic "parameters"' },
    "argument",
    /has no block 'parameters' for a dynamic one \(did you mean 'parameter'\?\)/,
  );
});

test("a resource that is not in the extract is an error that names 'make schema'", () => {
  found(
    {
      file: STORE,
      old: 'resource "aws_ecs_task_definition" "this" {',
      wrong: 'resource "aws_ecs_task_definitions" "this" {',
    },
    "schema",
    /run 'make schema'/,
  );
});

test("what cannot be parsed is found", () => {
  assert.ok(
    problemsWith({ file: STORE, old: "  count = 2", wrong: "  count = = 2" }).some((each) => each.rule === "syntax"),
  );
});

test("a misspelt argument of the provider is found", () => {
  found(
    { file: "environments/dev/main.tf", old: "  region = var.region", wrong: "  regoin = var.region" },
    "argument",
    /provider\.aws has no argument 'regoin'/,
  );
});
