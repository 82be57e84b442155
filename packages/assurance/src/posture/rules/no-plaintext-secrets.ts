import type { Data, Resource } from "../../artifacts/shipment.ts";
import { type Finding, refuted } from "../../rule.ts";
import { containersOf } from "../containers.ts";
import { isObject, type Posture } from "../read-posture.ts";
import { postureRule } from "../posture-rule.ts";
import { isFields, listAt, textAt, valueAt } from "../read-value.ts";

/** A place where a text could be a secret. */
interface Written {
  readonly subject: string;
  readonly place: string;
  /** What the place is called, such as DB_PASSWORD. */
  readonly name: string;
  readonly value: string;
  /** Whether the place is one for secrets alone, such as MasterUserPassword. */
  readonly isSecret: boolean;
  /** Whether what CloudFormation fetches for it can be read there ever after. */
  readonly isReadable?: boolean;
  /** How the place itself gives a secret away, whatever stands there. */
  readonly leak?: string | null;
}

const secretName =
  /pass(word|wd|phrase)|secret|token|api_?key|private_?key|access_?key|client_?secret|credential|encryption_?key|signing_?key|conn(ection)?_?string/i;
/** Names of what only says where a secret is, or how it is made. */
const reference =
  /(arn|name|id|path|url|uri|host|endpoint|file|prefix|header|issuer|version|ttl|seconds|days|minutes|region|type|enabled|length)s?$/i;

