interface OfService {
  readonly service: string;
}

/** What can go wrong with images: rows of the package's table. */
export const imageErrors = {
  TOOLKIT_ENGINE_MISSING: {
    message: ({ tried }: { tried: readonly string[] }) =>
      `there is no container engine that works: ${tried.join("; ")}`,
    fix: () =>
      "install Docker (https://docs.docker.com/engine/install), Podman or Buildah, start it, and try again",
    retriable: true,
  },
  TOOLKIT_ENGINE_FAILED: {
    message: ({ engine, doing, status }: EngineFailure) =>
      `${engine} could not ${doing}, and ended with ${status ?? "a signal"}`,
    fix: ({ lastLines }: EngineFailure) =>
      lastLines.length === 0 ? "run it by hand to see why" : `correct what it says: ${lastLines.join(" / ")}`,
    retriable: true,
  },
  TOOLKIT_ENGINE_OVERDUE: {
    message: ({ engine, doing, limitMs }: { engine: string; doing: string; limitMs: number }) =>
      `${engine} took more than ${limitMs} ms to ${doing}, and was stopped`,
    fix: () => "look at what it waits for: a network, a prompt, a lock",
    retriable: true,
  },
  TOOLKIT_IMAGE_SERVICE_UNKNOWN: {
    message: ({ service, environment }: OfService & { environment: string; known: readonly string[] }) =>
      `${environment} has no service ${service} that is built`,
    fix: ({ known }: OfService & { environment: string; known: readonly string[] }) =>
      known.length === 0
        ? "say with build in the definition how a service's image is made"
        : `name one of ${known.join(", ")}`,
    retriable: false,
  },
  TOOLKIT_IMAGE_NONE: {
    message: ({ environment }: { environment: string }) => `${environment} has no service that is built`,
    fix: () => 'say how an image is made, such as build: { context: "app" }, in the definition',
    retriable: false,
  },
  TOOLKIT_IMAGE_DIGEST: {
    message: ({ service, image }: OfService & { image: string }) =>
      `the image of ${service} is ${image}, whose digest nobody can build on purpose`,
    fix: ({ service }: OfService & { image: string }) =>
      `write a tag instead, such as "{registry}/${service}:1.0.0", or take build away`,
    retriable: false,
  },
  TOOLKIT_IMAGE_TAG: {
    message: ({ tag }: { tag: string }) => `${JSON.stringify(tag)} is not a tag of an image`,
    fix: () => "write letters, digits, dots, hyphens and underscores, at most 128, such as 1.4.2",
    retriable: false,
  },
  TOOLKIT_IMAGE_CONFLICT: {
    message: ({ reference, services }: { reference: string; services: readonly string[] }) =>
      `${services.join(" and ")} would each build another ${reference}`,
    fix: () => "give them different images or tags, or the same build and architecture",
    retriable: false,
  },
  TOOLKIT_IMAGE_SOURCE: {
    message: ({ service, path }: OfService & { path: string }) =>
      `the image of ${service} is built from ${path}, which does not exist`,
    fix: ({ service }: OfService & { path: string }) =>
      `write it, or correct the build of ${service}: its context counts from the folder of the definition, its dockerfile from the context`,
    retriable: false,
  },
  TOOLKIT_IMAGE_ARCHITECTURE: {
    message: ({ service, found, wanted }: OfService & { found: string; wanted: string }) =>
      `the image of ${service} was built for ${found}, and the service runs on ${wanted}`,
    fix: () => "take --platform out of the Dockerfile, or correct architecture in the definition",
    retriable: false,
  },
  TOOLKIT_IMAGE_NOT_BUILT: {
    message: ({ service, reference }: OfService & { reference: string; build: string }) =>
      `there is no image ${reference} of ${service} on this machine`,
    fix: ({ build }: OfService & { reference: string; build: string }) => `make it with \`${build}\``,
    retriable: false,
  },
  TOOLKIT_IMAGE_FOREIGN: {
    message: ({ service, image }: OfService & { image: string }) =>
      `the image of ${service}, ${image}, is not one of the platform's own registry`,
    fix: ({ service }: OfService & { image: string }) =>
      `write image: "{registry}/${service}:1.0.0", or push it with the tools of that registry`,
    retriable: false,
  },
  TOOLKIT_REGISTRY_MISSING: {
    message: ({
      service,
      region,
      parameter,
    }: OfService & { region: string; parameter: string; deploy: string }) =>
      `${service} has no repository in ${region}: there is no parameter ${parameter}`,
    fix: ({ deploy }: OfService & { region: string; parameter: string; deploy: string }) =>
      `deploy the foundation first, with \`${deploy}\``,
    retriable: false,
  },
  TOOLKIT_REGISTRY_URI: {
    message: ({ parameter, value }: { parameter: string; value: string }) =>
      `${parameter} holds ${JSON.stringify(value)}, which is no repository of ECR`,
    fix: () => "deploy the foundation again, which writes it",
    retriable: false,
  },
  TOOLKIT_IMAGE_TAG_TAKEN: {
    message: ({ reference, digest }: { reference: string; digest: string }) =>
      `${reference} exists with another content, ${digest}, and a tag is written once`,
    fix: () =>
      "give the image a new tag in the definition, build it, and push that; or deploy the one that is there",
    retriable: false,
  },
  TOOLKIT_IMAGE_LOST: {
    message: ({ reference }: { reference: string }) =>
      `the push of ${reference} ended well, but the registry has another image under this tag, or none`,
    fix: () => "push again; if somebody else pushes at the same time, agree on different tags",
    retriable: true,
  },
} as const;

interface EngineFailure {
  readonly engine: string;
  /** Such as "build shop/web:1.0.0". */
  readonly doing: string;
  /** Null where a signal ended it. */
  readonly status: number | null;
  readonly lastLines: readonly string[];
}
