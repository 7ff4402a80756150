import { ServiceError } from '../../core/errors';
import type { Found, TemporaryProfilesPort } from '../../core/verify';

interface Kept extends Found {
  readonly region: string;
  readonly source: string;
}

/** Application inference profiles, with opaque ids. Two of one name are refused, as AWS names `ConflictException` for it. */
export class FakeTemporaryProfiles implements TemporaryProfilesPort {
  readonly kept = new Map<string, Kept>();
  /** In place of every answer. */
  failure: ServiceError | undefined;
  /** Instead of a profile of such a source. */
  refusalOf: (source: string) => ServiceError | undefined = () => undefined;
  private made = 0;

  constructor(private readonly account = '111122223333') {}

  async create(region: string, profile: { readonly name: string; readonly source: string; readonly runId: string }) {
    this.refuse();
    const refusal = this.refusalOf(profile.source);
    if (refusal) throw refusal;
    return this.add(region, profile);
  }

  /** @param profile without a run: somebody else's */
  add(region: string, { name, source, runId }: { name: string; source: string; runId?: string }): string {
    const arn = `arn:aws:bedrock:${region}:${this.account}:application-inference-profile/opaque${(this.made += 1)}`;
    this.kept.set(arn, { name, arn, region, source, ...(runId === undefined ? {} : { runId }) });
    return arn;
  }

  async list(region: string, namePrefix: string): Promise<readonly Found[]> {
    this.refuse();
    return [...this.kept.values()]
      .filter((one) => one.region === region && one.name.startsWith(namePrefix))
      .map(({ name, arn, runId }) => ({ name, arn, ...(runId === undefined ? {} : { runId }) }));
  }

  async remove(arn: string): Promise<void> {
    this.refuse();
    this.kept.delete(arn);
  }

  private refuse(): void {
    if (this.failure) throw this.failure;
  }
}
