import { textAt } from "../../../posture/read-value.ts";
import { notApplicable, refuted } from "../../../rule.ts";
import type { Resource } from "../../../artifacts/shipment.ts";
import type { Scope } from "../data-model.ts";
import { platformRule } from "../data-rule.ts";

export const noMasterCredentials = platformRule({
  id: "data/no-master-credentials",
  why: "the master user of a database reads and changes every tenant's rows, whatever row-level security says",
  fix: "give services the secret of the application's user or of the tenant's own",
  judge: ({ scopes, shared, shipment }) => {
    const mastersShared = mastersOf(shared);
    const masters = new Set(scopes.flatMap(mastersOf));
    if (masters.size === 0)
      return [notApplicable(shipment.environment, "no database has a master user with a secret")];
    return scopes.flatMap((scope) => {
      const known = new Set([...mastersShared, ...mastersOf(scope)]);
      return scope.texts.flatMap(({ task, name, text }) =>
        scope
          .find(text)
          .filter((secret) => known.has(secret))
          .map((secret) =>
            refuted(`${task.key} (${name})`, `it is given ${secret.key}, the secret of a master user`),
          ),
      );
    });
  },
});

/** The secrets of the users with which databases are made. */
function mastersOf({ resources, find }: Scope): readonly Resource[] {
  return resources.flatMap(({ properties, type }) => {
    const password = textAt(properties, "MasterUserPassword") ?? "";
    const given = /secretsmanager:(arn:(?:⟨[^⟩]*⟩|[^}⟨])+?):SecretString/u.exec(password)?.[1];
    const attached =
      type === "AWS::SecretsManager::SecretTargetAttachment" ? textAt(properties, "SecretId") : undefined;
    return [given, attached].flatMap((one) => (one === undefined ? [] : find(one)));
  });
}
