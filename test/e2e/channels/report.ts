import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateEmailIdentityCommand,
  DeleteEmailIdentityCommand,
  PutAccountDetailsCommand,
  SESv2Client,
} from '@aws-sdk/client-sesv2';
import type { Mail } from '../../../local/control';
import type { ChannelServer } from '../../helpers/channel-server';
import { LOG_GROUP, SENDER } from '../support/channels-tiers';
import { eventually } from '../support/eventually';
import { CALLS, logEvent, sumsBy } from '../support/invocation-records';
import type { LocalGuard } from '../support/local-guard';
import { billOf, MONTH, MONTH_START, MOVED, NOON } from '../support/past-days';
import { BUDGET_OWNER, OWNER } from '../support/tiers';

const NOW = new Date(NOON).toISOString();
const STREAM = 'aws/bedrock/modelinvocations';

/** The daily report of an environment that mails it as HTML and names who spent it; its days are of last month. */
export function dailyReport(guard: LocalGuard, server: ChannelServer): void {
  const ses = () => guard.aws.client(SESv2Client);
  const logs = () => guard.aws.client(CloudWatchLogsClient);
  const verify = (EmailIdentity: string) => ses().send(new CreateEmailIdentityCommand({ EmailIdentity }));
  const report = async (event: object) => {
    const { error, result } = await guard.of('told').functions.invoke('cost-check', { ...event, now: NOW });
    expect(error).toBeUndefined();
    return result;
  };
  const bySes = async () => (await guard.aws.control.mails()).filter(({ topic }) => topic === 'Amazon SES');
  /** The one mail of SES that each reader has of this run; the alert topic has none. */
  const mailed = async (run: () => Promise<unknown>): Promise<Mail> => {
    const byTopic = await guard.mailsFrom('told');
    const before = (await bySes()).length;
    await run();
    const [first, ...others] = (await bySes()).slice(before).toSorted((a, b) => (a.to < b.to ? -1 : 1));
    expect([first?.to, ...others.map(({ to }) => to)]).toEqual([BUDGET_OWNER, OWNER]);
    expect(others).toEqual([{ ...first, to: OWNER }]);
    expect(await byTopic()).toEqual([]);
    return first!;
  };

  test('the daily report goes to each reader once, as HTML with the text beside it; channels have it once, by the topic for machines', async () => {
    await guard.aws.control.costExplorer({ rows: billOf('told') });
    const sandbox = {
      ProductionAccessEnabled: false,
      MailType: 'TRANSACTIONAL',
      WebsiteURL: 'https://example.com',
    } as const;
    await ses().send(new PutAccountDetailsCommand(sandbox));
    for (const identity of [SENDER, OWNER, 'example.com']) await verify(identity);

    const due = { source: 'schedule', scheduledAt: NOW };
    const mail = await mailed(async () => {
      expect(await report(due)).toMatchObject({ kind: 'reported', mailed: true });
      expect(await report(due)).toMatchObject({ kind: 'skipped' });
    });
    expect(mail).toMatchObject({
      from: SENDER,
      subject: expect.stringMatching(/^\[bill\] told 10% \$5\.00 of \$50: /),
    });
    const html = textOf(mail);
    const verdict = mail.message.slice(0, mail.message.indexOf('\n'));
    expect(verdict).toMatch(
      /^Within the limit: \$5\.00 of \$50\.00 spent \(10%\), .* expected at the end, .*to decide\.$/,
    );
    expect(html).toContain(verdict);
    expect(mail.message).toMatch(new RegExp(`Spent in ${MONTH} +\\$5\\.00 of \\$50\\.00 \\(10%\\)`));
    expect(html).toContain(`Spent in ${MONTH} $5.00 of $50.00 (10%)`);
    expect(mail.message).toMatch(
      new RegExp(`NovaPro +\\+\\$2\\.00 +\\+400% +\\$2\\.50 on ${MOVED}, usually \\$0\\.50`),
    );
    expect(html).toContain(`NovaPro $2.50 on ${MOVED}, usually $0.50`);
    expect(mail.message).toMatch(/To decide +1\. Meter is blind/);
    expect(html).toContain('To decide Meter is blind It has not run yet.');

    const { posts } = server;
    const services = () => posts.map(({ service }) => service).toSorted();
    await eventually(async () => services(), ['pagerDuty', 'slackBot', 'slackWebhook', 'teamsWebhook', 'webhook']);
    for (const { body } of posts) expect(JSON.stringify(body)).toContain('10% $5.00 of $50: ');
    const chats = await guard.aws.control.chats();
    expect(
      chats.map(({ configuration, dropped }) => [/chat-configuration\/([a-z]+)/.exec(configuration)?.[1], dropped]),
    ).toEqual(
      expect.arrayContaining([
        ['slack', undefined],
        ['microsoft', undefined],
      ]),
    );
    expect(server.violations).toEqual([]);
  });

  test('a log group that is missing, and one that is empty, are named, and the mail goes out', async () => {
    const [{ message }] = (await bySes()) as [Mail];
    expect(message).toContain(`not known: by the invocation log: there is no log group ${LOG_GROUP} in this account`);
    await logs().send(new CreateLogGroupCommand({ logGroupName: LOG_GROUP }));
    await logs().send(new CreateLogStreamCommand({ logGroupName: LOG_GROUP, logStreamName: STREAM }));
    const mail = await mailed(() => report({ mail: true }));
    const why = `by the invocation log: nothing was logged in ${LOG_GROUP}: nobody called a model`;
    expect(mail.message).toContain(`not known: ${why}`);
    expect(textOf(mail)).toContain(`Not known: ${why}`);
  });

  test('with records in it the report names the five dearest with their share, the others, and what nobody counted', async () => {
    // In the sandbox SES asks for each reader's own identity, where there is one, and else for the domain's.
    await verify(BUDGET_OWNER);
    const { profiles } = guard.of('told');
    const logEvents = CALLS.map((call, at) => logEvent(call, profiles.pro, MONTH_START, at)).toSorted(
      (a, b) => a.timestamp - b.timestamp,
    );
    await logs().send(new PutLogEventsCommand({ logGroupName: LOG_GROUP, logStreamName: STREAM, logEvents }));
    const mail = await mailed(() => report({ mail: true }));

    const all = Object.entries(sumsBy(CALLS, ({ by }) => by.name)).toSorted(([, a], [, b]) => b - a);
    const total = all.reduce((sum, [, nano]) => sum + nano, 0);
    const cells = (name: string, nano: number) => [
      name,
      dollars(nano),
      `${(Math.floor((nano * 1000) / total) / 10).toFixed(1)}%`,
    ];
    const others = all.slice(5);
    const rows = [
      ...all.slice(0, 5).map(([name, nano]) => cells(name, nano)),
      cells(
        `${others.length} others`,
        others.reduce((sum, [, nano]) => sum + nano, 0),
      ),
    ];
    const lines = mail.message.split('\n').map((line) => line.trim().split(/ {2,}/));
    const first = lines.findIndex(([name]) => name === rows[0]?.[0]);
    expect(lines.slice(first, first + rows.length)).toEqual(rows);
    const html = textOf(mail);
    expect(html).toContain(rows.map((row) => row.join(' ')).join(' '));
    for (const text of [mail.message, html]) {
      expect(text).toContain(`Shares are of at least ${dollars(total)}, which is not the bill`);
      expect(text).toMatch(/not known: 1 call in no figure: without token counts/i);
    }
  });

  test('where SES refuses, the text comes by the alert topic, with why and what to do; channels are told nothing twice', async () => {
    const byTopic = await guard.mailsFrom('told');
    const before = await bySes();
    await ses().send(new DeleteEmailIdentityCommand({ EmailIdentity: SENDER }));
    await report({ mail: true });
    expect(await bySes()).toEqual(before);
    const mails = await byTopic();
    expect(mails.map(({ to }) => to).toSorted()).toEqual([BUDGET_OWNER, OWNER]);
    for (const { subject, message } of mails) {
      expect(subject).toBe('[bill] told 10% $5.00 of $50: meter is blind');
      expect(message).toMatch(
        new RegExp(
          `HTML mail: blind - went as text: MessageRejected from AWS, "Email address is not verified\\..*: ${SENDER}"`,
        ),
      );
      expect(message).toMatch(/To decide +1\. Meter is blind\n +2\. HTML mail is blind\n/);
      expect(message).toContain('Verify the sender in SES, in this Region');
      expect(message).toContain('ana@example.com');
    }
    await eventually(async () => server.posts.length, 5);
  });
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: ' ',
  '#9650': '',
  '#9660': '',
};

/** What people read of an HTML mail, on one line. */
function textOf({ html = '' }: Mail): string {
  return html
    .replace(/<style.*?<\/style>|<[^>]+>/gs, ' ')
    .replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .replaceAll(/\s+/g, ' ');
}

function dollars(nano: number): string {
  return `$${(nano / 1e9).toFixed(2)}`;
}
