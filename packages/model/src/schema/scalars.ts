import { z } from "zod";
import { formatCidr, networkOf, parseCidr } from "../cidr.ts";
import { errors } from "../errors.ts";
import { placeholders, placeholdersOf } from "../pattern.ts";
import { regions } from "../regions.ts";
import { checked } from "./part.ts";

const words = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** A name that becomes part of resource names: lower-case words joined by single hyphens. */
export function nameOf(what: string, lengthMax: number) {
  return checked(z.string({ error: `the name of ${what}, as text` }), (value) =>
    words.test(value) && value.length <= lengthMax
      ? null
      : errors.MODEL_NAME_GRAMMAR({ value, what, lengthMax }),
  );
}

/** Text of one line that a person reads. */
export const text = z.string().min(1).max(1000);

export function whole(min: number, max: number) {
  return z.int().min(min).max(max);
}

export function percent(min = 0, max = 100) {
  return z.number().min(min).max(max);
}

/** Seconds, minutes or days, as the field's name says. */
export const port = whole(1, 65_535);

export const usd = z.number().min(0).max(1_000_000_000);

const hostLabels = /^(?=.{1,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
export const domain = checked(z.string({ error: 'a domain, such as "example.com"' }), (value) =>
  hostLabels.test(value) || value === "localhost" ? null : errors.MODEL_DOMAIN({ value }),
);

function cidrOf(what: string, largest: number, smallest: number) {
  return checked(z.string({ error: 'a range, such as "10.0.0.0/16"' }), (value) => {
    const cidr = parseCidr(value);
    if (cidr === null) {
      // One address is a range as well, where it may be.
      const isAddress = smallest === 32 && parseCidr(`${value}/32`) !== null;
      return errors.MODEL_CIDR_MALFORMED({ value, example: isAddress ? `${value}/32` : "10.0.0.0/16" });
    }
    const network = networkOf(cidr);
    if (network.base !== cidr.base)
      return errors.MODEL_CIDR_HOST_BITS({ value, network: formatCidr(network) });
    if (cidr.prefix < largest || cidr.prefix > smallest) {
      return errors.MODEL_CIDR_SIZE({ value, what, largest, smallest });
    }
    return null;
  });
}

// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
export const vpcCidr = cidrOf("a VPC", 16, 28);
export const subnetCidr = cidrOf("a subnet", 16, 28);
export const sourceCidr = cidrOf("a source of traffic", 0, 32);

export const region = checked(z.string({ error: 'an AWS region, such as "us-east-1"' }), (value) =>
  regions.includes(value) ? null : errors.MODEL_UNKNOWN_REGION({ value, known: regions }),
);

export const account = checked(z.string({ error: "an AWS account id, twelve digits as text" }), (value) =>
  /^\d{12}$/.test(value) ? null : errors.MODEL_ACCOUNT({ value }),
);

const rate = /^rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)$/;
const cronField = /^[A-Z0-9*,/?LW#-]+$/;

/** EventBridge Scheduler's grammar: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
export const schedule = checked(z.string({ error: 'a schedule, such as "rate(1 day)"' }), (value) => {
  if (rate.test(value)) return null;
  const fields = /^cron\((.*)\)$/.exec(value)?.[1]?.split(" ") ?? [];
  const oneDay = (fields[2] === "?") !== (fields[4] === "?");
  return fields.length === 6 && oneDay && fields.every((field) => cronField.test(field))
    ? null
    : errors.MODEL_SCHEDULE({ value });
});

/** Tokens are worth what the way to their issuer's keys is worth, so it is https; on this machine http will do. */
export const issuerUrl = checked(
  z.string({ error: 'the URL of an issuer, such as "https://login.example.com"' }),
  (value) => {
    const url = URL.canParse(value) ? new URL(value) : null;
    const isLocal = url?.protocol === "http:" && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
    const isSafe = (url?.protocol === "https:" || isLocal) && url?.username === "" && url.hash === "";
    return isSafe ? null : errors.MODEL_ISSUER_URL({ value });
  },
);

export const urlPath = checked(z.string({ error: 'a path, such as "/healthz"' }), (value) =>
  /^\/[^\s?#]{0,1000}$/.test(value) ? null : errors.MODEL_PATH({ value }),
);

/** Path prefixes that the gateway and the tenant API answer themselves. */
export const reservedRoutes = ["/v1", "/v2", "/control", "/health", "/.well-known"] as const;
export const route = checked(z.string({ error: 'a path prefix, such as "/api"' }), (value) => {
  if (!/^(\/|(\/[A-Za-z0-9._~-]+)+)$/.test(value) || value.includes("/.."))
    return errors.MODEL_ROUTE({ value });
  const taken = reservedRoutes.some((prefix) => value === prefix || value.startsWith(`${prefix}/`));
  return taken ? errors.MODEL_ROUTE_RESERVED({ value, reserved: reservedRoutes }) : null;
});

/** An EC2 type such as `t3.medium`; a class of another service has its prefix before it. */
export function instanceType(prefix: "" | "db." | "cache." | "mq.") {
  const shape = /^[a-z][a-z0-9-]{1,12}\.(nano|micro|small|medium|large|xlarge|\d{1,3}xlarge|metal(-\d+xl)?)$/;
  return checked(z.string(), (value) => {
    const bare = prefix !== "" && value.startsWith(prefix) ? value.slice(prefix.length) : value;
    return shape.test(bare) ? null : errors.MODEL_INSTANCE_TYPE({ value, example: `${prefix}t3.medium` });
  });
}

/** A naming pattern: text with placeholders. */
function patternOf(what: string, allowed: RegExp, allowedText: string) {
  return checked(z.string().min(1).max(512), (value) => {
    const known: readonly string[] = placeholders;
    const unknown = placeholdersOf(value).find((placeholder) => !known.includes(placeholder));
    if (unknown !== undefined)
      return errors.MODEL_PATTERN_PLACEHOLDER({ value, placeholder: unknown, known });
    const fixed = value.replaceAll(/\{[^{}]*\}/g, "");
    return allowed.test(fixed)
      ? null
      : errors.MODEL_PATTERN_CHARACTERS({ value, what, allowed: allowedText });
  });
}

export const bucketPattern = patternOf(
  "a bucket",
  /^[a-z0-9.-]*$/,
  "lower-case letters, digits, dots and hyphens",
);
export const secretPattern = patternOf("a secret", /^[\w/+=.@-]*$/, "letters, digits and / _ + = . @ -");
export const logGroupPattern = patternOf("a log group", /^[\w./#-]*$/, "letters, digits and _ . / # -");
export const rolePattern = patternOf("a role", /^[\w+=,.@-]*$/, "letters, digits and _ + = , . @ -");
export const targetGroupPattern = patternOf(
  "a target group",
  /^[A-Za-z0-9-]*$/,
  "letters, digits and hyphens",
);
export const hostPattern = patternOf(
  "a host",
  /^(\*\.)?[a-z0-9.-]*$/,
  'lower-case letters, digits, dots and hyphens, and "*." in front',
);

export const timeWindow = checked(z.string(), (value) => {
  const match = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(value);
  if (match === null) return errors.MODEL_TIME_WINDOW({ value });
  const [from = 0, to = 0] = [
    Number(match[1]) * 60 + Number(match[2]),
    Number(match[3]) * 60 + Number(match[4]),
  ];
  return (to - from + 1440) % 1440 >= 30 ? null : errors.MODEL_TIME_WINDOW({ value });
});

export const timeOfDay = checked(z.string(), (value) =>
  /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? null : errors.MODEL_TIME_OF_DAY({ value }),
);

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
const logRetentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Days that CloudWatch keeps a log group: only some numbers are allowed. */
export const logRetentionDays = checked(whole(1, 3653), (value) => {
  if (logRetentions.includes(value)) return null;
  return errors.MODEL_LOG_RETENTION({ value, next: logRetentions.find((days) => days > value) ?? 3653 });
});

export const variableName = checked(z.string(), (value) =>
  /^[A-Za-z_]\w*$/.test(value) ? null : errors.MODEL_ENV_NAME({ value }),
);

const secretName = /(PASSWORD|PASSWD|SECRET|TOKEN|PRIVATE_KEY|API_?KEY)$/i;
const secretValue = /^(AKIA[A-Z0-9]{16}$|-----BEGIN |ghp_|xox[bp]-)/;

/** Environment variables. Secrets do not belong here: they come from Secrets Manager by name. */
export const envVariables = z.record(z.string(), z.string().max(4096)).superRefine((value, context) => {
  for (const [name, content] of Object.entries(value)) {
    const error = !/^[A-Za-z_]\w*$/.test(name)
      ? errors.MODEL_ENV_NAME({ value: name })
      : name === "PORT"
        ? errors.MODEL_ENV_RESERVED({ value: name })
        : secretValue.test(content) || (secretName.test(name) && content !== "")
          ? errors.MODEL_SECRET_TEXT({ name })
          : null;
    if (error !== null) context.addIssue({ code: "custom", path: [name], params: { error } });
  }
});

const computedTags = ["Environment", "tenant_id", "cost_center"];
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@{}]*$/u;

export const tags = z.record(z.string(), z.string()).superRefine((value, context) => {
  for (const [key, content] of Object.entries(value)) {
    const error =
      !tagText.test(key) || key === "" || key.length > 128 || /^aws:/i.test(key)
        ? errors.MODEL_TAG_KEY({ value: key })
        : computedTags.includes(key)
          ? errors.MODEL_TAG_COMPUTED({ value: key })
          : !tagText.test(content) || content.length > 256
            ? errors.MODEL_TAG_VALUE({ value: content })
            : null;
    if (error !== null) context.addIssue({ code: "custom", path: [key], params: { error } });
  }
});

/** A list in which nothing stands twice. */
export function distinct<Schema extends z.ZodType>(item: Schema, what: string) {
  return z.array(item).superRefine((values, context) => {
    const seen = new Set<string>();
    for (const [index, value] of values.entries()) {
      const key = JSON.stringify(value);
      if (seen.has(key)) {
        context.addIssue({
          code: "custom",
          path: [index],
          params: { error: errors.MODEL_TWICE({ value, what }) },
        });
      }
      seen.add(key);
    }
  });
}
