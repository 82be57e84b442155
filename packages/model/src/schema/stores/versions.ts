import { z } from "zod";
import { errors } from "../../errors.ts";
import { checked } from "../part.ts";

/**
 * A version of an engine: a known major version, with or without the minor version behind it.
 * "15.x", as people write it, is "15": the newest minor version.
 */
export function versionOf(engine: string, majors: readonly string[]) {
  return checked(z.string(), (value) => {
    const known = majors.some(
      (major) => value === major || (value.startsWith(`${major}.`) && /^\d+(\.\d+){1,2}$/.test(value)),
    );
    return known ? null : errors.MODEL_VERSION_UNKNOWN({ value, engine, known: majors });
  });
}
