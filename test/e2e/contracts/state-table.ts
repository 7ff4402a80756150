import { concurrencyFailures } from '../../../lambda/adapters/dynamodb/concurrency-failures';
import { concurrencyState } from '../../../lambda/adapters/dynamodb/concurrency-state';
import { guardStatus } from '../../../lambda/adapters/dynamodb/guard-status';
import { healthState } from '../../../lambda/adapters/dynamodb/health-state';
import { meterCalibration } from '../../../lambda/adapters/dynamodb/meter-calibration';
import { meterState, orders } from '../../../lambda/adapters/dynamodb/meter-state';
import { organizationState } from '../../../lambda/adapters/dynamodb/organization-state';
import { organizationReportState, ReportStateAdapter } from '../../../lambda/adapters/dynamodb/report-state';
import { spendersState } from '../../../lambda/adapters/dynamodb/spenders';
import { sessionState } from '../../../lambda/adapters/dynamodb/session-state';
import { toldMark } from '../../../lambda/adapters/dynamodb/told-mark';
import { NEVER } from '../../../simulator/fakes/never';
import type { ConcurrencyFailuresSubject } from '../../contracts/suites/concurrency-failures';
import type { ConcurrencyStateSubject } from '../../contracts/suites/concurrency-state';
import type { StatusWriterSubject } from '../../contracts/suites/guard-status-writer';
import type { HealthStateSubject } from '../../contracts/suites/health-state';
import { keyOfItem, type MeterStateSubject } from '../../contracts/suites/meter-state';
import type { OrganizationStateSubject } from '../../contracts/suites/organization-state';
import type { ReportStateSubject } from '../../contracts/suites/report-state';
import type { SpendersStateSubject } from '../../contracts/suites/spenders-state';
import type { SessionsSubject } from '../../contracts/suites/sessions';
import type { ToldMarkSubject } from '../../contracts/suites/told-mark';
import type { Account } from './account';
import { Table } from './tables';

export async function meter(account: Account): Promise<MeterStateSubject> {
  const table = await Table.make(account);
  return {
    state: meterState(table.name, table.client),
    orders: orders(table.name, table.client),
    calibrations: meterCalibration(table.name, table.client),
    keepCanary: (record) => healthState(table.name, table.client).saveCanary(record, NEVER),
    leaveOtherVersion: (item) => table.write({ ...keyOfItem(item), schemaVersion: 2 }),
    throttle: () => table.throttle(),
  };
}

export async function told(account: Account): Promise<ToldMarkSubject> {
  const table = await Table.make(account);
  return {
    port: toldMark(table.name, table.client),
    leaveOtherVersion: () => table.write({ pk: 'meter', sk: 'told', schemaVersion: 2, at: 1 }),
    throttle: () => table.throttle(),
  };
}

export async function statusWriter(account: Account): Promise<StatusWriterSubject> {
  const table = await Table.make(account);
  return {
    port: guardStatus(table.name, table.client),
    async stands() {
      const item = await table.read('STATUS', 'STATUS');
      if (!item) return undefined;
      return { month: String(item['month']), revision: Number(item['revision']), asOf: Number(item['asOf']) };
    },
    throttle: () => table.throttle(),
    // Each is some dozen requests.
    runs: 8,
  };
}

export async function sessions(account: Account): Promise<SessionsSubject> {
  const table = await Table.make(account);
  return { port: sessionState(table.name, table.client), throttle: () => table.throttle() };
}

export async function concurrencyRecords(account: Account): Promise<ConcurrencyStateSubject> {
  const table = await Table.make(account);
  return {
    port: concurrencyState(table.name, table.client),
    meterWants: (month, desired) => table.write({ pk: 'meter', sk: month, schemaVersion: 1, desired }),
    leaveUnreadable: (sk) => table.write({ pk: 'concurrency', sk, schemaVersion: 2 }),
    throttle: () => table.throttle(),
  };
}

export async function failures(account: Account): Promise<ConcurrencyFailuresSubject> {
  const table = await Table.make(account);
  return {
    port: concurrencyFailures(table.name, table.client),
    leaveUnreadable: () => table.write({ pk: 'auto-stop', sk: 'failures', schemaVersion: 2 }),
    throttle: () => table.throttle(),
  };
}

export async function reports(account: Account): Promise<ReportStateSubject> {
  const table = await Table.make(account);
  return { port: new ReportStateAdapter(table.name, table.client) };
}

export async function spenders(account: Account): Promise<SpendersStateSubject> {
  const table = await Table.make(account);
  return { port: spendersState(table.name, table.client), throttle: () => table.throttle() };
}

export async function organizationReports(account: Account): Promise<ReportStateSubject> {
  const table = await Table.make(account);
  return { port: organizationReportState(table.name, table.client) };
}

export async function organizationItems(account: Account): Promise<OrganizationStateSubject> {
  const table = await Table.make(account);
  return {
    port: organizationState(table.name, table.client),
    leaveUnreadable: (of, sk) => table.write({ pk: `ACCOUNT#${of}`, sk, schemaVersion: 2 }),
    throttle: () => table.throttle(),
  };
}

export async function health(account: Account): Promise<HealthStateSubject> {
  const table = await Table.make(account);
  return {
    port: healthState(table.name, table.client),
    canaries: () => meterState(table.name, table.client).canaries(0, Date.parse('2027-01-01')),
    meterDates: () => meterState(table.name, table.client).extendedAccess(),
    meterWants: (month, desired) => table.write({ pk: 'meter', sk: month, schemaVersion: 1, desired }),
    leaveOtherVersion: () => table.write({ pk: 'health', sk: 'last', schemaVersion: 2 }),
    throttle: () => table.throttle(),
  };
}
