interface OfImage {
  /** The name of the image, such as shop/web:1.0.0, or where it goes. */
  readonly image: string;
}

/** What is told while images are built and pushed: rows of the package's table. */
export const imageEvents = {
  TOOLKIT_ENGINE_CHOSEN: (one: { readonly engine: string }) => `with ${one.engine}`,
  TOOLKIT_IMAGE_STARTED: (one: OfImage & { readonly action: "build" | "push" }) =>
    `${one.action} ${one.image} …`,
  /** A line that the engine writes. */
  TOOLKIT_IMAGE_OUTPUT: (one: OfImage & { readonly line: string }) => `${one.image}: ${one.line}`,
  TOOLKIT_IMAGE_DONE: (
    one: OfImage & { readonly outcome: "built" | "pushed" | "unchanged"; readonly durationMs: number },
  ) => `${one.image}: ${one.outcome} in ${one.durationMs} ms`,
} as const;
