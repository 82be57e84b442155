/** Both versions are served from the same data, side by side. */
export type ApiVersion = "v1" | "v2";
