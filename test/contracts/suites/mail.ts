import type { Mail, MailPort } from '../../../core/mail';
import { type Notice, NOTICE_ATTRIBUTE, noticesOf, parseNotices } from '../../../core/notice';
import { contract, type Case } from './contract';

export interface MailSubject {
  readonly port: MailPort;
  /** What the subscriber was sent, oldest first. */
  readonly received: () => Promise<readonly Pick<Mail, 'subject' | 'body'>[]>;
  /** What was published beside each, by name. */
  readonly attributes: () => Promise<readonly Readonly<Record<string, string>>[]>;
  readonly throttle: () => Promise<void>;
}

/** SNS's own: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (2026-11). */
const LONGEST_SUBJECT = 100;
const LARGEST_BODY = 262_144;

function notice(key: string, lines = 1): Notice {
  return {
    schemaVersion: 1,
    environment: 'dev',
    source: 'meter',
    key,
    fact: `fact ${key}`,
    status: 'firing',
    urgency: 'critical',
    at: 1,
    title: 'stopped: "größer" <b>&',
    happened: Array.from({ length: lines }, (_, at) => `line ${at} of é`),
    todo: ['npx spend-guard status --env dev'],
  };
}

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
    async run({ port, received, attributes }) {
      const body = 'é'.repeat(LARGEST_BODY / 2);
      // What does not fit beside the text is left out, and the text is not.
      await port.send({ subject: 'largest', body, notice: notice('k') });
      expect(await attributes()).toEqual([{}]);
      const refused = port.send({ subject: 'larger', body: `${body}y` });
      await expect(refused).rejects.toMatchObject({ name: 'ServiceError', refusal: 'invalid' });
      expect((await received()).map(({ subject }) => subject)).toEqual(['largest']);
    },
  },
  {
    name: 'notices arrive beside the text as a JSON array, also of what people have had by SES',
    async run({ port, received, attributes }) {
      const one = { subject: 'one', body: 'text', notice: notice('a') };
      const two = { subject: 'two', body: 'text', notices: [notice('b'), notice('c')] };
      await port.send(one);
      await port.send(two, { mailedBySes: false });
      await port.send(one, { mailedBySes: true });
      await port.send({ subject: 'none', body: 'text' });
      const arrived = await attributes();
      expect(arrived.map((each) => parseNotices(each[NOTICE_ATTRIBUTE]))).toEqual([
        { notices: noticesOf(one), refused: [] },
        { notices: noticesOf(two), refused: [] },
        { notices: noticesOf(one), refused: [] },
        { notices: [], refused: [] },
      ]);
      expect((await received()).map(({ subject }) => subject)).toEqual(['one', 'two', 'one', 'none']);
    },
  },
  {
    name: 'with a text that leaves little room the notices get what there is, and SNS takes it all',
    async run({ port, attributes }) {
      const body = 'y'.repeat(LARGEST_BODY - 1_000);
      const notices = Array.from({ length: 20 }, (_, at) => notice(`k${at}`, 12));
      await port.send({ subject: 'tight', body, notices });
      const [arrived = {}] = await attributes();
      const { notices: kept, refused } = parseNotices(arrived[NOTICE_ATTRIBUTE]);
      expect(refused).toEqual([]);
      expect(kept.length).toBeGreaterThan(1);
      expect(kept.at(-1)?.title).toBe(`${21 - kept.length} more changes: see the mail`);
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
