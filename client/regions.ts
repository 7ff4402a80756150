/**
 * Bedrock's own hosts, with FIPS, dual stack and interface endpoints too; any other is a proxy, whose Region is not told.
 * The endpoint rules of @aws-sdk/client-bedrock-runtime 3.1164.0, and
 * https://docs.aws.amazon.com/bedrock/latest/userguide/vpc-interface-endpoints.html (2026-11).
 */
const HOST = /(?:^|\.)bedrock-runtime(?:-fips)?\.([a-z]+(?:-[a-z]+)+-\d+)\./;

/** Warns once of each Region beside the config's that calls go to: prices and profiles are those of the config's. */
export class Regions {
  private readonly seen = new Set<unknown>();

  constructor(
    private readonly expected: string,
    private readonly warn: (message: string) => void,
  ) {}

  /** @param region as the client has it */
  called(region: string): void {
    if (region !== this.expected)
      this.once(
        region,
        `this client calls ${region}, and the config is of ${this.expected}: models, profiles and prices may differ there`,
      );
  }

  /** @param host that a request goes to, whatever Region its client has */
  arrives(host: unknown): void {
    if (this.seen.has(host)) return;
    this.seen.add(host);
    const [, region] = typeof host === 'string' ? (HOST.exec(host) ?? []) : [];
    if (region !== undefined) this.called(region);
  }

  private once(region: string, message: string): void {
    if (this.seen.has(region)) return;
    this.seen.add(region);
    this.warn(message);
  }
}
