import { unknownIn } from "../../../artifacts/mark.ts";
import { notApplicable, refuted, unknown } from "../../../rule.ts";
import { platformRule } from "../names-rule.ts";
import { fullName } from "../read-names.ts";

export const tenantsByName = platformRule({
  id: "names/placed-tenants-apart",
  why: "of the tenants that are there, two have one name: somebody changed a placement by hand",
  fix: "write placement.json anew with tenantry synth",
  judge: ({ twice, unresolved, compared, shipment }) => {
    if (compared === 0)
      return [notApplicable(shipment.environment, "no tenant that is placed has a stack of its own")];
    return [
      ...twice.map(({ name, first, second }) =>
        refuted(second, `the ${name.kind.what} ${name.name} is ${first} too`),
      ),
      ...unresolved.map((name) =>
        unknown(name.subject, `the name of the ${name.kind.what}: ${unknownIn(fullName(name)) ?? ""}`),
      ),
    ];
  },
});
