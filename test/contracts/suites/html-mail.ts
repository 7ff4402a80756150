import type { HtmlMail, HtmlMailPort } from '../../../core/report/ports';
import { contract } from './contract';

export interface HtmlMailSubject {
  readonly port: HtmlMailPort;
  /** A domain that nobody else uses. */
  readonly domain: string;
  /** An address or a domain. */
  readonly verify: (identity: string) => Promise<void>;
  readonly suppress: (address: string, reason: 'BOUNCE' | 'COMPLAINT') => Promise<void>;
  /** While it runs, the account is in the sandbox. */
  readonly inSandbox: (run: () => Promise<void>) => Promise<void>;
  /** What reached somebody at the domain, one for each recipient. */
  readonly received: () => Promise<readonly (Omit<HtmlMail, 'to'> & { readonly to: string })[]>;
  readonly throttle: () => Promise<void>;
}

function mailOf(domain: string, over: Partial<HtmlMail> = {}): HtmlMail {
  return {
    from: `spend@${domain}`,
    to: [`ann@${domain}`, `bob@${domain}`],
    subject: 'the subject',
    text: 'limit ≥ 95%\n  é\n',
    html: '<p>limit &ge; 95% é</p>',
    ...over,
  };
}

const REJECTED = { name: 'ServiceError', refusal: 'invalid', errorName: 'MessageRejected' };

export const htmlMailContract = contract<HtmlMailSubject>('html-mail', [
  {
    name: 'a mail arrives at each recipient, with both its bodies',
    async run({ port, domain, verify, received }) {
      await verify(domain);
      const { to, ...mail } = mailOf(domain);
      await port.send({ ...mail, to });
      expect(await received()).toEqual(to.map((address) => ({ ...mail, to: address })));
    },
  },
  {
    name: 'an address below a domain that is verified may send',
    async run({ port, domain, verify, received }) {
      await verify(domain);
      await port.send(mailOf(domain, { from: `spend@mail.${domain}` }));
      expect(await received()).toHaveLength(2);
    },
  },
  {
    name: 'a sender that is not verified is refused by name, and nothing is sent',
    async run({ port, domain, verify, received }) {
      await verify(`other@${domain}`);
      const sending = port.send(mailOf(domain));
      await expect(sending).rejects.toMatchObject({ ...REJECTED, text: expect.stringContaining(`spend@${domain}`) });
      expect(await received()).toEqual([]);
    },
  },
  {
    name: 'in the sandbox one recipient that is not verified keeps it from all',
    async run({ port, domain, verify, inSandbox, received }) {
      await verify(`spend@${domain}`);
      await verify(`ann@${domain}`);
      await inSandbox(async () => {
        const sending = port.send(mailOf(domain));
        await expect(sending).rejects.toMatchObject({ ...REJECTED, text: expect.stringContaining(`bob@${domain}`) });
      });
      expect(await received()).toEqual([]);
      await port.send(mailOf(domain));
      expect(await received()).toHaveLength(2);
    },
  },
  {
    name: 'who is suppressed, and why; a mail to them is taken, and reaches nobody',
    async run({ port, domain, verify, suppress, received }) {
      await verify(domain);
      const address = `bob@${domain}`;
      expect(await port.suppression(address)).toBeUndefined();
      await suppress(address, 'COMPLAINT');
      expect(await port.suppression(address)).toBe('COMPLAINT');
      expect(await port.suppression(`ann@${domain}`)).toBeUndefined();
      await port.send(mailOf(domain));
      expect((await received()).map(({ to }) => to)).toEqual([`ann@${domain}`]);
    },
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, domain, verify, throttle, received }) {
      await verify(domain);
      await throttle();
      await expect(port.send(mailOf(domain))).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
      await expect(port.suppression(`ann@${domain}`)).rejects.toMatchObject({
        name: 'ServiceError',
        refusal: 'throttled',
      });
      expect(await received()).toEqual([]);
    },
  },
]);
