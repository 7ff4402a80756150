import type { ApplicationProfile, ApplicationProfilesPort } from '../../../core/meter/ports';
import { contract, differs } from './contract';

export interface ApplicationProfilesSubject {
  readonly port: ApplicationProfilesPort;
  /** Two Regions without profiles so far. */
  readonly region: string;
  readonly otherRegion: string;
  /** Of the model `amazon.nova-lite-v1:0`. @param environment its tag; @default - none @returns its ARN */
  readonly make: (region: string, environment?: string) => Promise<string>;
  readonly remove: (arn: string) => Promise<void>;
  readonly throttle: () => Promise<void>;
}

/** Without those of the system, which the emulator lists too: see the case on them. */
const made = (profiles: readonly ApplicationProfile[]) =>
  profiles.filter(({ arn }) => arn.includes(':application-inference-profile/'));

export const applicationProfilesContract = contract<ApplicationProfilesSubject>('application-profiles', [
  {
    name: 'trap 39: profiles by Region, with their models',
    async run({ port, region, otherRegion, make }) {
      const [mine, untagged] = [await make(region, 'dev'), await make(region)];
      const far = await make(otherRegion, 'dev');
      const found = made(await port.list(region));
      expect(new Set(found.map(({ arn }) => arn))).toEqual(new Set([mine, untagged]));
      for (const { id, arn, modelIds } of found) {
        expect(arn.endsWith(`/${id}`)).toBe(true);
        expect(modelIds).toEqual(['amazon.nova-lite-v1:0']);
      }
      expect(made(await port.list(otherRegion)).map(({ arn }) => arn)).toEqual([far]);
    },
  },
  {
    name: 'a Region without any has none: those of the system are not among them',
    async run({ port, region }) {
      expect(await port.list(region)).toEqual([]);
    },
    differs: differs(
      'emulator',
      'it lists every type',
      'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListInferenceProfiles.html (2026-11)',
    ),
  },
  {
    name: 'trap 39: whose they are, in whatever Region',
    async run({ port, region, otherRegion, make }) {
      expect(await port.environmentOf(await make(region, 'dev'))).toBe('dev');
      expect(await port.environmentOf(await make(region))).toBeUndefined();
      expect(await port.environmentOf(await make(otherRegion, 'staging'))).toBe('staging');
    },
  },
  {
    name: 'a profile that is gone has no owner: that is a refusal, not a stranger',
    async run({ port, region, make, remove }) {
      const arn = await make(region, 'dev');
      await remove(arn);
      expect(made(await port.list(region))).toEqual([]);
      await expect(port.environmentOf(arn)).rejects.toMatchObject({ name: 'ServiceError', refusal: 'notFound' });
    },
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, region, make, throttle }) {
      const arn = await make(region, 'dev');
      await throttle();
      await expect(port.list(region)).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
      await expect(port.environmentOf(arn)).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
    },
  },
]);
