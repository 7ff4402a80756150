import { MINUTE_MS } from '../../core/calendar';
import type { Organization } from '../../core/organization/limits';
import type { Standing } from '../../core/organization/standing';
import { makeHandler as makeBrake, type BrakeResult } from '../../lambda/organization-brake/handler';
import { makeHandler as makeReport, type OrganizationReportResult } from '../../lambda/organization-report/handler';
import { makeHandler as makeRollUp, type RollUpResult } from '../../lambda/organization-roll-up/handler';
import { FakeBrakeCall } from '../../simulator/fakes/brake-call';
import { FakeBrakePolicy } from '../../simulator/fakes/brake-policy';
import { FakeMail } from '../../simulator/fakes/mail';
import { FakeMetrics } from '../../simulator/fakes/metrics';
import { FakeOrganizationState } from '../../simulator/fakes/organization-state';
import { FakePages } from '../../simulator/fakes/pages';
import { FakeReportState } from '../../simulator/fakes/report-state';
import { NOON, ORGANIZATION, standing } from './organization';

/** The hub over fakes, on a clock of the test's. */
export class OrganizationWorld {
  now = NOON;
  organization: Organization = ORGANIZATION;
  readonly state = new FakeOrganizationState();
  readonly policy = new FakeBrakePolicy();
  readonly mail = new FakeMail();
  readonly metrics = new FakeMetrics();
  readonly pages = new FakePages();
  readonly reports = new FakeReportState();
  /** Accounts that the brake was asked for, and has not run for yet. */
  readonly asked: string[] = [];
  readonly call = new FakeBrakeCall((account) => void this.asked.push(account));

  /** As EventBridge delivers it. @param account of the envelope */
  hear(account: string, over: Partial<Standing> = {}): Promise<RollUpResult> {
    return this.rollUp({
      version: '0',
      source: 'spend-guard',
      'detail-type': 'Spend Guard Standing',
      account,
      detail: standing({ at: new Date(this.now).toISOString(), ...over }),
    });
  }

  /** Heard, and what the brake is asked for done. */
  async told(account: string, over: Partial<Standing> = {}): Promise<void> {
    await this.hear(account, over);
    await this.wake();
  }

  async wake(): Promise<void> {
    while (this.asked.length > 0) await this.brake({ command: 'converge', account: this.asked.shift() });
  }

  rollUp(event: unknown): Promise<RollUpResult> {
    const { state, call: brake, metrics } = this;
    const env = { ORGANIZATION: this.organization, HUB_TABLE_NAME: 'hub', BRAKE_FUNCTION: 'brake' };
    return makeRollUp({ state, brake, metrics, now: () => this.now }, env)(event);
  }

  brake(event: unknown = { source: 'schedule' }): Promise<BrakeResult> {
    const { state, policy, mail, metrics } = this;
    const env = {
      ORGANIZATION: this.organization,
      HUB_TABLE_NAME: 'hub',
      BRAKE_POLICY_ID: 'p-12345678',
      ALERT_TOPIC_ARN: 'topic',
    };
    return makeBrake({ state, policy, mail, metrics, now: () => this.now }, env)(event);
  }

  report(event: unknown = {}, timeZone = 'Europe/Berlin'): Promise<OrganizationReportResult> {
    const { state: organization, reports: state, pages, mail, metrics } = this;
    const env = {
      ORGANIZATION: this.organization,
      HUB_TABLE_NAME: 'hub',
      ALERT_TOPIC_ARN: 'topic',
      PAGE_BUCKET_NAME: 'pages',
      REPORT_TIME_ZONE: timeZone,
    };
    return makeReport({ organization, state, pages, mail, metrics, now: () => this.now }, env)(event);
  }

  pass(minutes: number): void {
    this.now += minutes * MINUTE_MS;
  }

  subjects(): readonly string[] {
    return this.mail.sent.map(({ subject }) => subject);
  }

  /** The decision of an account that waits or holds. */
  decision(account: string): string {
    return this.state.brakes.get(account)?.hold?.decision ?? 'none';
  }
}
