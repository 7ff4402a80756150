import type { ApplicationProfile, ApplicationProfilesPort } from '../../core/meter';
import { ServiceError } from '../../core/errors';

/** Application inference profiles, with the environment that their tag names. */
export class FakeApplicationProfiles implements ApplicationProfilesPort {
  private readonly profiles = new Map<
    string,
    { readonly profile: ApplicationProfile; readonly environment?: string }
  >();
  /** What every question gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  add(profile: ApplicationProfile, environment?: string): void {
    this.profiles.set(profile.arn, { profile, ...(environment === undefined ? {} : { environment }) });
  }

  remove(arn: string): void {
    this.profiles.delete(arn);
  }

  async list(region: string): Promise<readonly ApplicationProfile[]> {
    if (this.failure) throw this.failure;
    return [...this.profiles.values()].flatMap(({ profile }) =>
      profile.arn.split(':')[3] === region ? [profile] : [],
    );
  }

  async environmentOf(profileArn: string): Promise<string | undefined> {
    if (this.failure) throw this.failure;
    const found = this.profiles.get(profileArn);
    if (!found) throw new ServiceError('notFound', 'ResourceNotFoundException', `no profile ${profileArn}`, 404);
    return found.environment;
  }
}
