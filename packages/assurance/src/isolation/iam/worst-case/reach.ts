import {
  type ApplicablePolicies,
  authorize,
  type Decision,
  type NamedPolicy,
  noPolicies,
} from "../evaluate/authorize.ts";
import { matchAction } from "../evaluate/match-action.ts";
import type { Matching } from "../evaluate/matching.ts";
import { fillVariables } from "../evaluate/policy-variables.ts";
import type { AccessRequest } from "../evaluate/request.ts";
import { serviceOf } from "../evaluate/request.ts";
import type { Role } from "../model/iam-model.ts";
import type { Statement } from "../policy/policy.ts";
import { candidateActions } from "./candidate-actions.ts";
import { mayName, servicesOf } from "./known-actions.ts";
import { knownOf, type Question } from "./question.ts";
import { type PrefixIndex, prefixIndex } from "./prefix-index.ts";
import { roleContext, sessionOf } from "./role-context.ts";

/** A request that nothing forbids for sure. */
export interface Reach {
  readonly role: Role;
  readonly question: Question;
  readonly request: AccessRequest;
  readonly policies: ApplicablePolicies;
  readonly decision: Decision;
  /** Only the policy of what is asked for still forbids it. */
  readonly isStopped: boolean;
}

/** The work that is left; shared by everything that a check asks. */
export interface Budget {
  evaluations: number;
}

/** Whether the role may do anything with what is asked about, whatever the context. */
export function reachOf(
  role: Role,
  question: Question,
  keyPolicy: (arn: string) => NamedPolicy,
  matching: Matching,
  budget: Budget,
): Reach | null {
  const { target, resource } = question;
  const fixed = roleContext(role, target, resource);
  const context: AccessRequest["context"] = (key) => knownOf(question, key) ?? fixed(key);
  const resourcePolicy = question.context === null ? target.policy : keyPolicy(resource);
  const policies = policiesFor(role, resourcePolicy);
  const open = policiesFor(role, resourcePolicy === null ? null : withoutDenials(resourcePolicy));
  let stopped: Reach | null = null;
  for (const action of actionsOf(role, resourcePolicy, resource)) {
    if (question.context !== null && !readsEncrypted.test(action)) continue;
    if (--budget.evaluations < 0) return null;
    const request = { principal: sessionOf(role), action, resource, resourceAccount: role.account, context };
    const decision = authorize(request, open, { matching });
    if (decision.outcome !== "allowed") continue;
    const isStopped = authorize(request, policies, { matching }).outcome !== "allowed";
    if (!isStopped) return { role, question, request, policies, decision, isStopped };
    stopped ??= { role, question, request, policies: open, decision, isStopped };
  }
  return stopped;
}

function withoutDenials({ name, policy }: NamedPolicy): NamedPolicy {
  return {
    name,
    policy: { ...policy, statements: policy.statements.filter(({ effect }) => effect === "Allow") },
  };
}

/** The actions on something that some statement allows, whatever else it says. */
export function actionsOf(
  role: Pick<Role, "identity" | "boundary">,
  resourcePolicy: NamedPolicy | null,
  resource: string,
): readonly string[] {
  const granting = [...role.identity, ...(resourcePolicy === null ? [] : [resourcePolicy])];
  const boundary = role.boundary.kind === "policy" ? [role.boundary.policy] : [];
  const clauses = granting.flatMap(({ policy }) =>
    policy.statements.filter(({ effect }) => effect === "Allow").map(({ actions }) => actions),
  );
  return servicesOf(resource).flatMap((service) =>
    candidateActions(service, [...granting, ...boundary]).filter(
      (action) => mayName(action, resource) && clauses.some((clause) => matchAction(clause, action)),
    ),
  );
}

const readsEncrypted = /^kms:(decrypt|generatedatakey\w*|reencrypt\w*|encrypt|anything)$/iu;

/** A role's policies and those of what it asks for. A boundary that nobody knows bounds nothing. */
export function policiesFor({ identity, boundary }: Role, resource: NamedPolicy | null): ApplicablePolicies {
  return {
    ...noPolicies,
    identity,
    resource,
    boundary: boundary.kind === "policy" ? [boundary.policy] : null,
  };
}

