import type { SesSetupPort } from '../../../core/report/ports';
import { NEVER } from '../../../simulator/fakes/never';
import { contract, differs } from './contract';

export interface SesSetupSubject {
  readonly port: SesSetupPort;
  /** A domain that nobody else uses. */
  readonly domain: string;
  /** Begins, and ends where its owner has done what SES asks for. */
  readonly verify: (identity: string) => Promise<void>;
  /** Begins to verify it. */
  readonly begin: (identity: string) => Promise<void>;
  /** While it runs, the account is in the sandbox. */
  readonly inSandbox: (run: () => Promise<void>) => Promise<void>;
  readonly throttle: () => Promise<void>;
}

export const sesSetupContract = contract<SesSetupSubject>('ses-setup', [
  {
    name: 'an identity that nobody made is missing',
    async run({ port, domain }) {
      expect(await port.identity(domain, NEVER)).toEqual({ kind: 'missing' });
    },
  },
  {
    name: 'one is verified by its own name alone: nothing is said of those within a domain',
    async run({ port, domain, verify }) {
      await verify(domain);
      await verify(`spend@${domain}`);
      expect(await port.identity(domain, NEVER)).toEqual({ kind: 'verified' });
      expect(await port.identity(`spend@${domain}`, NEVER)).toEqual({ kind: 'verified' });
      expect(await port.identity(`other@${domain}`, NEVER)).toEqual({ kind: 'missing' });
      expect(await port.identity(`mail.${domain}`, NEVER)).toEqual({ kind: 'missing' });
    },
  },
  {
    name: 'one whose verification has only begun is not verified, which is not missing',
    async run({ port, domain, begin }) {
      await begin(domain);
      expect(await port.identity(domain, NEVER)).toEqual({ kind: 'notVerified', status: 'PENDING' });
    },
    differs: differs(
      'emulator',
      'it has an identity verified as soon as it is made',
      'https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetEmailIdentity.html (2026-11)',
    ),
  },
  {
    name: 'whether the account may send, and to whom',
    async run({ port, inSandbox }) {
      const account = { isInSandbox: false, isSendingEnabled: true, enforcement: 'HEALTHY' };
      expect(await port.account(NEVER)).toEqual(account);
      await inSandbox(async () => expect(await port.account(NEVER)).toEqual({ ...account, isInSandbox: true }));
      expect(await port.account(NEVER)).toEqual(account);
    },
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, domain, throttle }) {
      await throttle();
      const refused = { name: 'ServiceError', refusal: 'throttled' };
      await expect(port.account(NEVER)).rejects.toMatchObject(refused);
      await expect(port.identity(domain, NEVER)).rejects.toMatchObject(refused);
    },
  },
]);
