import { finding, type RepositoryFile } from "./repository-files.ts";

/** What keys and tokens look like; examples that their makers publish as such are not secrets. */
const shapes: readonly { readonly what: string; readonly pattern: RegExp; readonly published?: RegExp }[] = [
  { what: "a private key", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/g },
  { what: "a JSON web token", pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}/g },
  { what: "a private JSON web key", pattern: /"d"\s*:\s*"[\w-]{40,}"/g },
  {
    what: "an AWS access key",
    pattern: /\b(AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g,
    published: /EXAMPLE$/,
  },
  {
    what: "an AWS secret key",
    pattern: /aws_secret_access_key["'\s:=]+[A-Za-z0-9/+]{40}\b/gi,
    published: /EXAMPLEKEY$/,
  },
  {
    what: "a token of GitHub, npm or Slack",
    pattern: /\b(gh[pousr]_[A-Za-z0-9]{36}|npm_[A-Za-z0-9]{36}|xox[abp]-[\w-]{10,})/g,
  },
  {
    what: "a password in an address",
    pattern: /\b(postgres(ql)?|rediss?|https?):\/\/[^\s:/@"'`]+:(?![$<{%])[^\s/@"'`]{12,}@/g,
  },
];

export function checkSecrets(file: RepositoryFile): readonly string[] {
  return shapes.flatMap(({ what, pattern, published }) =>
    [...file.text.matchAll(pattern)]
      .filter(([text]) => published === undefined || !published.test(text))
      .map((match) => finding(file, match.index, `looks like ${what}`)),
  );
}

/** Paths and addresses that exist on one machine only. */
export function checkMachine(file: RepositoryFile, checkout: string): readonly string[] {
  // A checkout at the root of a container, such as /app, is no telling name.
  if (checkout.split("/").length < 3) return [];
  const at = file.text.indexOf(`${checkout}/`);
  return at === -1 ? [] : [finding(file, at, "names a folder of this machine")];
}
