import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Platform, PlatformService } from "@tenantry/model";
import { displayPath } from "../definition/find-definition.ts";
import { errors } from "../errors.ts";

/** One image that is built, and the services that run it. */
export interface PlannedImage {
  /** In the order of the definition; the first speaks for all. */
  readonly services: readonly [string, ...string[]];
  /** Its name on this machine, such as shop/web:1.0.0. */
  readonly reference: string;
  readonly tag: string;
  /** As the definition has it; null where it names none. */
  readonly image: string | null;
  /** Whether it goes to the platform's own registry. */
  readonly isOwn: boolean;
  readonly build: NonNullable<PlatformService["build"]>;
  readonly architecture: PlatformService["architecture"];
}

export interface ImageSelection {
  /** Names of services; all that are built without them. */
  readonly services: readonly string[];
  /** The tag of images for which the definition names none. */
  readonly tag: string;
}

const tagShape = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/**
 * The images that an environment builds. Services with one image and one build share it.
 *
 * @throws TOOLKIT_IMAGE_TAG, TOOLKIT_IMAGE_SERVICE_UNKNOWN, TOOLKIT_IMAGE_NONE, TOOLKIT_IMAGE_DIGEST,
 *   TOOLKIT_IMAGE_CONFLICT
 */
export function planImages(platform: Platform, { services, tag }: ImageSelection): readonly PlannedImage[] {
  if (!tagShape.test(tag)) throw errors.TOOLKIT_IMAGE_TAG({ tag });
  const { environment } = platform;
  const built = Object.values(platform.services).filter(({ build }) => build !== null);
  const known = built.map(({ name }) => name);
  const unknown = services.find((service) => !known.includes(service));
  if (unknown !== undefined)
    throw errors.TOOLKIT_IMAGE_SERVICE_UNKNOWN({ service: unknown, environment, known });
  if (built.length === 0) throw errors.TOOLKIT_IMAGE_NONE({ environment });
  const images = new Map<string, PlannedImage>();
  // Of all services, also where some are selected: one that is left out may still be in the way.
  for (const service of built) {
    const planned = plannedOf(platform, service, tag);
    const other = images.get(planned.reference);
    images.set(planned.reference, other === undefined ? planned : shared(other, planned));
  }
  const isWanted = (image: PlannedImage) => image.services.some((name) => services.includes(name));
  return [...images.values()].filter((image) => services.length === 0 || isWanted(image));
}

function plannedOf(
  platform: Platform,
  { name, image, build, architecture }: PlatformService,
  tagStandard: string,
): PlannedImage {
  if (image?.includes("@")) throw errors.TOOLKIT_IMAGE_DIGEST({ service: name, image });
  const isOwn = image === null || image.startsWith("{registry}/");
  const path = image === null ? name : image.replace("{registry}/", "");
  // A colon before a slash is that of a port.
  const [, repository = path, tag = tagStandard] = /^(.*?)(?::([^:/]+))?$/.exec(path) ?? [];
  return {
    services: [name],
    // With the platform in it, so that two platforms on one machine never push each other's images.
    reference: isOwn ? `${platform.name}/${repository}:${tag}` : `${repository}:${tag}`,
    tag,
    image,
    isOwn,
    build: build as PlannedImage["build"],
    architecture,
  };
}

function shared(one: PlannedImage, other: PlannedImage): PlannedImage {
  const services = [...one.services, ...other.services] as unknown as PlannedImage["services"];
  const isSame =
    one.build.context === other.build.context &&
    one.build.dockerfile === other.build.dockerfile &&
    one.architecture === other.architecture;
  if (!isSame) throw errors.TOOLKIT_IMAGE_CONFLICT({ reference: one.reference, services });
  return { ...one, services };
}

/** As OCI names it, from https://github.com/opencontainers/image-spec/blob/main/config.md. */
export function architectureOf({ architecture }: Pick<PlannedImage, "architecture">): "amd64" | "arm64" {
  return architecture === "arm64" ? "arm64" : "amd64";
}

/**
 * Where an image is built from: the context counts from the folder of the definition, the Dockerfile from the context.
 *
 * @throws TOOLKIT_IMAGE_SOURCE
 */
export function sourcesOf(
  { build, services: [service] }: PlannedImage,
  config: string,
  cwd: string,
): { readonly context: string; readonly dockerfile: string } {
  const context = resolve(dirname(config), build.context);
  const dockerfile = resolve(context, build.dockerfile);
  for (const path of [context, dockerfile]) {
    if (!existsSync(path)) throw errors.TOOLKIT_IMAGE_SOURCE({ service, path: displayPath(path, cwd) });
  }
  return { context, dockerfile };
}
