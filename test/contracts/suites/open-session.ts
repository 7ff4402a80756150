import type { OpenSessionPort } from '../../../core/verify/ports';
import { NEVER } from '../../../simulator/fakes/never';
import { contract } from './contract';

export interface OpenSessionSubject {
  readonly port: OpenSessionPort;
  /** A role that may be assumed, and may call {@link model}. */
  readonly roleArn: string;
  readonly model: string;
  /** Denies every call of the role from now on. */
  readonly deny: () => Promise<void>;
  /** How long a stream takes from now on, so that a deny meets one in flight. */
  readonly streamSlowly: () => Promise<void>;
  readonly throttle: () => Promise<void>;
}

const SESSION = 'spend-guard-verify';

export const openSessionContract = contract<OpenSessionSubject>('open-session', [
  {
    name: 'a session that is open is refused from the deny on, without being opened anew',
    async run({ port, roleArn, model, deny }) {
      const caller = await port.open(roleArn, SESSION, NEVER);
      const { inputTokens, outputTokens } = await caller.callOnce(model, NEVER);
      expect(inputTokens).toBeGreaterThan(0);
      expect(outputTokens).toBeGreaterThan(0);
      await deny();
      const denied = { name: 'ServiceError', refusal: 'accessDenied' };
      await expect(caller.callOnce(model, NEVER)).rejects.toMatchObject(denied);
      await expect(caller.stream(model, 100, NEVER)).rejects.toMatchObject(denied);
    },
  },
  {
    name: 'a stream tells its parts and its tokens at its end',
    async run({ port, roleArn, model }) {
      const caller = await port.open(roleArn, SESSION, NEVER);
      const { ended } = await caller.stream(model, 100, NEVER);
      const end = await ended;
      expect(end.kind).toBe('complete');
      expect(end.parts).toBeGreaterThan(0);
    },
  },
  {
    name: 'a stream in flight is not over when it has begun',
    async run({ port, roleArn, model, deny, streamSlowly }) {
      await streamSlowly();
      const caller = await port.open(roleArn, SESSION, NEVER);
      const { ended } = await caller.stream(model, 100, NEVER);
      let isOver = false;
      const watched = ended.then((end) => {
        isOver = true;
        return end;
      });
      await deny();
      await expect(caller.callOnce(model, NEVER)).rejects.toMatchObject({ refusal: 'accessDenied' });
      expect(isOver).toBe(false);
      expect((await watched).kind).toBe('complete');
    },
  },
  {
    name: 'a role that is not there cannot be assumed',
    async run({ port, roleArn }) {
      await expect(port.open(`${roleArn}-none`, SESSION, NEVER)).rejects.toMatchObject({
        name: 'ServiceError',
        refusal: 'accessDenied',
      });
    },
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, roleArn, throttle }) {
      await throttle();
      await expect(port.open(roleArn, SESSION, NEVER)).rejects.toMatchObject({
        name: 'ServiceError',
        refusal: 'throttled',
      });
    },
  },
]);
