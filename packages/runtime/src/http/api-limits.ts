/** What one request or connection may cost. Every limit has a safe default. */
export interface ApiLimits {
  /** Bytes of a request body of the API. Bodies for the definition's own services stream through. */
  readonly bodyBytesMax: number;
  /** Bytes of the request line and all headers together. */
  readonly headerBytesMax: number;
  /** How deep a JSON body may nest. */
  readonly jsonDepthMax: number;
  /** Members and items that a JSON body may hold, on all levels together. */
  readonly jsonValuesMax: number;
  /** Items of a page when the request does not say, and at most. */
  readonly pageItemsDefault: number;
  readonly pageItemsMax: number;
  /** From the first byte of a request to the end of its headers. */
  readonly headersTimeoutMs: number;
  /** From the first byte of a request to the end of its body. */
  readonly requestTimeoutMs: number;
  /** How long the API may work on one request. */
  readonly handlingTimeoutMs: number;
  /** How long a connection may stay silent. */
  readonly connectionTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  /** Open connections per listener. When nearly as many are open, the one that is idle longest ends for a new one. */
  readonly connectionsMax: number;
  /** Requests a minute of one address that are no tenant's and no operator's, and a tenth of that at once. */
  readonly addressRequestsPerMinute: number;
  /** Requests a minute of one operator, and a tenth of that at once. */
  readonly operatorRequestsPerMinute: number;
  /**
   * Requests that the API works on at once, shared fairly by tenants. Fewer let a tenant with few
   * requests wait less for one with many, whose requests are then fewer in every turn of the event
   * loop and in the line for the database; more let one tenant alone have somewhat more throughput.
   */
  readonly requestsInFlightMax: number;
  /**
   * Of these, how many tenants share while several are present: about as many as the processor and the
   * database work on at once. More use a large database better, and make the others wait longer
   * beside a tenant that sends more than its share.
   */
  readonly contendedRequestsInFlightMax: number;
  /** Requests with a body in memory at once, shared fairly by tenants. */
  readonly bodiesInFlightMax: number;
  /** Requests that one of the definition's own services works on at once, shared fairly by tenants. */
  readonly serviceRequestsInFlightMax: number;
  /** Requests of one tenant that wait for their turn; more are refused. */
  readonly waitingRequestsMax: number;
  /** Uploads and downloads of files at once, shared fairly by tenants. */
  readonly streamsInFlightMax: number;
  /** Bytes of a file. */
  readonly fileBytesMax: number;
  /** How fast an upload must be on average, once it has taken longer than other requests may. */
  readonly uploadBytesPerSecondMin: number;
  /** How long a request waits for its turn. */
  readonly waitingTimeoutMs: number;
  /**
   * Refusals of one tenant's requests in a second that are answered at once. Those beyond are held for
   * so long, as many at once as this; beyond these the connection is closed.
   */
  readonly promptRefusalsPerSecondMax: number;
  readonly heldRefusalsMax: number;
  readonly heldRefusalMs: number;
  /** How long Redis may take, and how long it is left alone after it took longer. */
  readonly redisTimeoutMs: number;
  readonly redisRetryMs: number;
  /** How long the database may take to answer the readiness check. */
  readonly readinessTimeoutMs: number;
  /** How long one of the definition's own services may take to accept, and to begin its answer. */
  readonly serviceConnectTimeoutMs: number;
  readonly serviceTimeoutMs: number;
  /** How long it may pause within its answer. */
  readonly serviceIdleTimeoutMs: number;
  /** WebSockets and event streams of a service that are open at once, shared fairly by tenants. */
  readonly serviceStreamsMax: number;
  /** How long such a stream may be silent: heartbeats have to come more often. */
  readonly streamIdleTimeoutMs: number;
  /** How often it is asked whether a stream's tenant is still active and its credential still good. */
  readonly streamRecheckMs: number;
  /**
   * How long the readiness check says no before connections are refused, so that load balancers
   * notice first. Nothing here, where there is none.
   */
  readonly drainNoticeMs: number;
  /** How long requests in flight may take to finish once the runtime drains. */
  readonly drainTimeoutMs: number;
}

export const defaultApiLimits: ApiLimits = Object.freeze({
  bodyBytesMax: 1_048_576,
  headerBytesMax: 16_384,
  jsonDepthMax: 32,
  jsonValuesMax: 20_000,
  pageItemsDefault: 50,
  pageItemsMax: 200,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  handlingTimeoutMs: 30_000,
  connectionTimeoutMs: 60_000,
  keepAliveTimeoutMs: 10_000,
  connectionsMax: 10_000,
  addressRequestsPerMinute: 12_000,
  operatorRequestsPerMinute: 6_000,
  requestsInFlightMax: 32,
  contendedRequestsInFlightMax: 3,
  bodiesInFlightMax: 128,
  serviceRequestsInFlightMax: 128,
  waitingRequestsMax: 64,
  streamsInFlightMax: 128,
  fileBytesMax: 1_073_741_824,
  uploadBytesPerSecondMin: 32_768,
  waitingTimeoutMs: 1_000,
  promptRefusalsPerSecondMax: 50,
  heldRefusalsMax: 1_000,
  heldRefusalMs: 1_000,
  redisTimeoutMs: 250,
  redisRetryMs: 1_000,
  readinessTimeoutMs: 2_000,
  serviceConnectTimeoutMs: 2_000,
  serviceTimeoutMs: 30_000,
  serviceIdleTimeoutMs: 60_000,
  serviceStreamsMax: 1_024,
  streamIdleTimeoutMs: 300_000,
  streamRecheckMs: 10_000,
  drainNoticeMs: 0,
  drainTimeoutMs: 10_000,
});
