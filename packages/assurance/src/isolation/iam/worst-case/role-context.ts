import type { ContextLookup, ContextValue } from "../evaluate/context.ts";
import { absent, anyValue } from "../evaluate/context.ts";
import type { Principal } from "../evaluate/request.ts";
import type { Role, Target } from "../model/iam-model.ts";

const single = (value: string): ContextValue => ({ kind: "single", value });

/** The session of a role, under any name. */
export function sessionOf({ arn, account }: Role): Principal {
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  return {
    kind: "role-session",
    account,
    roleArn: arn,
    sessionArn: `arn:aws:sts::${account}:assumed-role/${name}/session`,
  };
}

/** Keys that a service sets when it acts by itself; a role that asks has none of them. */
const ofServices = /^aws:(source(arn|account|orgid|orgpaths|owneraccount)|principalservicename(slist)?)$/u;

/**
 * The context of a request of a role that AWS fixes. Everything else is the caller's choice, or not known, and may be
 * anything: addresses, times, what is written into the request, through which service it comes.
 */
export function roleContext(role: Role, target: Target | null, resource: string): ContextLookup {
  const takesTags = takesSessionTags(role);
  const resourceRegion = resource.split(":")[3] ?? "";
  return (key) => {
    const tag = /^aws:principaltag\/(.+)$/u.exec(key)?.[1];
    if (tag !== undefined) return takesTags ? anyValue : tagValue(role.tags, tag);
    const resourceTag = /^[a-z0-9-]+:resourcetag\/(.+)$/u.exec(key)?.[1];
    // Objects have tags of their own, and those of what does not exist yet come with the request.
    if (resourceTag !== undefined)
      return target === null || resource !== target.arn ? anyValue : tagValue(target.tags, resourceTag);
    if (ofServices.test(key)) return absent;
    switch (key) {
      case "aws:principalarn":
        return single(role.arn);
      case "aws:principalaccount":
      case "aws:resourceaccount":
      case "kms:calleraccount":
        return single(role.account);
      case "aws:principaltype":
        return single("AssumedRole");
      case "aws:principalisawsservice":
        return single("false");
      case "aws:username":
      case "aws:federatedprovider":
        return absent;
      case "aws:requestedregion":
        return resourceRegion === "" ? anyValue : single(resourceRegion);
      default:
        return anyValue;
    }
  };
}

/** Whether who takes the role may bring tags, which then come before the role's own. */
function takesSessionTags({ trust }: Role): boolean {
  const statements = trust?.policy.statements ?? [];
  return statements.some(
    ({ effect, actions }) =>
      effect === "Allow" &&
      (actions.negated ||
        actions.patterns.some((action) => /^(\*|sts:(tagsession|.*[*?].*))$/iu.test(action))),
  );
}

function tagValue(tags: ReadonlyMap<string, string>, name: string): ContextValue {
  const value = tags.get(name);
  return value === undefined ? absent : single(value);
}
