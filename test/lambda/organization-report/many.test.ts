import { usd } from '../../../core/money';
import { organizationState } from '../../../lambda/adapters/dynamodb/organization-state';
import { makeHandler as makeBrake } from '../../../lambda/organization-brake/handler';
import { makeHandler as makeReport } from '../../../lambda/organization-report/handler';
import { makeHandler as makeRollUp } from '../../../lambda/organization-roll-up/handler';
import { FakeBrakeCall } from '../../../simulator/fakes/brake-call';
import { FakeBrakePolicy } from '../../../simulator/fakes/brake-policy';
import { FakeMail } from '../../../simulator/fakes/mail';
import { FakeMetrics } from '../../../simulator/fakes/metrics';
import { FakePages } from '../../../simulator/fakes/pages';
import { FakeReportState } from '../../../simulator/fakes/report-state';
import { MemoryTable } from '../../helpers/memory-table';
import { NOON, ORGANIZATION, standing } from '../../helpers/organization';

/** What Lambda answers at most (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, read 2026-11-29). */
const LARGEST_ANSWER = 6 * 1024 * 1024;

/** The hub over its real table, in memory and in pages. */
function hubOf(count: number) {
  const accounts = Array.from({ length: count }, (_, at) => String(100_000_000_000 + at));
  const listed = accounts.map((account) => [account, { limit: usd(100), brake: 'automatic' as const }]);
  const env = {
    ORGANIZATION: { ...ORGANIZATION, accounts: Object.fromEntries(listed) },
    ...{ HUB_TABLE_NAME: 'hub', BRAKE_FUNCTION: 'brake', BRAKE_POLICY_ID: 'p-12345678', ALERT_TOPIC_ARN: 'topic' },
    ...{ PAGE_BUCKET_NAME: 'pages', REPORT_TIME_ZONE: 'UTC' },
  };
  const table = new MemoryTable();
  table.pageSize = 30;
  const state = organizationState('hub', table.client);
  const [policy, mail, pages, metrics] = [new FakeBrakePolicy(), new FakeMail(), new FakePages(), new FakeMetrics()];
  const ports = { state, policy, mail, pages, metrics, now: () => NOON };
  const hear = makeRollUp({ ...ports, brake: new FakeBrakeCall() }, env);
  const say = (account: string, environment: string, dollars: number) =>
    hear({
      ...{ source: 'spend-guard', 'detail-type': 'Spend Guard Standing', account },
      detail: standing({ environment, spentNano: usd(dollars) }),
    });
  const brake = () => makeBrake(ports, env)({ source: 'schedule' });
  const report = makeReport({ ...ports, organization: state, state: new FakeReportState() }, env);
  return { accounts, table, policy, mail, pages, say, brake, report };
}

test.each([40, 400])(
  '%i accounts of two environments each: all counted, and none left out by a page',
  async (count) => {
    const { accounts, table, mail, pages, say, brake, report } = hubOf(count);
    for (const account of accounts) {
      await say(account, 'dev', 1);
      await say(account, 'prod', 2);
    }
    await brake();
    const before = table.requests.length;
    const answer = await report({ mail: true, page: true });
    if (answer.kind !== 'reported') throw new Error('not reported');
    expect(answer.document).toMatchObject({ spentNano: usd(3 * count), atLeast: false, attention: [] });
    expect(answer.document.accounts).toHaveLength(count);
    expect(table.requests.length - before).toBe(Math.ceil((2 * count + 1) / 30) + 1);
    expect(JSON.stringify(answer).length).toBeLessThan(LARGEST_ANSWER);
    for (const account of accounts) {
      expect(mail.sent[0]?.body).toContain(account);
      expect(pages.pages.get('organization.html')).toContain(account);
    }
  },
);

test('400 accounts over their line at once: each is braked once, and a further run writes of no account', async () => {
  const { accounts, table, policy, mail, say, brake } = hubOf(400);
  for (const account of accounts) await say(account, 'dev', 200);
  await brake();
  expect(policy.attached.size).toBe(400);
  expect(policy.changes).toHaveLength(400);
  expect(mail.sent).toHaveLength(400);
  const before = table.requests.length;
  await brake();
  const writes = table.requests.slice(before).filter(({ operation }) => operation === 'PutItem');
  expect(writes.map(({ body }) => body.Item['pk'])).toEqual([{ S: 'HUB' }]);
  expect([policy.changes.length, mail.sent.length]).toEqual([400, 400]);
});
