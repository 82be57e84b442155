/** An image in a registry. */
export interface RemoteImage {
  /** Of its manifest: sha256:… */
  readonly digest: string;
  /** Every digest under which an engine may know it: manifest, configuration, and parts of an index. */
  readonly knownAs: readonly string[];
  /** Compressed, as it is pulled. */
  readonly sizeBytes: number | null;
  /** How many findings of each severity a scan had, such as { HIGH: 2 }; null where there is no scan yet. */
  readonly findings: Readonly<Record<string, number>> | null;
}

/** The registry of one region. */
export interface ImageRegistry {
  readonly region: string;
  /** The values of parameters in Parameter Store, of those that exist. */
  parameters(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** What opens the registry for some hours. */
  authorize(): Promise<{ readonly user: string; readonly password: string }>;
  /** Null where the repository has no such tag. */
  find(repository: string, tag: string): Promise<RemoteImage | null>;
}
