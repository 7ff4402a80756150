import type { Mail, MailPort } from '../../../core/mail';
import { contract, type Case } from './contract';

export interface MailSubject {
  readonly port: MailPort;
  /** What the subscriber was sent, oldest first. */
  readonly received: () => Promise<readonly Mail[]>;
  readonly throttle: () => Promise<void>;
}

/** SNS's own: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (2026-11). */
const LONGEST_SUBJECT = 100;
const LARGEST_BODY = 262_144;

const subjects: readonly [string, string][] = [
  ['of 101 characters', 'x'.repeat(LONGEST_SUBJECT + 1)],
  ['of none', ''],
  ['with a letter that ASCII has not', 'alérte'],
  ['of two lines', 'one\ntwo'],
];

export const mailContract = contract<MailSubject>('mail', [
  {
    name: 'each mail arrives as it was sent, in order',
    async run({ port, received }) {
      const mails = [
        { subject: 'x'.repeat(LONGEST_SUBJECT), body: 'limit ≥ 95%\n  é\n' },
        { subject: 'second', body: 'y' },
      ];
      for (const mail of mails) await port.send(mail);
      expect(await received()).toEqual(mails);
    },
  },
  ...subjects.map(([what, subject]): Case<MailSubject> => ({
    name: `a subject ${what} is refused, and nothing is sent`,
    async run({ port, received }) {
      await expect(port.send({ subject, body: 'y' })).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
      expect(await received()).toEqual([]);
    },
  })),
  {
    name: 'a body of 256 KB arrives, and a byte more is refused',
    async run({ port, received }) {
      const body = 'é'.repeat(LARGEST_BODY / 2);
      await port.send({ subject: 'largest', body });
      const refused = port.send({ subject: 'larger', body: `${body}y` });
      await expect(refused).rejects.toMatchObject({ name: 'ServiceError', refusal: 'invalid' });
      expect((await received()).map(({ subject }) => subject)).toEqual(['largest']);
    },
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, received, throttle }) {
      await throttle();
      const refused = port.send({ subject: 'x', body: 'y' });
      await expect(refused).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
      expect(await received()).toEqual([]);
    },
  },
]);
