import type { Clock } from "@tenantry/base";
import { resolvePlatform } from "../definition/resolve-platform.ts";
import { errors } from "../errors.ts";
import { toolkitEvent } from "../events.ts";
import type { EngineName, ImageEngine } from "../images/image-engine.ts";
import { architectureOf, type PlannedImage, planImages, sourcesOf } from "../images/image-plan.ts";
import { openEngine } from "../images/open-engine.ts";
import type { RunProgram } from "../images/run-program.ts";
import { locateDefinition } from "../local-platform/locate-platform.ts";
import type { ToolkitPorts } from "../ports.ts";

export interface ImagesRequest {
  /** The definition; without it the nearest. */
  readonly config: string | undefined;
  /** Development, or the first, without it. */
  readonly environment: string | undefined;
  /** Names of services; all that are built where it is empty. */
  readonly services: readonly string[];
  /** The tag of images for which the definition names none; "latest" without it. */
  readonly tag: string | undefined;
  /** The first that works without it. */
  readonly engine: EngineName | undefined;
}

export interface ImagesPorts extends ToolkitPorts {
  readonly programs: RunProgram;
}

export interface BuiltImage {
  readonly services: readonly string[];
  /** Its name on this machine. */
  readonly image: string;
  /** Such as linux/amd64. */
  readonly platform: string;
  /** The digest by which the engine knows it. */
  readonly id: string;
  /** Uncompressed; null where the engine does not say. */
  readonly sizeBytes: number | null;
  readonly durationMs: number;
}

export interface ImagesBuildResult {
  readonly environment: string;
  readonly engine: EngineName;
  readonly images: readonly BuiltImage[];
}

/**
 * Builds the images of the services that say how, one after another. What was built before a
 * failure stays.
 *
 * @throws TOOLKIT_DEFINITION_*, MODEL_*, TOOLKIT_IMAGE_*, TOOLKIT_ENGINE_*
 */
export async function buildImages(request: ImagesRequest, ports: ImagesPorts): Promise<ImagesBuildResult> {
  const { config, environment, images } = await selectImages(request, ports);
  const work = images.map((image) => ({ image, sources: sourcesOf(image, config, ports.cwd) }));
  await using engine = await openEngine(request.engine, ports.programs);
  ports.onEvent(toolkitEvent("TOOLKIT_ENGINE_CHOSEN", { engine: engine.name }));
  const built: BuiltImage[] = [];
  for (const { image, sources } of work) built.push(await buildOne(engine, image, sources, ports));
  return { environment, engine: engine.name, images: built };
}

/** The definition, and the images of it that are meant. */
export async function selectImages(request: ImagesRequest, ports: ToolkitPorts) {
  const config = locateDefinition(request.config, ports);
  const { platform } = await resolvePlatform(config, { environment: request.environment }, ports);
  const images = planImages(platform, { services: request.services, tag: request.tag ?? "latest" });
  return { config, platform, environment: platform.environment, images };
}

async function buildOne(
  engine: ImageEngine,
  planned: PlannedImage,
  sources: { readonly context: string; readonly dockerfile: string },
  { clock, onEvent }: ImagesPorts,
): Promise<BuiltImage> {
  const { reference: image, services } = planned;
  const platform = `linux/${architectureOf(planned)}`;
  const took = stopwatch(clock);
  onEvent(toolkitEvent("TOOLKIT_IMAGE_STARTED", { image, action: "build" }));
  const labels = { "org.opencontainers.image.version": planned.tag };
  await engine.build({ ...sources, reference: image, platform, labels }, (line) =>
    onEvent(toolkitEvent("TOOLKIT_IMAGE_OUTPUT", { image, line })),
  );
  const local = await requireLocal(engine, planned, "tenantry images build");
  const durationMs = took();
  onEvent(toolkitEvent("TOOLKIT_IMAGE_DONE", { image, outcome: "built", durationMs }));
  return { services, image, platform, id: local.id, sizeBytes: local.sizeBytes, durationMs };
}

/** The image as it is here, made for the machines that it runs on. */
export async function requireLocal(engine: ImageEngine, planned: PlannedImage, build: string) {
  const { reference, services } = planned;
  const [service] = services;
  const local = await engine.inspect(reference);
  if (local === null) throw errors.TOOLKIT_IMAGE_NOT_BUILT({ service, reference, build });
  const wanted = architectureOf(planned);
  const found = local.architecture ?? wanted;
  if (found !== wanted) throw errors.TOOLKIT_IMAGE_ARCHITECTURE({ service, found, wanted });
  return local;
}

export function stopwatch(clock: Clock): () => number {
  const startedMs = clock.monotonicMs();
  return () => Math.round(clock.monotonicMs() - startedMs);
}
