import type { Data } from "../../packages/assurance/src/artifacts/shipment.ts";
import type { Random } from "@tenantry/base";
import {
  accounts,
  tenants,
  texts,
  arns,
  arnPatterns,
  numbers,
  dates,
  cidrs6,
  addresses,
  addresses6,
  cidrs,
  lists,
  bools,
  numericKeys,
  dateKeys,
  targets,
  type Target,
} from "./iam-case-values.ts";

interface Document {
  readonly [key: string]: Data;
}

/** One request and every policy that has a say, as generated and as both evaluators are asked. */
export interface IamCase {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  readonly identity: readonly Document[];
  readonly resourcePolicy: Document | null;
  readonly boundary: readonly Document[] | null;
  readonly session: Document | null;
  readonly serviceControl: readonly (readonly Document[])[];
  readonly vpcEndpoint: readonly Document[] | null;
}

/** Draws from a seeded source. */
class Draw {
  readonly #random: Random;
  constructor(random: Random) {
    this.#random = random;
  }
  one<Item>(items: readonly Item[]): Item {
    return items[this.#random.below(items.length)] as Item;
  }
  some<Item>(items: readonly Item[], min: number, max: number): readonly Item[] {
    const count = min + this.#random.below(max - min + 1);
    return [...new Set(Array.from({ length: count }, () => this.one(items)))];
  }
  chance(probability: number): boolean {
    return this.#random.unit() < probability;
  }
}

/** A random case that uses what the grammar of policies has. */
export function drawCase(random: Random): IamCase {
  const draw = new Draw(random);
  const target = draw.one(targets);
  const resourceAccount = draw.one(accounts);
  const tenant = draw.one(tenants);
  const [action, resource] = [draw.one(target.actions), draw.one(target.arns(resourceAccount, tenant))];
  const principalAccount = draw.one(accounts);
  const principal = draw.one([
    `arn:aws:iam::${principalAccount}:user/jo`,
    `arn:aws:sts::${principalAccount}:assumed-role/app/session`,
    `arn:aws:sts::${principalAccount}:assumed-role/app/session`,
    `arn:aws:iam::${principalAccount}:role/app`,
    "ecs-tasks.amazonaws.com",
  ]);
  const hasPolicies = principal.startsWith("arn:");
  const hasSession = principal.includes("assumed-role") && draw.chance(0.12);
  const scope: Scope = {
    draw,
    target,
    resource,
    resourceAccount,
    principal,
    principalAccount,
    isIpv6: draw.chance(0.5),
    hasSession,
  };
  const isTrust = action === "sts:AssumeRole";
  const policy = (shape: Shape) => drawPolicy(scope, shape);
  const several = (shape: Shape, max: number) =>
    Array.from({ length: draw.one([1, 1, max]) }, () => policy(shape));
  return {
    principal,
    action,
    resource,
    resourceAccount,
    context: drawContext(scope),
    identity: hasPolicies && draw.chance(0.9) ? several("attached", 2) : [],
    // A role and a key always have a policy of their own.
    resourcePolicy:
      action !== "iam:PassRole" && (isTrust || action.startsWith("kms:") || draw.chance(0.65))
        ? policy(isTrust ? "trust" : "resource")
        : null,
    boundary: hasPolicies && draw.chance(0.2) ? several("attached", 2) : null,
    session: hasSession ? policy("attached") : null,
    serviceControl:
      hasPolicies && draw.chance(0.2)
        ? Array.from({ length: draw.one([1, 2]) }, () => [policy("attached")])
        : [],
    vpcEndpoint: draw.chance(0.12) ? [policy("endpoint")] : null,
  };
}

interface Scope {
  readonly draw: Draw;
  readonly target: Target;
  readonly resource: string;
  readonly resourceAccount: string;
  readonly principal: string;
  readonly principalAccount: string;
  readonly isIpv6: boolean;
  readonly hasSession: boolean;
}

function drawContext({ draw, target, isIpv6 }: Scope): IamCase["context"] {
  const context: Record<string, string | readonly string[]> = {};
  const put = (keys: readonly string[], values: readonly string[], probability: number) => {
    for (const key of keys) if (draw.chance(probability)) context[recase(draw, key)] = draw.one(values);
  };
  for (const [key, values] of Object.entries({ ...texts, ...arns })) put([key], values, 0.6);
  put(bools, ["true", "false"], 0.6);
  put(numericKeys, [...numbers, "many"], 0.6);
  put(dateKeys, dates, 0.6);
  put(["aws:SourceIp", "aws:VpcSourceIp"], isIpv6 ? addresses6 : addresses, 0.6);
  for (const [key, values] of Object.entries(lists))
    if (draw.chance(0.6)) context[key] = draw.some(values, 1, 3);
  for (const key of Object.keys(context))
    if (
      !key.toLowerCase().startsWith("aws:") &&
      !target.keys.some((own) => own.toLowerCase() === key.toLowerCase())
    )
      delete context[key];
  return context;
}

/** Keys are compared without regard to case. */
const recase = (draw: Draw, key: string) =>
  draw.chance(0.1) && !key.includes("/") ? key.toLowerCase() : key;

type Shape = "attached" | "resource" | "trust" | "endpoint";

function drawPolicy(scope: Scope, shape: Shape): Document {
  const { draw } = scope;
  const statements = Array.from({ length: draw.one([1, 1, 2, 3]) }, (_, index) =>
    drawStatement(scope, shape, index),
  );
  return {
    ...(draw.chance(0.93) || JSON.stringify(statements).includes("${")
      ? { Version: "2012-10-17" }
      : draw.chance(0.5)
        ? { Version: "2008-10-17" }
        : {}),
    Statement: statements.length === 1 && draw.chance(0.3) ? (statements[0] as Document) : statements,
  };
}

function drawStatement(scope: Scope, shape: Shape, index: number): Document {
  const { draw } = scope;
  const deny = draw.chance(0.2);
  const conditions = draw.chance(deny ? 0.8 : 0.5) ? drawConditions(scope) : null;
  return {
    ...(draw.chance(0.5) ? { Sid: `S${index}` } : {}),
    Effect: deny ? "Deny" : "Allow",
    ...(shape === "attached" ? {} : shape === "endpoint" ? { Principal: "*" } : drawPrincipal(scope, deny)),
    ...drawActions(scope),
    ...(shape === "trust" ? {} : drawResources(scope)),
    ...(conditions === null ? {} : { Condition: conditions }),
  };
}

function drawPrincipal(
  { draw, principalAccount, resourceAccount, principal, hasSession }: Scope,
  deny: boolean,
): Document {
  const arnsOfOne = [
    `arn:aws:iam::${principalAccount}:root`,
    `arn:aws:iam::${resourceAccount}:root`,
    principalAccount,
    `arn:aws:iam::${principalAccount}:role/app`,
    `arn:aws:iam::${principalAccount}:role/app`,
    `arn:aws:sts::${principalAccount}:assumed-role/app/session`,
    `arn:aws:sts::${principalAccount}:assumed-role/app/another`,
    `arn:aws:iam::${principalAccount}:user/jo`,
    `arn:aws:iam::${principalAccount}:user/Jo`,
  ];
  const several = draw.some(
    hasSession ? arnsOfOne.filter((arn) => !arn.endsWith("/session")) : arnsOfOne,
    1,
    2,
  );
  const value: Data = draw.one<Data>([
    "*",
    { AWS: "*" },
    { AWS: several.length === 1 ? (several[0] as string) : several },
    { AWS: several },
    { AWS: several },
    { Service: draw.one(["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"]) },
    { Service: ["ecs-tasks.amazonaws.com", "lambda.amazonaws.com"], AWS: several },
  ]);
  if (deny && draw.chance(0.25) && typeof value === "object" && principal.startsWith("arn:"))
    return { NotPrincipal: { AWS: several } };
  return { Principal: value };
}

function drawActions({ draw, target }: Scope): Document {
  const action = draw.one(target.actions);
  const [service = "", name = ""] = action.split(":");
  const patterns = [
    action,
    action,
    action.toUpperCase(),
    "*",
    `${service}:*`,
    `${service}:${name.slice(0, 3)}*`,
    `${service}:*${name.slice(-4)}`,
    `${service}:?${name.slice(1)}`,
    `${service}:${name.slice(0, 2)}*${name.slice(-2)}`,
    "ec2:RunInstances",
    "s3:Get*",
  ];
  const chosen = draw.some(patterns, 1, 2);
  const value = chosen.length === 1 && draw.chance(0.5) ? (chosen[0] as string) : chosen;
  return draw.chance(0.9) ? { Action: value } : { NotAction: value };
}

function drawResources({ draw, resource, resourceAccount }: Scope): Document {
  const parts = resource.split(":");
  const rest = parts.slice(5).join(":");
  const head = parts.slice(0, 5).join(":");
  const patterns = [
    resource,
    resource,
    "*",
    "*",
    `${head}:*`,
    `${head}:${rest.slice(0, -3)}*`,
    `${head}:*${rest.slice(-3)}`,
    `${head}:${rest.replace(/acme|globex|Acme/u, "?".repeat(4))}`,
    `${head}:${rest.replace(/acme-corp|acme|globex|Acme/u, "$${aws:PrincipalTag/tenant}")}`,
    `${head}:${rest.replace(/acme-corp|acme|globex|Acme/u, "$${aws:PrincipalTag/tenant, 'acme'}")}`,
    `${head}:${rest.replace(/acme-corp|acme|globex|Acme/u, "$${aws:PrincipalTag/tenant}*")}`,
    `${head}:${rest.replace(/acme-corp|acme|globex|Acme/u, "a$${*}e")}`,
    `${head}:${rest.toUpperCase()}`,
    `${parts.slice(0, 3).join(":")}:*:*:${rest}`,
    `arn:*:${parts[2]}:*:${resourceAccount}:*`,
    `${parts.slice(0, 3).join(":")}:*`,
  ].filter(
    (pattern) =>
      !/:\$\{/u.test(pattern) && !(rest.includes(":") && pattern.startsWith(`${head}:*${rest.slice(-3)}`)),
  );
  const chosen = draw.some(patterns, 1, 2);
  const value = chosen.length === 1 && draw.chance(0.5) ? (chosen[0] as string) : chosen;
  return draw.chance(0.92) ? { Resource: value } : { NotResource: value };
}

function drawConditions(scope: Scope): Document {
  const block: Record<string, Document> = {};
  for (let count = scope.draw.one([1, 1, 1, 2]); count > 0; count--) {
    const [operator, key, value] = drawCondition(scope);
    block[operator] = { ...block[operator], [key]: value };
  }
  return block;
}

function drawCondition({
  draw,
  target,
  isIpv6,
}: Scope): readonly [operator: string, key: string, value: Data] {
  const ofService = (key: string) => key.startsWith("aws:") || target.keys.includes(key);
  const suffix = draw.chance(0.2) ? "IfExists" : "";
  const value = (all: readonly string[]): Data => {
    const chosen = draw.some(all, 1, 2);
    return chosen.length === 1 && draw.chance(0.6) ? (chosen[0] as string) : chosen;
  };
  const kind = draw.one([
    "text",
    "text",
    "text",
    "arn",
    "number",
    "date",
    "bool",
    "ip",
    "null",
    "list",
    "list",
  ]);
  switch (kind) {
    case "arn": {
      const key = draw.one(Object.keys(arns));
      const operator = draw.one([
        "ArnEquals",
        "ArnLike",
        "ArnNotEquals",
        "ArnNotLike",
        "StringEquals",
        "StringLike",
      ]);
      return [operator + suffix, key, value([...arnPatterns, ...(arns[key] ?? [])])];
    }
    case "number":
      return [
        draw.one(
          ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].map(
            (name) => `Numeric${name}`,
          ),
        ) + suffix,
        draw.one(numericKeys.filter(ofService)),
        value(numbers),
      ];
    case "date":
      return [
        draw.one(
          ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].map(
            (name) => `Date${name}`,
          ),
        ) + suffix,
        draw.one(dateKeys),
        value(dates),
      ];
    case "bool":
      return [`Bool${suffix}`, draw.one(bools), draw.one<Data>(["true", "false", true, false])];
    case "ip":
      return [
        draw.one(["IpAddress", "NotIpAddress"]) + suffix,
        "aws:SourceIp",
        value(isIpv6 ? cidrs6 : cidrs),
      ];
    case "null":
      return [
        "Null",
        draw.one([...Object.keys(texts), ...Object.keys(lists)].filter(ofService)),
        draw.one<Data>(["true", "false", true]),
      ];
    case "list": {
      const key = draw.one(Object.keys(lists).filter(ofService));
      const operator = draw.one([
        "StringEquals",
        "StringLike",
        "StringNotEquals",
        "StringNotLike",
        "StringEqualsIgnoreCase",
      ]);
      return [
        `${draw.one(["ForAllValues", "ForAnyValue"])}:${operator}${suffix}`,
        key,
        value([...(lists[key] ?? []), "t*", "*", "${aws:PrincipalTag/tenant}"]),
      ];
    }
    default: {
      const key = draw.one(Object.keys(texts).filter(ofService));
      const operator = draw.one([
        "StringEquals",
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringLike",
        "StringNotLike",
      ]);
      const extra = [
        "${aws:PrincipalTag/tenant}",
        "${aws:PrincipalTag/tenant, 'acme'}",
        "${aws:principaltag/tenant}/*",
        "${aws:RequestTag/tenant}",
        "a${*}e",
        "a*",
        "?cme*",
        "*",
        "${aws:TagKeys}",
      ];
      const shown = draw.chance(0.1) && !key.includes("/") ? key.toUpperCase() : key;
      return [operator + suffix, shown, value([...(texts[key] ?? []), ...(texts[key] ?? []), ...extra])];
    }
  }
}
