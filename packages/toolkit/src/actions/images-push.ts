import { isCodedError } from "@tenantry/base";
import type { Platform } from "@tenantry/model";
import { errors } from "../errors.ts";
import { toolkitEvent } from "../events.ts";
import type { Registries } from "../images/connect-registries.ts";
import type { EngineName, ImageEngine, LocalImage } from "../images/image-engine.ts";
import type { PlannedImage } from "../images/image-plan.ts";
import type { ImageRegistry, RemoteImage } from "../images/image-registry.ts";
import { openEngine } from "../images/open-engine.ts";
import {
  type ImagesPorts,
  type ImagesRequest,
  requireLocal,
  selectImages,
  stopwatch,
} from "./images-build.ts";

export interface ImagesPushPorts extends ImagesPorts {
  readonly registries: Registries;
}

export interface PushedImage {
  readonly services: readonly string[];
  readonly region: string;
  /** Where it is now, such as 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/production/web:1.0.0. */
  readonly image: string;
  /** "unchanged" where the registry had this very image. */
  readonly outcome: "pushed" | "unchanged";
  /** Of its manifest: sha256:… */
  readonly digest: string;
  /** Compressed; null where the registry does not say. */
  readonly sizeBytes: number | null;
  /** How many findings of each severity the scan of the registry had; null where it is not done yet. */
  readonly findings: Readonly<Record<string, number>> | null;
  readonly durationMs: number;
}

export interface ImagesPushResult {
  readonly environment: string;
  readonly engine: EngineName;
  readonly images: readonly PushedImage[];
}

/**
 * Pushes images that were built here to the registry of every region of the environment. Everything
 * that can be known before is looked at before the first push. A tag is written once, unless the
 * definition says otherwise (`delivery.registry.immutableTags`).
 *
 * @throws TOOLKIT_DEFINITION_*, MODEL_*, TOOLKIT_IMAGE_*, TOOLKIT_ENGINE_*, TOOLKIT_REGISTRY_*, TOOLKIT_AWS_*
 */
export async function pushImages(request: ImagesRequest, ports: ImagesPushPorts): Promise<ImagesPushResult> {
  const { platform, environment, images } = await selectImages(request, ports);
  const foreign = images.find(({ isOwn }) => !isOwn);
  if (foreign !== undefined) {
    const { services, image, reference } = foreign;
    throw errors.TOOLKIT_IMAGE_FOREIGN({ service: services[0], image: image ?? reference });
  }
  await using engine = await openEngine(request.engine, ports.programs);
  ports.onEvent(toolkitEvent("TOOLKIT_ENGINE_CHOSEN", { engine: engine.name }));
  const build = `tenantry images build ${environment}`;
  const local: { readonly planned: PlannedImage; readonly local: LocalImage }[] = [];
  for (const planned of images) local.push({ planned, local: await requireLocal(engine, planned, build) });
  const targets: Target[] = [];
  for (const region of regionsOf(platform)) {
    const registry = ports.registries(region);
    for (const one of local) targets.push(await targetOf(platform, registry, one));
  }
  const pushed: PushedImage[] = [];
  const opened = new Set<string>();
  for (const target of targets) pushed.push(await pushOne(engine, target, opened, ports));
  return { environment, engine: engine.name, images: pushed };
}

/** Each has a registry of its own. */
function regionsOf({ region, recovery }: Platform): readonly string[] {
  return recovery === null ? [region] : [region, recovery.region];
}

/** An image and where it goes. */
interface Target {
  readonly planned: PlannedImage;
  readonly local: LocalImage;
  readonly registry: ImageRegistry;
  readonly host: string;
  readonly repository: string;
  /** With host, repository and tag. */
  readonly reference: string;
  /** What the registry has under this tag; null where the push writes it. */
  readonly there: RemoteImage | null;
  readonly isOnce: boolean;
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
const repositoryUri =
  /^(?<host>(?<account>\d{12})\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws))\/(?<repository>[a-z0-9._/-]+)$/;

