import assert from "node:assert/strict";
import { test } from "node:test";
import { STORE, found, problemsWith } from "./planting.js";

const VARIABLES = "modules/store/variables.tf";
const TESTS = "modules/store/tests/store.tftest.hcl";
const DEV = "environments/dev/main.tf";

test("a variable without a description is found", () => {
  found(
    { file: VARIABLES, old: '  description = "The network of the store"\n', wrong: "" },
    "description",
    /'vpc_id' has no description/,
    'variable "vpc_id"',
  );
});

test("an output without a description is found", () => {
  found(
    { file: "modules/store/outputs.tf", old: '  description = "Where the store is"\n', wrong: "" },
    "description",
    /'endpoint' has no description/,
    'output "endpoint"',
  );
});

test("a variable without a validation is found", () => {
  const old =
    '\n  validation {\n    condition     = length(var.name) > 2\n    error_message = "Three letters at least."\n  }\n';
  found(
    { file: VARIABLES, old, wrong: "" },
    "validation",
    /'name' is a string of one's own choice and has no validation/,
    'variable "name"',
  );
});

test("a variable without a type is found", () => {
  const problems = problemsWith({ file: VARIABLES, old: "  type        = map(string)\n", wrong: "" });
  assert.ok(problems.some((each) => each.rule === "type" && /'clients' has no type/.test(each.message)));
});

test("a default of the wrong type is found", () => {
  found(
    { file: VARIABLES, old: "  default     = 7", wrong: '  default     = "a week"' },
    "type",
    /default of the variable 'days' wants number/,
  );
});

test("a variable that nothing reads is found", () => {
  const problems = problemsWith({ file: STORE, old: "  backup_retention_period     = var.days\n", wrong: "" });
  assert.deepEqual(
    problems.map((each) => each.message),
    ["nothing reads 'var.days'"],
  );
});

for (const [what, old, wrong] of [
  [
    "the world at another port",
    'from_port         = 443\n  to_port           = 443\n}\n\nresource "aws_vpc_security_group_egress_rule"',
    'from_port         = 22\n  to_port           = 22\n}\n\nresource "aws_vpc_security_group_egress_rule"',
  ],
  [
    "the world at a group that is no load balancer's",
    "security_group_id = aws_security_group.world.id",
    "security_group_id = aws_security_group.this.id",
  ],
  ["the world at a load balancer within the network", "internal        = false", "internal        = true"],
  [
    "the world in IPv6 at a database",
    "referenced_security_group_id = each.value",
    'cidr_ipv6                    = "::/0"\n  description                  = each.key',
  ],
  [
    "a range that a variable gives",
    "referenced_security_group_id = each.value",
    "cidr_ipv4                    = var.vpc_id\n  description                  = each.key",
  ],
  [
    "every port to the world",
    'from_port         = 443\n  to_port           = 443\n}\n\nresource "aws_lb"',
    'from_port         = 0\n  to_port           = 65535\n}\n\nresource "aws_lb"',
  ],
  [
    "rules inside of a group",
    '  description = "The store in ${data.aws_region.current.region}"',
    "  description = data.aws_region.current.region\n  ingress     = []",
  ],
  ["a database without encryption", "storage_encrypted           = true", "storage_encrypted           = false"],
  [
    "a public instance",
    '  instance_class     = "db.serverless"',
    '  instance_class     = "db.serverless"\n  publicly_accessible = true',
  ],
] as const) {
  test(`exposure is found: ${what}`, () => {
    const problems = problemsWith({ file: STORE, old, wrong });
    assert.deepEqual(
      problems.map((each) => each.rule),
      ["exposure"],
      problems.map((each) => each.message).join("\n"),
    );
  });
}

for (const name of ["timestamp", "plantimestamp", "uuid"]) {
  test(`${name}() in tags is found`, () => {
    found(
      { file: DEV, old: 'tags = { Project = "atlas" }', wrong: `tags = { Project = "atlas", At = ${name}() }` },
      "tags",
      /makes every plan a change/,
    );
  });
}

test("resources without tags are found when the provider of a root sets none", () => {
  const problems = problemsWith({
    file: DEV,
    old: '\n  default_tags {\n    tags = { Project = "atlas" }\n  }\n',
    wrong: "",
  });
  assert.ok(problems.length >= 5);
  assert.ok(
    problems.every(
      (each) =>
        each.rule === "tags" && /has no tags, and the provider of environments\/dev sets none/.test(each.message),
    ),
  );
  assert.ok(problems.some((each) => each.message.startsWith("aws_rds_cluster.this")));
});

test("an Auto Scaling group without tags is found, though the provider has default tags", () => {
  const old =
    '\n  tag {\n    key                 = "Name"\n    value               = var.name\n    propagate_at_launch = true\n  }\n';
  found(
    { file: STORE, old, wrong: "" },
    "tags",
    /aws_autoscaling_group.this has no block 'tag'/,
    'resource "aws_autoscaling_group" "this"',
  );
});