export interface QuestionIndex {
  /** By the service whose actions may name the resource. */
  readonly byResource: ReadonlyMap<string, PrefixIndex<Question>>;
  /** Encrypted data, by the name in the encryption context. */
  readonly byContext: ReadonlyMap<string, PrefixIndex<Question>>;
}

export function questionIndex(questions: readonly Question[]): QuestionIndex {
  const plain = questions.filter(({ context }) => context === null);
  return {
    byResource: indexed(
      plain,
      ({ resource }) => servicesOf(resource),
      ({ resource }) => resource,
    ),
    byContext: indexed(
      questions,
      ({ context }) => (context === null ? [] : [context.name.toLowerCase()]),
      ({ context }) => context?.value ?? "",
    ),
  };
}

function indexed(
  questions: readonly Question[],
  groupsOf: (question: Question) => readonly string[],
  textOf: (question: Question) => string,
): ReadonlyMap<string, PrefixIndex<Question>> {
  const groups = new Map<string, Question[]>();
  for (const question of questions)
    for (const group of groupsOf(question)) {
      const members = groups.get(group);
      if (members === undefined) groups.set(group, [question]);
      else members.push(question);
    }
  return new Map(
    [...groups].map(([group, members]) => [
      group,
      prefixIndex(members, (question) => beginningOf(textOf(question))),
    ]),
  );
}

/** What a text surely begins with: up to a wildcard, a variable, or what AWS makes up. */
function beginningOf(text: string): string {
  const end = /[*?]|\$\{|⟨(?!account⟩)/u.exec(text)?.index ?? text.length;
  return text.slice(0, end);
}

/** The questions that some statement of the role may be about: all that match are among them. */
export function questionsFor(role: Role, index: QuestionIndex): ReadonlySet<Question> {
  const found = new Set<Question>();
  const context = roleContext(role, null, "");
  for (const { policy } of role.identity)
    for (const statement of policy.statements) {
      if (statement.effect === "Deny") continue;
      const beginnings = resourceBeginnings(statement, (text) => {
        const pattern = fillVariables(text, policy.version, context, true);
        return pattern === null
          ? null
          : pattern.map((part) => (part.kind === "text" ? part.text : "*")).join("");
      });
      for (const question of ofStatement(statement, beginnings, index)) found.add(question);
    }
  return found;
}

function* ofStatement(
  statement: Statement,
  beginnings: readonly string[],
  { byResource, byContext }: QuestionIndex,
): Iterable<Question> {
  const services = servicesNamed(statement) ?? new Set(byResource.keys());
  for (const service of services) {
    const index = byResource.get(service);
    if (index !== undefined) for (const beginning of beginnings) yield* index.agreeing(beginning);
  }
  if (!services.has("kms") && servicesNamed(statement) !== null) return;
  for (const [name, index] of byContext) {
    const values = contextValues(statement, name);
    if (values === "none") continue;
    if (values === "any") yield* index.items;
    else for (const value of values) yield* index.agreeing(beginningOf(value));
  }
}

/** The services whose actions a statement names; null for all. */
function servicesNamed({ actions }: Statement): ReadonlySet<string> | null {
  if (actions.negated || actions.patterns.includes("*")) return null;
  return new Set(actions.patterns.map(serviceOf));
}

function resourceBeginnings(
  { resources }: Statement,
  fill: (text: string) => string | null,
): readonly string[] {
  if (resources === null || resources.negated) return [""];
  return resources.patterns.flatMap((pattern) => {
    const text = fill(pattern);
    if (text === null) return [];
    // The account of the pattern may be the one that is not known yet.
    return [/:\d{12}:/u.test(text) && !text.includes("⟨account⟩") ? "" : beginningOf(text)];
  });
}

/** The values that a statement confines an encryption context to: none where it wants another context to be there. */
function contextValues({ conditions }: Statement, name: string): readonly string[] | "any" | "none" {
  const confining = conditions.filter(
    ({ key, operator }) =>
      key.startsWith(contextKey) &&
      !operator.negated &&
      !operator.ifExists &&
      operator.quantifier !== "all" &&
      (operator.comparison === "string" ||
        operator.comparison === "string-like" ||
        operator.comparison === "arn"),
  );
  const own = confining.find(({ key }) => key === `${contextKey}${name}`);
  return own?.values ?? (confining.length === 0 ? "any" : "none");
}

const contextKey = "kms:encryptioncontext:";