/** Looks where an image goes and what is there. @throws TOOLKIT_REGISTRY_*, TOOLKIT_ACCOUNT_MISMATCH, TOOLKIT_IMAGE_TAG_TAKEN */
async function targetOf(
  platform: Platform,
  registry: ImageRegistry,
  { planned, local }: { readonly planned: PlannedImage; readonly local: LocalImage },
): Promise<Target> {
  const [service] = planned.services;
  const { environment } = platform;
  const parameter = `/${platform.name}/${environment}/registry/${service}`;
  const value = (await registry.parameters([parameter])).get(parameter);
  if (value === undefined) {
    const { region } = registry;
    throw errors.TOOLKIT_REGISTRY_MISSING({
      service,
      region,
      parameter,
      deploy: `tenantry deploy ${environment}`,
    });
  }
  const { host, account, repository } = repositoryUri.exec(value)?.groups ?? {};
  if (host === undefined || account === undefined || repository === undefined)
    throw errors.TOOLKIT_REGISTRY_URI({ parameter, value });
  if (platform.account !== null && platform.account !== account)
    throw errors.TOOLKIT_ACCOUNT_MISMATCH({ expected: platform.account, found: account });
  const reference = `${value}:${planned.tag}`;
  const found = await registry.find(repository, planned.tag);
  const isSame = found?.knownAs.includes(local.id) === true;
  const isOnce = platform.delivery.registry.immutableTags;
  if (found !== null && !isSame && isOnce)
    throw errors.TOOLKIT_IMAGE_TAG_TAKEN({ reference, digest: found.digest });
  const there = isSame ? found : null;
  return { planned, local, registry, host, repository, reference, there, isOnce };
}

async function pushOne(
  engine: ImageEngine,
  target: Target,
  opened: Set<string>,
  { clock, onEvent }: ImagesPushPorts,
): Promise<PushedImage> {
  const { planned, registry, host, reference: image } = target;
  const took = stopwatch(clock);
  const outcome = target.there === null ? "pushed" : "unchanged";
  let { there } = target;
  if (there === null) {
    onEvent(toolkitEvent("TOOLKIT_IMAGE_STARTED", { image, action: "push" }));
    if (!opened.has(host)) await engine.login(host, await registry.authorize());
    opened.add(host);
    await engine.tag(planned.reference, image);
    const onLine = (line: string) => onEvent(toolkitEvent("TOOLKIT_IMAGE_OUTPUT", { image, line }));
    await engine.push(image, onLine).catch(async (failure: unknown) => {
      throw await explainPush(failure, target);
    });
    there = await requireThere(target);
  }
  const durationMs = took();
  onEvent(toolkitEvent("TOOLKIT_IMAGE_DONE", { image, outcome, durationMs }));
  const { digest, sizeBytes, findings } = there;
  return {
    services: planned.services,
    region: registry.region,
    image,
    outcome,
    digest,
    sizeBytes,
    findings,
    durationMs,
  };
}

/** What the registry itself says is the outcome. */
async function requireThere({
  registry,
  repository,
  planned,
  reference,
  local,
}: Target): Promise<RemoteImage> {
  const found = await registry.find(repository, planned.tag);
  if (found?.knownAs.includes(local.id) !== true) throw errors.TOOLKIT_IMAGE_LOST({ reference });
  return found;
}

/** Somebody else may have written the tag since it was looked at. */
async function explainPush(failure: unknown, { registry, repository, planned, reference, isOnce }: Target) {
  if (!isOnce || !isCodedError(failure) || failure.code !== "TOOLKIT_ENGINE_FAILED") return failure;
  const found = await registry.find(repository, planned.tag).catch(() => null);
  return found === null
    ? failure
    : errors.TOOLKIT_IMAGE_TAG_TAKEN({ reference, digest: found.digest }, failure);
}
