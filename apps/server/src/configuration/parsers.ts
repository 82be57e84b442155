import { isIP } from "node:net";
import { X509Certificate } from "node:crypto";
import { Unfit } from "./variable-reader.ts";

/** Texts to values. Each throws Unfit with what it expects. */
export const text = (value: string): string => value;

export function whole(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= min && number <= max)) throw new Unfit(`a whole number from ${min} to ${max}`);
    return number;
  };
}

export const port = whole(0, 65_535);

export function oneOf<const Choice extends string>(choices: readonly Choice[]): (value: string) => Choice {
  return (value) => {
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined) throw new Unfit(`one of ${choices.join(", ")}`);
    return choice;
  };
}

export function secret(value: string): string {
  if (value.length >= 32) return value;
  throw new Unfit("32 random characters or more", `only ${value.length} characters`);
}

export function ipAddress(value: string): string {
  if (isIP(value) === 0) throw new Unfit("an IP address, such as 0.0.0.0 or ::");
  return value;
}

export function hostName(value: string): string {
  if (isIP(value) === 0 && !/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(value))
    throw new Unfit("the name or IP address of a host, without a scheme and a port");
  return value;
}

/** https, or http where it stays on this machine: whoever can change what an issuer says is the issuer. */
export function issuerUrl(value: string): string {
  const url = httpUrl(value, "an https URL without a query, such as https://auth.example.com");
  const isHere = /(^|\.)localhost$|^127\.|^\[::1\]$/.test(url.hostname);
  if ((url.protocol === "http:" && !isHere) || url.search !== "" || url.hash !== "" || value.endsWith("/"))
    throw new Unfit("an https URL without a query and a slash at its end, such as https://auth.example.com");
  return value;
}

export function endpoint(value: string): string {
  httpUrl(value, "an http or https URL, such as http://127.0.0.1:4318");
  return value;
}

/** A URL that holds a password is not shown by whoever refuses it. */
function httpUrl(value: string, expected: string): URL {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw new Unfit(expected);
  if (url.username !== "" || url.password !== "") throw new Unfit(expected, "a URL with credentials in it");
  return url;
}

export function redisUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  const expected = "redis://host:6379, or rediss://host:6379 for TLS";
  if (url === null) throw new Unfit(expected, "no URL");
  if (!/^rediss?:$/.test(url.protocol)) throw new Unfit(expected, `a URL that begins with ${url.protocol}`);
  return value;
}

export function bearerToken(value: string): string {
  const expected = "letters, digits and -._~+/=, such as 32 random bytes in hexadecimal";
  if (!/^[A-Za-z0-9._~+/=-]+$/.test(value))
    throw new Unfit(expected, "characters that a bearer token cannot have");
  return value;
}

export function list(value: string): readonly string[] {
  return value
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** Certificates one after another. */
export function certificates(value: string): readonly string[] {
  const found = value.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  const expected = "certificates as PEM, such as the bundle of the database's region";
  if (found.length === 0) throw new Unfit(expected, "no certificate");
  for (const [index, certificate] of found.entries()) {
    if (!isCertificate(certificate))
      throw new Unfit(expected, `${found.length} certificates, of which number ${index + 1} cannot be read`);
  }
  return found;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

export function json(value: string, expected: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    // The parser's own message would quote the text.
    throw new Unfit(expected, "no JSON");
  }
}
