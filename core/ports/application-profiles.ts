import type { TaggedProfile } from '../meter/resolve';

/** Application inference profiles of a Region: whose usage an opaque id stands for (trap 39). */
export interface ApplicationProfilesPort {
  /** All of them, over all pages, without tags. @throws ServiceError */
  list(region: string): Promise<readonly ApplicationProfile[]>;
  /** The value of the environment tag; undefined where it carries none. @throws ServiceError */
  environmentOf(profileArn: string): Promise<string | undefined>;
}

export interface ApplicationProfile extends Omit<TaggedProfile, 'environment'> {
  readonly arn: string;
}
