import { type Finding, notApplicable, refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { isExposed } from "../reach.ts";

export const systemCatalogueClosed: DatabaseRule = {
  id: "system-catalogue-closed",
  why: "the system's catalogues list every schema, role and session, its functions lock, notify, cancel and read across tenants",
  fix: "run the bootstrap as a superuser, which takes them from public",
  judge: (catalogue, expectations) => {
    const { database } = catalogue;
    const findings: Finding[] = [];
    for (const { grantee, privilege } of catalogue.largeObjectGrants) {
      if (isExposed(expectations, grantee))
        findings.push(refuted(database, `${grantee} has ${privilege} on a large object`));
    }
    const open = [
      ...catalogue.systemRelationGrants.map(({ relation, grant }) => ({ subject: relation, grant })),
      ...catalogue.sharedStateGrants.map((item) => ({ subject: `${item.function}()`, grant: item.grant })),
    ].filter(({ grant }) => isExposed(expectations, grant.grantee));
    // What a single role was given on top is wrong even where PUBLIC cannot be closed.
    const judged =
      expectations.systemCatalogue === "closed"
        ? open
        : open.filter(({ grant }) => grant.grantee !== "public");
    for (const { subject, grant } of judged)
      findings.push(refuted(subject, `${grant.grantee} has ${grant.privilege}`));
    if (findings.length === 0 && expectations.systemCatalogue === "cannot-be-closed") {
      return [
        notApplicable(
          database,
          "only a superuser could close the catalogues; names are opaque and statements unnamed instead",
        ),
      ];
    }
    return findings;
  },
};
