import { type Finding, notApplicable, refuted } from "../../../rule.ts";
import type { Endpoint } from "../network-model.ts";
import type { NetworkRule } from "../network-rule.ts";
import type { NetworkModel } from "../read-network.ts";

export const endpointPoliciesConfine: NetworkRule = {
  id: "network/endpoint-policies-confine",
  why: "an endpoint that lets everything pass lets stolen data out to a bucket of somebody else, with credentials of somebody else",
  fix: "allow only aws:PrincipalAccount of the account, and of services that hold data aws:ResourceAccount as well, or resources by name",
  judge: ({ network }) => [
    ...network.endpoints.flatMap((endpoint) => judgeEndpoint(endpoint, network.account)),
    ...missingEndpoints(network),
  ],
};

/** What the definition wants to stay inside goes out through the NAT gateway where its endpoint is missing. */
function missingEndpoints(network: NetworkModel): readonly Finding[] {
  const { definition, endpoints, interfaces, subnets, vpcs } = network;
  const callers = new Set(
    interfaces.filter(({ kind }) => kind === "tasks" || kind === "function").flatMap((one) => one.subnets),
  );
  return [...vpcs.values()].flatMap((vpc) => {
    const isRecovery = vpc.region === definition.recovery?.region;
    const wanted = (isRecovery ? definition.recovery : definition)?.network.endpoints ?? [];
    const called = [...subnets.values()].filter((subnet) => subnet.vpc === vpc.id && callers.has(subnet.id));
    return wanted.flatMap((service) => {
      const endpoint = endpoints.find((one) => one.vpc === vpc.id && serviceName(one) === service);
      if (endpoint === undefined) return [refuted(vpc.where, `has no endpoint for ${service}`)];
      if (endpoint.kind !== "gateway") return [];
      const apart = called.filter(({ routeTable }) => !endpoint.routeTables.includes(routeTable));
      return apart.map((subnet) =>
        refuted(endpoint.where, `does not stand in the route table of ${subnet.where}`),
      );
    });
  });
}

const serviceName = ({ service }: Endpoint): string => service.replace(/^com\.amazonaws\.[a-z0-9-]+\./, "");

/** Services that hold the account's data. The others hand out what belongs to AWS or to nobody. */
const holdsData: ReadonlySet<string> = new Set([
  "dynamodb",
  "kms",
  "logs",
  "s3",
  "secretsmanager",
  "sns",
  "sqs",
]);

function judgeEndpoint(endpoint: Endpoint, account: string): readonly Finding[] {
  const { where, policy } = endpoint;
  const name = serviceName(endpoint);
  if (name === "sts") {
    return [
      notApplicable(
        where,
        "AssumeRoleWithWebIdentity has no caller's account, so a policy could not tell them apart",
      ),
    ];
  }
  const statements = statementsOf(policy);
  if (statements === null)
    return [refuted(where, "has AWS's own policy, or none that can be read: everything passes")];
  return statements.flatMap((statement, index) => {
    const why = openness(statement, account, holdsData.has(name));
    const id = typeof statement["Sid"] === "string" ? statement["Sid"] : `statement ${index}`;
    return why === null ? [] : [refuted(where, `${id} ${why}`)];
  });
}

type Statement = Readonly<Record<string, unknown>>;

function statementsOf(policy: unknown): readonly Statement[] | null {
  const document = typeof policy === "string" ? parsed(policy) : policy;
  if (!isObject(document)) return null;
  const statements = [document["Statement"]].flat();
  return statements.every(isObject) ? statements : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is Statement =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Why a statement lets out more than belongs to the account; null where it does not. */
function openness(statement: Statement, account: string, isData: boolean): string | null {
  if (statement["Effect"] === "Deny") return null;
  if (statement["NotResource"] !== undefined) return "allows every resource but some";
  if (namesResources(statement["Resource"])) return null;
  const equal = conditionsOf(statement["Condition"]);
  const isOwn = (key: string) => {
    const values = equal.get(key) ?? [];
    return values.length > 0 && values.every((value) => value === account);
  };
  const organizations = equal.get("aws:principalorgid") ?? [];
  if (!isOwn("aws:principalaccount") && (organizations.length === 0 || organizations.includes("*"))) {
    return "allows callers of every account";
  }
  return isData && !isOwn("aws:resourceaccount") ? "allows resources of every account" : null;
}

/** Whether every resource is somebody's by name: the part that tells whose it is has no wildcard. */
function namesResources(resource: unknown): boolean {
  const all = [resource].flat();
  return (
    all.length > 0 &&
    all.every((one) => typeof one === "string" && /^arn:[^:*?]+:[^:*?]+:[^:]*:[^:]*:[^*?/]+/.test(one))
  );
}

/** The values of StringEquals, by the key in lower case, as AWS compares keys. */
function conditionsOf(condition: unknown): ReadonlyMap<string, readonly unknown[]> {
  const equals = isObject(condition) ? condition["StringEquals"] : undefined;
  return new Map(
    Object.entries(isObject(equals) ? equals : {}).map(([key, value]) => [key.toLowerCase(), [value].flat()]),
  );
}
