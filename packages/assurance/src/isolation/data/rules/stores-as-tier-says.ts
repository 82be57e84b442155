import { type Finding, notApplicable, refuted } from "../../../rule.ts";
import { holdsTenant } from "../../names/read-names.ts";
import type { DataModel, StoreOfTier, TierData } from "../data-model.ts";
import { tenantsRule } from "../data-rule.ts";
import type { GivenText } from "../store-references.ts";

export const storesAsTierSays = tenantsRule({
  id: "data/stores-as-tier-says",
  why: "a tenant that is promised a store of its own is given the one that all share, or the other way round",
  fix: "give the service what the tier says: its own bucket, secret or database for silo, its own secret for bridge",
  judge: (model) => model.tiers.flatMap((tier) => judgeTier(tier, model)),
});

function judgeTier(tier: TierData, model: DataModel): readonly Finding[] {
  const findings = tier.texts.flatMap((given) => {
    const store = model.storeOfVariable(tier.tier, given.name);
    return store === null ? judgeStray(given, tier) : judgeVariable(given, store, tier, model);
  });
  const pooled = Object.entries(model.shipment.definition.tiers[tier.tier.tier]?.stores ?? {})
    .filter(([, isolation]) => isolation === "pool")
    .map(([name]) =>
      notApplicable(
        `${tier.label}: ${name}`,
        "tenants share the store by design; the runtime and PostgreSQL keep them apart, not the stack",
      ),
    );
  return [...findings, ...pooled];
}

/** Parts of a store that are its own where the store is, and those that are where it is shared but its user is not. */
const whereabouts = /^(HOST|READER_HOST|URL|BUCKET)$/u;
const credentials = /^(SECRET_ARN|USERNAME|PASSWORD|AUTH_TOKEN)$/u;

function judgeVariable(
  given: GivenText,
  { store, isolation, part }: StoreOfTier,
  tier: TierData,
  model: DataModel,
): readonly Finding[] {
  const isDatabase = store.kind === "postgres" || store.kind === "documentdb";
  const mustBeOwn =
    isolation === "silo"
      ? whereabouts.test(part) || credentials.test(part)
      : isolation === "bridge" && isDatabase && credentials.test(part);
  const subject = `${given.task.key} (${given.name})`;
  if (mustBeOwn && !isOwn(given.text, tier))
    return [refuted(subject, `${shown(given.text)} is not the tenant's own, and its tier says ${isolation}`)];
  // A part of a shared bucket or cache is told by how its keys begin.
  const isPart = isolation !== "silo" && /^(KEY_)?PREFIX$/u.test(part);
  if (isPart && !holdsTenant(given.text, "a"))
    return [refuted(subject, `keys of every tenant begin with ${JSON.stringify(given.text)}`)];
  const needsPrefix = isolation !== "silo" && /^(BUCKET|HOST)$/u.test(part) && !isDatabase;
  const hasPrefix = tier.texts.some(
    ({ task, container, name }) =>
      task === given.task &&
      container === given.container &&
      /_(KEY_)?PREFIX$/u.test(name) &&
      model.storeOfVariable(tier.tier, name)?.store.name === store.name,
  );
  if (needsPrefix && !hasPrefix)
    return [refuted(subject, `no prefix says which keys of ${shown(given.text)} are the tenant's`)];
  return [];
}

/** A secret under any other name is the tenant's own, or it is not given to it. */
function judgeStray(given: GivenText, tier: TierData): readonly Finding[] {
  if (!given.isSecret || isOwn(given.text, tier)) return [];
  return [
    refuted(
      `${given.task.key} (${given.name})`,
      `${shown(given.text)} is a secret that is not the tenant's, and of no store that it shares`,
    ),
  ];
}

/** Whether a text names resources of the tenant's stack; in the recovery region a copy is known by the tenant's name. */
function isOwn(text: string, tier: TierData): boolean {
  const found = tier.find(text);
  if (found.length > 0) return found.every(({ stack }) => stack.id === tier.stack.id);
  return tier.tier.role === "recovery" && holdsTenant(text, "a");
}

const shown = (text: string): string => text.replaceAll(/⟨tenant:a⟩/gu, "{tenant}");
