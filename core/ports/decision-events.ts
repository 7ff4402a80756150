/** Tells the event bus what was decided, as a record: nothing acts on it, since anybody could forge it (trap 27). */
export interface DecisionEventsPort {
  /** @throws ServiceError, also where the bus refused the entry */
  record(event: DecisionEvent): Promise<void>;
}

/** The event's detail. Amounts are nano-dollars; times are ISO, UTC. */
export interface DecisionEvent {
  readonly schemaVersion: 1;
  readonly environment: string;
  readonly at: string;
  readonly from: string;
  readonly desired: string;
  readonly reason: string;
  readonly cause: string;
  readonly enforce: boolean;
  readonly blind: boolean;
  readonly monthToDate?: number;
  readonly limit: number;
  /** Kinds of the alerts that went out with it. */
  readonly alerts: readonly string[];
}