/** What secrets look like, wherever they stand. */
const secretShapes: readonly (readonly [shape: RegExp, what: string])[] = [
  [/\b(AKIA|ASIA)[0-9A-Z]{16}\b/, "an access key of AWS"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  [/\bgh[pousr]_[A-Za-z0-9]{36,}\b/, "a token of GitHub"],
  [/\bxox[abpr]-[A-Za-z0-9-]{10,}/, "a token of Slack"],
  [/\bsk_live_[A-Za-z0-9]{16,}/, "a key of Stripe"],
  [/\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/, "a signed token"],
  [/\b[a-z][a-z0-9+]*:\/\/[^\s/:@⟨⟩{}]+:(?!\{\{resolve:)[^\s/@⟨⟩]{3,}@/i, "a URL with a password"],
];

export const noPlaintextSecrets = postureRule({
  name: "no-plaintext-secrets",
  why: "Whoever may read a template, a task definition or a stack's outputs reads the secret, and so does every log of them.",
  fix: "Keep it in Secrets Manager and hand it over as a secret of the container, or by {{resolve:secretsmanager:…}}.",
  things: "variables, parameters and outputs",
  find: (posture) => [...ofContainers(posture), ...ofProperties(posture), ...ofTemplates(posture)],
  judge: (written) => judgeWritten(written),
});

function judgeWritten({
  subject,
  place,
  name,
  value,
  isSecret,
  isReadable,
  leak,
}: Written): readonly Finding[] {
  if (leak !== undefined && leak !== null) return [refuted(subject, `${place} ${leak}`)];
  if (isReadable === true && fetched.test(value))
    return [
      refuted(subject, `${place} shows a secret that CloudFormation fetches to whoever may describe it`),
    ];
  if (value === "" || isHandedOver(value)) return [];
  for (const [shape, what] of secretShapes)
    if (shape.test(value)) return [refuted(subject, `${place} holds ${what}`)];
  const isNamed = secretName.test(name) && !reference.test(name);
  // The witness must not tell the secret on.
  return isSecret || isNamed
    ? [refuted(subject, `${place} holds ${value.length} characters in plain text`)]
    : [];
}

const fetched = /\{\{resolve:(secretsmanager|ssm-secure):/;

/** A value that CloudFormation fetches at deployment, or an ARN that says where to fetch it. */
function isHandedOver(value: string): boolean {
  return (
    /^\{\{resolve:(secretsmanager|ssm-secure):[^}]+\}\}$/.test(value) ||
    /^(⟨[^⟨⟩]*⟩|arn:[\w-]*:[^\s]*)$/.test(value)
  );
}

function ofContainers(posture: Posture): readonly Written[] {
  const ofTasks = containersOf(posture).flatMap(({ resource, fields, name }) => [
    ...listAt(fields, "Environment").map((variable) => ({
      subject: resource.key,
      place: `the variable ${textAt(variable, "Name") ?? ""} of the container ${name}`,
      name: textAt(variable, "Name") ?? "",
      value: textAt(variable, "Value") ?? "",
      isSecret: false,
      isReadable: true,
    })),
    ...["Command", "EntryPoint"].flatMap((field) =>
      listAt(fields, field).map((word) => ({
        subject: resource.key,
        place: `${field} of the container ${name}`,
        name: "",
        value: typeof word === "string" ? word : "",
        isSecret: false,
      })),
    ),
  ]);
  const ofFunctions = posture.ofType("AWS::Lambda::Function").flatMap((resource) =>
    Object.entries(fieldsAt(resource, "Environment", "Variables")).map(([name, value]) => ({
      subject: resource.key,
      place: `the variable ${name}`,
      name,
      value: typeof value === "string" ? value : "",
      isSecret: false,
      isReadable: true,
    })),
  );
  return [...ofTasks, ...ofFunctions];
}

/** Properties that are secrets by what they are. */
const secretProperties =
  /^(MasterUserPassword|AuthToken|SecretString|Password|MasterPassword|SecretKey|ClientSecret|AccessTokenKey|OAuthToken)$/;
/** Texts in which people hide what they need at the start of a machine. */
const programProperties = /^(UserData|ZipFile|Value|DefaultValue|Content)$/;
const templatedTypes = new Set(["AWS::IAM::ManagedPolicy", "AWS::IAM::Role", "AWS::Organizations::Policy"]);

function ofProperties({ resources }: Posture): readonly Written[] {
  return resources
    .filter(({ type }) => !templatedTypes.has(type))
    .flatMap((resource) => {
      const found: Written[] = [];
      const visit = (value: Data, path: readonly string[]): void => {
        const field = path.at(-1) ?? "";
        if (typeof value === "string") {
          const isSecret = secretProperties.test(field);
          const isParameter = resource.type === "AWS::SSM::Parameter" && field === "Value";
          if (isSecret || programProperties.test(field))
            found.push({
              subject: resource.key,
              place: path.join("."),
              name: isParameter ? (textAt(resource.properties, "Name") ?? "") : "",
              value,
              isSecret,
              isReadable: isParameter || field === "UserData" || field === "ZipFile",
            });
        } else if (Array.isArray(value)) {
          for (const [index, item] of (value as readonly Data[]).entries())
            visit(item, [...path, String(index)]);
        } else if (isFields(value)) {
          for (const [name, item] of Object.entries(value)) visit(item, [...path, name]);
        }
      };
      visit(resource.properties, []);
      return found;
    });
}

function fieldsAt(resource: Resource, ...path: readonly string[]): Readonly<Record<string, Data>> {
  const value = valueAt(resource.properties, ...path);
  return isFields(value) ? value : {};
}

function ofTemplates({ templates }: Posture): readonly Written[] {
  return templates.flatMap(({ file, parameters, outputs }) => [
    ...Object.entries(parameters).flatMap(([name, parameter]) => ofParameter(file, name, parameter)),
    ...Object.entries(outputs).map(([name, output]) => {
      const value = isObject(output) ? output["Value"] : undefined;
      return {
        subject: file,
        place: `the output ${name}`,
        name,
        value: typeof value === "string" ? value : "",
        isSecret: false,
        leak: leakOf(value, parameters),
      };
    }),
  ]);
}

/** A parameter for a secret must be hidden (NoEcho), and even then its default stands in the template. */
function ofParameter(file: string, name: string, parameter: unknown): readonly Written[] {
  // What stands in one of Parameter Store is the name of a value.
  if (!isObject(parameter) || String(parameter["Type"]).startsWith("AWS::SSM::")) return [];
  const value = typeof parameter["Default"] === "string" ? parameter["Default"] : "";
  const place = `the default of the parameter ${name}`;
  // ARNs and ids of other stacks come in under names that say of what they are.
  const isValue = name.startsWith("Value");
  const isNamed = secretName.test(name) && !reference.test(name) && !isValue;
  return [
    {
      subject: file,
      place,
      name,
      value,
      isSecret: isHidden(parameter),
      leak: isNamed && !isHidden(parameter) ? "is not hidden (NoEcho), and shows in the console" : null,
    },
  ];
}

const isHidden = (parameter: unknown): boolean =>
  isObject(parameter) && (parameter["NoEcho"] === true || parameter["NoEcho"] === "true");

/** What an output shows to everybody who may describe the stack; null where that is no secret. */
function leakOf(value: unknown, parameters: Readonly<Record<string, unknown>>): string | null {
  const text = JSON.stringify(value ?? "");
  if (/\{\{resolve:(secretsmanager|ssm-secure):/.test(text))
    return "shows a secret that CloudFormation fetches";
  if (text.includes('"SecretAccessKey"')) return "shows an access key";
  const shownHidden = Object.keys(parameters).find(
    (name) =>
      isHidden(parameters[name]) && (text.includes(`"Ref":"${name}"`) || text.includes(`\${${name}}`)),
  );
  return shownHidden === undefined ? null : `shows the hidden parameter ${shownHidden}`;
}
