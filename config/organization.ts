import type { Channel } from '../core/channels';
import { usd, formatUsd, type NanoUsd } from '../core/money';
import { allowedKeysAt } from './allowed-keys';
import { channelsOf } from './channels';
import { SHIPPED_ORGANIZATION } from './home';
import { organizationProblems } from './organization-check';
import { organizationSchema, type OrganizationInput } from './organization-schema';
import { leftOutProblems } from './own-names';
import { ConfigError, shapeProblems } from './problems';
import { reportTimeProblem } from './report-time';

/** The organisation's file after checking. */
export interface OrganizationConfig {
  readonly organizationId: string;
  readonly managementAccount: string;
  /** Of the hub, and of the members' guards. */
  readonly hubRegion: string;
  readonly owner: string;
  readonly report: { readonly hour: number; readonly minute: number; readonly timeZone: string };
  readonly brake: {
    readonly atPercent: number;
    /** Of accounts that are not in the file. */
    readonly approval: 'needsApproval' | 'automatic';
    /** Patterns of ARNs. */
    readonly neverStop: readonly string[];
  };
  readonly stackSet: {
    readonly organizationalUnits: readonly string[];
    readonly mode: 'watch' | 'enforce';
    readonly accountWide: boolean;
  };
  readonly people: { readonly viewers: readonly string[]; readonly operators: readonly string[] };
  /** Of the hub, in the order of the file. */
  readonly channels: readonly Channel[];
  /** Per calendar month, UTC, of each account that is not in the file. */
  readonly defaultLimit: NanoUsd;
  /** In the order of the file. */
  readonly accounts: readonly AccountConfig[];
  /** What a deployer should know although nothing is wrong. */
  readonly notices: readonly string[];
}

export interface AccountConfig {
  readonly account: string;
  readonly limit: NanoUsd;
  readonly email: string;
  readonly brake: 'never' | 'needsApproval' | 'automatic';
}

/**
 * Checks what a person wrote of the organisation.
 * @param now milliseconds since the epoch: clocks change by the rules of then
 * @param file named in the error
 * @throws ConfigError that names every problem at once
 */
export function loadOrganization(
  input: OrganizationInput,
  now: number,
  file = SHIPPED_ORGANIZATION,
): OrganizationConfig {
  const parsed = organizationSchema.safeParse(input, { reportInput: true });
  const told = [
    ...(parsed.success ? [] : shapeProblems(parsed.error, (path) => allowedKeysAt(organizationSchema, path))),
    ...organizationProblems(input),
  ];
  const problems = [...told, ...leftOutProblems(organizationSchema, input, told)];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems, file);

  const { report: written, accounts, brake, stackSet, people = {}, ...values } = parsed.data;
  const [hour = 0, minute = 0] = written.at.split(':').map(Number);
  const report = { hour, minute, timeZone: written.timeZone };
  const wrongTime = reportTimeProblem(written.at, report, now);
  if (wrongTime !== undefined) throw new ConfigError([{ path: 'report.at', text: wrongTime }], file);
  const { approval = 'needsApproval', atPercent = 110, neverStop = [] } = brake;
  const config: Omit<OrganizationConfig, 'notices'> = {
    organizationId: values.organizationId,
    managementAccount: values.managementAccount,
    hubRegion: values.hubRegion,
    owner: values.owner,
    report,
    brake: { approval, atPercent, neverStop },
    stackSet: {
      organizationalUnits: stackSet.organizationalUnits,
      mode: stackSet.mode,
      accountWide: stackSet.accountWide,
    },
    people: { viewers: people.viewers ?? [], operators: people.operators ?? [] },
    channels: channelsOf(values.channels),
    defaultLimit: usd(values.defaultLimitUsd),
    accounts: Object.entries(accounts).map(([account, one]) => ({
      account,
      limit: usd(one.limitUsd),
      email: one.email ?? values.owner,
      brake: one.brake ?? approval,
    })),
  };
  return { ...config, notices: noticesOf(config) };
}

function noticesOf(config: Omit<OrganizationConfig, 'notices'>): readonly string[] {
  const { accounts, brake, people, stackSet, defaultLimit } = config;
  const automatic = accounts.filter((one) => one.brake === 'automatic').map(({ account }) => account);
  const never = accounts.filter((one) => one.brake === 'never').map(({ account }) => account);
  const others = `every account of the units that is not in the file has ${formatUsd(defaultLimit)} a month`;
  return [
    others,
    ...(brake.approval === 'automatic'
      ? [
          `the brake is put on by itself at ${brake.atPercent}% of an account's limit, unless the account says otherwise`,
        ]
      : []),
    ...(brake.approval === 'needsApproval' && automatic.length > 0
      ? [`the brake is put on by itself at ${brake.atPercent}% in ${automatic.join(', ')}`]
      : []),
    ...(never.length > 0 ? [`the brake leaves ${never.join(', ')} alone: brake is never`] : []),
    ...(brake.neverStop.length === 0
      ? [
          'no role is spared by the brake: name break-glass roles in brake.neverStop, or nobody can call a model while it is on',
        ]
      : []),
    ...(stackSet.mode === 'watch' ? ["mode is watch: the members' guards deny nobody; the brake still can"] : []),
    ...(people.viewers.length === 0 && people.operators.length === 0
      ? ["nobody may assume the hub's roles yet: name people in people.viewers and people.operators"]
      : []),
  ];
}

export { defineOrganization, type OrganizationInput, type OrganizationValues } from './organization-schema';
