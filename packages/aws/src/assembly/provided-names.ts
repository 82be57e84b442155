import type { ParameterSource } from "../stack/parameter-source.ts";

/** As much of a template as says what it hands over. */
interface ProvidingTemplate {
  readonly Resources: Readonly<
    Record<
      string,
      { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> | undefined }
    >
  >;
}

/**
 * The paths in Parameter Store of the values that a stack hands over. Of a template with several stacks each has paths of its own,
 * which take the stack's literal parameters. What only AWS knows is left out.
 */
export function providedNames(
  { Resources }: ProvidingTemplate,
  sources: Readonly<Record<string, ParameterSource>>,
): readonly string[] {
  return Object.values(Resources).flatMap(({ Type, Properties }) => {
    const name = Type === "AWS::SSM::Parameter" ? textOf(Properties?.["Name"], sources) : null;
    return name === null ? [] : [name];
  });
}

function textOf(value: unknown, sources: Readonly<Record<string, ParameterSource>>): string | null {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return null;
  if ("Ref" in value) {
    const source = sources[String(value.Ref)];
    return source?.kind === "literal" ? source.value : null;
  }
  if (!("Fn::Join" in value)) return null;
  const [separator, parts] = value["Fn::Join"] as readonly [string, readonly unknown[]];
  const texts = parts.map((part) => textOf(part, sources));
  return texts.includes(null) ? null : texts.join(separator);
}
