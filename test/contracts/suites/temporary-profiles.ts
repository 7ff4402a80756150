import type { TemporaryProfilesPort } from '../../../core/verify/ports';
import { contract } from './contract';

export interface TemporaryProfilesSubject {
  readonly port: TemporaryProfilesPort;
  /** Two Regions without profiles of these names. */
  readonly region: string;
  readonly otherRegion: string;
  /** Somebody else's, without the tag. @returns its ARN */
  readonly foreign: (region: string, name: string) => Promise<string>;
  readonly throttle: () => Promise<void>;
}

const PREFIX = 'spend-guard-verify-';
const RUN = '20261129T134500-ab12';
const named = (name: string, region: string) => ({
  name: `${PREFIX}${RUN}-${name}`,
  source: `arn:aws:bedrock:${region}::foundation-model/amazon.nova-micro-v1:0`,
  runId: RUN,
});

export const temporaryProfilesContract = contract<TemporaryProfilesSubject>('temporary-profiles', [
  {
    name: 'one is made with its tag, found by the beginning of its name, and gone once it is removed',
    async run({ port, region }) {
      const one = named('metric-names', region);
      const arn = await port.create(region, one);
      expect(arn).toMatch(/:application-inference-profile\/[a-z0-9-]+$/);
      expect(await port.list(region, PREFIX)).toEqual([{ name: one.name, arn, runId: RUN }]);
      await port.remove(arn);
      expect(await port.list(region, PREFIX)).toEqual([]);
    },
  },
  {
    name: 'names that begin otherwise, and other Regions, are not listed',
    async run({ port, region, otherRegion, foreign }) {
      await foreign(region, 'spend-guard-dev-lite');
      const far = await port.create(otherRegion, named('metric-names', otherRegion));
      expect(await port.list(region, PREFIX)).toEqual([]);
      expect((await port.list(otherRegion, PREFIX)).map(({ arn }) => arn)).toEqual([far]);
    },
  },
  {
    name: 'one of such a name without the tag is told from those of a run',
    async run({ port, region, foreign }) {
      const arn = await foreign(region, `${PREFIX}of-somebody`);
      expect(await port.list(region, PREFIX)).toEqual([{ name: `${PREFIX}of-somebody`, arn }]);
    },
  },
  {
    name: 'to remove one that is gone is no error',
    async run({ port, region }) {
      const arn = await port.create(region, named('metric-names', region));
      await port.remove(arn);
      await expect(port.remove(arn)).resolves.toBeUndefined();
    },
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, region, throttle }) {
      await throttle();
      const refused = { name: 'ServiceError', refusal: 'throttled' };
      await expect(port.create(region, named('metric-names', region))).rejects.toMatchObject(refused);
      await expect(port.list(region, PREFIX)).rejects.toMatchObject(refused);
      await expect(
        port.remove(`arn:aws:bedrock:${region}:123456789012:application-inference-profile/x`),
      ).rejects.toMatchObject(refused);
    },
  },
]);
