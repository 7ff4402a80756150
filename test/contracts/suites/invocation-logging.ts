import type { InvocationLogging, InvocationLoggingPort } from '../../../core/spenders/ports';
import { NEVER } from '../../../simulator/fakes/never';
import { contract } from './contract';

export interface InvocationLoggingSubject {
  readonly port: InvocationLoggingPort;
  /** While it runs, invocations are logged there. */
  readonly whileSet: (to: Required<InvocationLogging>, run: () => Promise<void>) => Promise<void>;
  readonly throttle: () => Promise<void>;
}

export const invocationLoggingContract = contract<InvocationLoggingSubject>('invocation-logging', [
  {
    name: 'nothing is known of one that is off, before it was set and afterwards',
    async run({ port, whileSet }) {
      expect(await port.configuration(NEVER)).toBeUndefined();
      await whileSet({ logGroup: '/bedrock/x', isTextDelivered: true }, async () => undefined);
      expect(await port.configuration(NEVER)).toBeUndefined();
    },
  },
  ...[true, false].map((isTextDelivered) => ({
    name: `the log group that it names, with text delivered or not: ${isTextDelivered}`,
    async run({ port, whileSet }: InvocationLoggingSubject) {
      const set = { logGroup: '/bedrock/x', isTextDelivered };
      await whileSet(set, async () => expect(await port.configuration(NEVER)).toEqual(set));
    },
  })),
  {
    name: 'a refusal is a ServiceError, and not off',
    async run({ port, throttle }) {
      await throttle();
      await expect(port.configuration(NEVER)).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
    },
  },
]);