test("a variable for a password is found", () => {
  const old = 'variable "vpc_id" {\n  description = "The network of the store"';
  const problems = problemsWith(
    { file: VARIABLES, old, wrong: old.replace("vpc_id", "master_password") },
    { file: DEV, old: "  vpc_id ", wrong: "  master_password " },
  );
  assert.ok(problems.some((each) => each.rule === "secret" && /take the ARN of one/.test(each.message)));
});

test("an argument that keeps a password in the state is found", () => {
  found(
    { file: STORE, old: "  manage_master_user_password = true", wrong: '  master_password = "x"' },
    "secret",
    /would keep a secret in the state/,
  );
});

test("a secret in the environment of a container is found", () => {
  found(
    { file: STORE, old: '[{ name = "ATLAS_URL", value = "x" }]', wrong: '[{ name = "ATLAS_ADMIN_KEY", value = "x" }]' },
    "secret",
    /'ATLAS_ADMIN_KEY' of a container stands in the open/,
  );
});

for (const [what, file, old, wrong, words] of [
  [
    "a misspelt element of a policy",
    STORE,
    '      Effect    = "Allow"',
    '      Efect     = "Allow"\n      Effect    = "Allow"',
    /a statement of a policy has no 'Efect'/,
  ],
  [
    "a statement without an action",
    STORE,
    '      Action    = "sts:AssumeRole"\n',
    "",
    /a statement of a policy lacks 'Action'/,
  ],
  ["a policy without a version", STORE, '    Version = "2012-10-17"\n', "", /a policy lacks 'Version'/],
  [
    "a misspelt parameter of a container",
    STORE,
    "    essential   = true",
    "    essential   = true\n    secrts      = []",
    /a container has no 'secrts'/,
  ],
  [
    "a template that is not there",
    STORE,
    "board.json.tftpl",
    "bord.json.tftpl",
    /there is no template 'bord.json.tftpl'/,
  ],
  [
    "a value that a template does not get",
    STORE,
    "{ title = var.name, hosts",
    "{ hosts",
    /reads 'title' and does not get it/,
  ],
  [
    "a value that a template does not read",
    STORE,
    "{ title = var.name,",
    "{ title = var.name, color = 1,",
    /does not read 'color'/,
  ],
  [
    "a block that a variable does not have",
    VARIABLES,
    "  validation {\n    condition     = length(var.name)",
    "  validate {\n    condition     = length(var.name)",
    /a variable has no block 'validate'/,
  ],
  ["a provider without a version", STORE, '      version = "~> 6.25"\n', "", /is wanted by 'source' and 'version'/],
] as const) {
  test(`found: ${what}`, () => {
    const problems = problemsWith({ file, old, wrong }).filter((each) => each.rule !== "validation");
    assert.equal(problems.length, 1, problems.map((each) => each.message).join("\n") || "none");
    assert.match(problems[0]?.message ?? "", words);
  });
}

test("a test that asserts on what does not exist is found", () => {
  found(
    { file: TESTS, old: "aws_rds_cluster.this.storage_encrypted", wrong: "aws_rds_cluster.this.encrypted" },
    "reference",
    /has no 'encrypted'/,
  );
});

test("a test that sets a variable that does not exist is found", () => {
  found({ file: TESTS, old: '  vpc_id  = "vpc-1"', wrong: '  vcp_id  = "vpc-1"' }, "test", /has no variable 'vcp_id'/);
});

test("a test that asserts nothing is found", () => {
  const old =
    '\n  assert {\n    condition     = aws_rds_cluster.this.storage_encrypted\n    error_message = "The store is encrypted."\n  }\n';
  found({ file: TESTS, old, wrong: "" }, "test", /asserts nothing/, 'run "encrypted"');
});

test("a mock of an attribute that does not exist is found", () => {
  found(
    { file: TESTS, old: 'defaults = { region = "eu-central-1" }', wrong: 'defaults = { regoin = "eu-central-1" }' },
    "test",
    /has no 'regoin'/,
    'mock_data "aws_region"',
  );
});

test("a value for a variable that does not exist is found, and one that is missing", () => {
  const problems = problemsWith({ file: "environments/dev/terraform.tfvars", old: "region", wrong: "regoin" });
  assert.deepEqual(
    problems.map((each) => each.rule),
    ["value", "value"],
  );
});

test("a module that does not say which Terraform it needs is found", () => {
  const problems = problemsWith({ file: DEV, old: '  required_version = ">= 1.10.0"\n', wrong: "" });
  assert.deepEqual(
    problems.map((each) => each.rule),
    ["version"],
  );
});
