/** The names of engines, in the order in which they are looked for. */
export const engineNames = ["docker", "podman", "buildah"] as const;
export type EngineName = (typeof engineNames)[number];

export interface BuildRequest {
  /** Absolute paths. */
  readonly context: string;
  readonly dockerfile: string;
  /** Such as shop/web:1.0.0. */
  readonly reference: string;
  /** As the engines call it, such as linux/amd64. */
  readonly platform: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface LocalImage {
  /** The digest of its configuration, or of its manifest, as the engine has it: sha256:… */
  readonly id: string;
  /** Null where the engine does not say. */
  readonly sizeBytes: number | null;
  /** Such as amd64; null where the engine does not say. */
  readonly architecture: string | null;
}

/** What builds and pushes images: a program of this machine. */
export interface ImageEngine extends AsyncDisposable {
  readonly name: EngineName;
  /** @throws TOOLKIT_ENGINE_FAILED, TOOLKIT_ENGINE_OVERDUE, as all of these */
  build(request: BuildRequest, onLine: (line: string) => void): Promise<void>;
  /** Null where there is none of this name here. */
  inspect(reference: string): Promise<LocalImage | null>;
  tag(reference: string, target: string): Promise<void>;
  /** Until the engine is disposed of. The password goes over the standard input. */
  login(host: string, credentials: { readonly user: string; readonly password: string }): Promise<void>;
  push(reference: string, onLine: (line: string) => void): Promise<void>;
}
