import { Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ORGANIZATION_HUB, type OrganizationConfig } from '../config';
import { ENVIRONMENT_TAG } from '../core/tags';
import { AlertTopic } from './alerts';
import { Channels } from './channels';
import { GuardSchedules } from './guard-schedule';
import { OrganizationAssets } from './organization-assets';
import { OrganizationBrake } from './organization-brake';
import { OrganizationBus } from './organization-bus';
import { OrganizationPeople } from './organization-people';
import { OrganizationReport } from './organization-report';
import { OrganizationRollUp } from './organization-roll-up';
import { deliveriesTable, OrganizationTable } from './organization-table';

export interface OrganizationHubProps {
  readonly organization: OrganizationConfig;
}

/** What an organisation has once, in its management account: roll-up of every account's guard, the daily report, the brake. */
export class OrganizationHub extends Construct {
  readonly alerts: AlertTopic;
  readonly bus: OrganizationBus;
  readonly assets: OrganizationAssets;

  constructor(scope: Construct, id: string, { organization }: OrganizationHubProps) {
    super(scope, id);
    Tags.of(this).add(ENVIRONMENT_TAG, ORGANIZATION_HUB);
    const { organizationId } = organization;
    const settings = { ORGANIZATION: JSON.stringify(told(organization)) };
    const alerts = (this.alerts = new AlertTopic(this, 'Alerts', {
      environment: ORGANIZATION_HUB,
      emails: [organization.owner],
    }));
    const schedules = new GuardSchedules(this, 'Schedules', { environment: ORGANIZATION_HUB });
    const table = new OrganizationTable(this, 'Table');
    this.bus = new OrganizationBus(this, 'Bus', { organizationId });
    this.assets = new OrganizationAssets(this, 'Assets', { organizationId });

    const brake = new OrganizationBrake(this, 'Brake', { organization, settings, table, alerts, schedules });
    const rollUp = new OrganizationRollUp(this, 'RollUp', { settings, table, brake, alerts });
    this.bus.tell(rollUp.guardFunction, schedules);
    const report = new OrganizationReport(this, 'Report', { organization, settings, table, alerts, schedules });
    const channels = this.channelsOf(organization, alerts, schedules);
    new OrganizationPeople(this, 'People', {
      people: organization.people,
      views: [report.guardFunction],
      orders: [brake.guardFunction],
      found: [brake, rollUp, report, ...(channels ? [channels] : [])].map(({ guardFunction }) => guardFunction),
    });
    alerts.watchDeadLetters(schedules.deadLetters);
    alerts.watchFindings();
  }

  private channelsOf(
    { channels, hubRegion: region }: OrganizationConfig,
    alerts: AlertTopic,
    schedules: GuardSchedules,
  ): Channels | undefined {
    if (channels.length === 0) return undefined;
    const table = deliveriesTable(this);
    const whose = { environment: ORGANIZATION_HUB, region, channels, onDashboard: false };
    return new Channels(this, 'Channels', { ...whose, alerts, table, schedules });
  }
}

/** The limits file as the hub's functions read it: see lambda/organization-settings.ts. */
function told({ managementAccount, brake, defaultLimit, accounts }: OrganizationConfig) {
  return {
    managementAccount,
    approval: brake.approval,
    atPercent: brake.atPercent,
    defaultLimit,
    accounts: Object.fromEntries(accounts.map(({ account, limit, brake: own }) => [account, { limit, brake: own }])),
  };
}
