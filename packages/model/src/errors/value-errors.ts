import { row } from "./row.ts";
import { asName, chooseFrom, list, show } from "./show.ts";

interface Wrong {
  readonly value: unknown;
}

function suchAs(example: string | null): string {
  return example === null ? "" : `, such as "${example}"`;
}

/** A value that is the right type and still cannot be. */
export const valueErrors = {
  MODEL_NAME_GRAMMAR: row(
    ({ value, what }: Wrong & { what: string; lengthMax: number }) =>
      `${show(value)} cannot be the name of ${what}`,
    ({ value, lengthMax }) =>
      `use lower-case words of letters and digits joined by single hyphens, beginning with a letter, at most ${lengthMax} characters${suchAs(asName(value, 1, lengthMax))}`,
  ),
  MODEL_DOMAIN: row(
    ({ value }: Wrong) => `is ${show(value)}, not a domain name`,
    () => 'write a domain without a scheme or a trailing dot, such as "example.com"',
  ),
  MODEL_CIDR_MALFORMED: row(
    ({ value }: Wrong & { example: string }) => `is ${show(value)}, not an IPv4 range`,
    ({ example }) => `write four numbers from 0 to 255 and a prefix length, such as "${example}"`,
  ),
  MODEL_CIDR_HOST_BITS: row(
    ({ value }: Wrong & { network: string }) => `is ${show(value)}, which has bits set behind its prefix`,
    ({ network }) => `write "${network}"`,
  ),
  MODEL_CIDR_SIZE: row(
    ({ value, what }: Wrong & { what: string; largest: number; smallest: number }) =>
      `is ${show(value)}, a size that AWS does not allow for ${what}`,
    ({ largest, smallest }) => `use a prefix length between /${largest} and /${smallest}`,
  ),
  MODEL_UNKNOWN_REGION: row(
    ({ value }: Wrong & { known: readonly string[] }) => `is ${show(value)}, which is no AWS region`,
    ({ value, known }) => chooseFrom(value, known),
  ),
  MODEL_ACCOUNT: row(
    ({ value }: Wrong) => `is ${show(value)}, not an AWS account id`,
    () => "write the twelve digits as text, leading zeros included",
  ),
  MODEL_SCHEDULE: row(
    ({ value }: Wrong) => `is ${show(value)}, not a schedule`,
    () =>
      'write "rate(1 day)" or six fields in "cron(…)" with ? for one of the days, such as "cron(0 5 * * ? *)" (UTC)',
  ),
  MODEL_ISSUER_URL: row(
    ({ value }: Wrong) => `is ${show(value)}, not the URL of an issuer`,
    () =>
      'write an https URL without a user name, such as "https://login.example.com"; http only on this machine',
  ),
  MODEL_ISSUER_WITHOUT_ROLES: row(
    ({ issuer }: { issuer: string }) => `says nothing of the roles of those who come from ${show(issuer)}`,
    () =>
      'write role: "member" for everybody, or roles: { "their-admins": "admin" } for what stands in roleClaim',
  ),
  MODEL_PATH: row(
    ({ value }: Wrong) => `is ${show(value)}, not a path`,
    () => 'begin it with "/", without spaces, "?" or "#", such as "/healthz"',
  ),
  MODEL_ROUTE: row(
    ({ value }: Wrong) => `is ${show(value)}, not a path prefix`,
    () => 'write "/" or words between slashes without one at the end, such as "/api/v1"',
  ),
  MODEL_ROUTE_RESERVED: row(
    ({ value }: Wrong & { reserved: readonly string[] }) =>
      `is ${show(value)}, which the platform serves itself`,
    ({ reserved }) => `choose a prefix outside ${list(reserved)}`,
  ),
  MODEL_IMAGE: row(
    ({ value }: Wrong) => `is ${show(value)}, not the name of a container image`,
    () => 'write repository and tag or digest in lower case, such as "nginx:1.29" or "{registry}/app:1.4.2"',
  ),
  MODEL_INSTANCE_TYPE: row(
    ({ value }: Wrong & { example: string }) => `is ${show(value)}, not an instance type`,
    ({ example }) => `write family and size, such as "${example}"`,
  ),
  MODEL_STATUS_CODES: row(
    ({ value }: Wrong) => `is ${show(value)}, not a list of HTTP status codes`,
    () => 'write codes or ranges between 200 and 499, such as "200-399" or "200,204"',
  ),
  MODEL_PATTERN_PLACEHOLDER: row(
    ({ value, placeholder }: Wrong & { placeholder: string; known: readonly string[] }) =>
      `is ${show(value)}, and nothing fills "{${placeholder}}"`,
    ({ placeholder, known }) => chooseFrom(placeholder, known),
  ),
  MODEL_PATTERN_CHARACTERS: row(
    ({ value, what }: Wrong & { what: string; allowed: string }) =>
      `is ${show(value)}, which AWS does not allow as the name of ${what}`,
    ({ allowed }) => `use only ${allowed}`,
  ),
  MODEL_ENV_NAME: row(
    ({ value }: Wrong) => `${show(value)} cannot be the name of an environment variable`,
    () => "use letters, digits and underscores, beginning with a letter or an underscore",
  ),
  MODEL_ENV_RESERVED: row(
    ({ value }: Wrong) => `sets ${show(value)}, which the platform sets itself`,
    () => "leave it out; the platform passes the port of the service",
  ),
  MODEL_TAG_KEY: row(
    ({ value }: Wrong) => `${show(value)} cannot be the key of a tag`,
    () => 'use 1 to 128 letters, digits, spaces or _ . : / = + - @, not beginning with "aws:"',
  ),
  MODEL_TAG_VALUE: row(
    ({ value }: Wrong) => `is ${show(value)}, which cannot be the value of a tag`,
    () => "use at most 256 letters, digits, spaces or _ . : / = + - @",
  ),
  MODEL_TAG_COMPUTED: row(
    ({ value }: Wrong) => `sets the tag ${show(value)}, which the platform computes`,
    () => "leave it out",
  ),
  MODEL_PARAMETER_NAME: row(
    ({ value }: Wrong) => `${show(value)} cannot be the name of a parameter`,
    () => 'use letters, digits and _ . - between slashes, without one at the start, such as "app/log-level"',
  ),
  MODEL_COUNTRY: row(
    ({ value }: Wrong) => `is ${show(value)}, not a country code`,
    () => 'write two capital letters (ISO 3166-1), such as "DE"',
  ),
  MODEL_VERSION_UNKNOWN: row(
    ({ value, engine }: Wrong & { engine: string; known: readonly string[] }) =>
      `is ${show(value)}, which is no version of ${engine}`,
    ({ known }) => `use ${list(known)}`,
  ),
  MODEL_DATABASE_NAME: row(
    ({ value }: Wrong) => `is ${show(value)}, which cannot be the name of a database`,
    () =>
      "use lower-case letters, digits and underscores, beginning with a letter, at most 63 characters, and no word that PostgreSQL reserves",
  ),
  MODEL_TIME_OF_DAY: row(
    ({ value }: Wrong) => `is ${show(value)}, not a time of day`,
    () => 'write hours and minutes, such as "09:00"',
  ),
  MODEL_TIME_WINDOW: row(
    ({ value }: Wrong) => `is ${show(value)}, not a time window`,
    () => 'write two times at least 30 minutes apart, UTC, such as "03:00-04:00"',
  ),
  MODEL_DESTINATION: row(
    ({ value, destination }: Wrong & { destination: string; example: string }) =>
      `is ${show(value)}, not where ${destination} can send`,
    ({ example }) => `write something like "${example}"`,
  ),
  MODEL_SECRET_TEXT: row(
    ({ name }: { name: string }) => `looks like a secret written into the definition (${name})`,
    () => "keep it in Secrets Manager and write the name of the secret here",
  ),
} as const;
