import { Stack, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import {
  type BriefEnvironment,
  ConfigError,
  DEFAULTS,
  type EnvironmentConfig,
  type GuardConfig,
  type GuardInput,
  loadGuard,
  type Notice,
  type Problem,
  withDefaults,
} from '../config';
import { mustAcknowledge } from '../core/estimates';
import { ConfiguredGuard } from './configured-guard';
import type { GuardChannel } from './guard-channel';
import { environmentNameOf } from './environment-name';
import { findPrincipal, type HeldPrincipal, literalName } from './held-principal';
import { namedResources, type NamedResources } from './props-resources';
import { inPropsWords, propProblem } from './props-words';
import { shapeProblems } from './props-shape';
import { tokenProblems } from './props-tokens';
import type { SpendGuardProps } from './spend-guard-props';

/** What a guard is made of, once its props are known to be right. */
export interface CheckedProps {
  readonly environment: EnvironmentConfig;
  /** What a deployer should know although nothing is wrong. */
  readonly notices: readonly Notice[];
  /** Whom a configuration cannot name: their names are known at deployment only. */
  readonly held: readonly HeldPrincipal[];
  /** ARNs of those that may assume the invoker role, likewise. */
  readonly trusted: readonly string[];
  /** Nobody has said why what may be spent before a stop is acceptable, where it is too much or unknown. */
  readonly overshootIsOpen: boolean;
}

/** What the estimate is accepted with where the app says nothing: synth then warns of it. */
const OPEN_OVERSHOOT = 'nobody has said why';

/**
 * Checks the props of a construct by the rules of the configuration: they are one environment of it.
 * @throws ConfigError that names the construct, and every prop that is wrong
 */
export function checkedProps(guard: Construct, props: SpendGuardProps): CheckedProps {
  const fail = (problems: readonly Problem[]): never => {
    throw new ConfigError(
      problems.map(({ path, text }) => ({ path: `${guard.node.path}: ${path}`, text })),
      'SpendGuard',
    );
  };
  if (props instanceof ConfiguredGuard) {
    const wrong = placeProblems(guard, props.environment);
    if (wrong.length > 0) fail(wrong);
    const { environment, notices } = props;
    return { environment, notices, held: [], trusted: [], overshootIsOpen: false };
  }
  const early = [...shapeProblems(props), ...tokenProblems(props ?? {}), ...sameNameProblems(props?.channels)];
  if (early.length > 0) fail(early);
  const region = regionOf(guard);
  if (typeof region !== 'string') return fail([region]);

  const principals = principalsOf(guard, props.principals);
  const resources = namedResources(guard, props);
  const name = props.environmentName ?? environmentNameOf(idsOf(guard));
  const environmentInput = {
    ...withDefaults(briefOf(props, region, principals.lists, resources)),
    ...accountOf(guard),
  };
  const { config, problems } = loaded({ environments: { [name]: environmentInput } });
  const wrong = [
    ...principals.problems,
    ...resources.problems,
    ...withoutEchoes(
      problems.map((one) => propProblem(one, name, principals.origins)),
      props,
    ),
  ];
  const [environment] = config?.environments ?? [];
  if (wrong.length > 0 || environment === undefined) return fail(wrong);
  const { acceptedOvershoot, overshoot } = environment.meter;
  const overshootIsOpen =
    acceptedOvershoot === OPEN_OVERSHOOT && (overshoot.known === 'unknown' || mustAcknowledge(overshoot));
  return {
    environment: withLateLog(environment, resources),
    notices: (config?.notices ?? [])
      .map((notice) => ({ ...notice, text: inPropsWords(notice.text) }))
      .filter(({ text }) => !(overshootIsOpen && text.endsWith(OPEN_OVERSHOOT))),
    held: principals.held,
    trusted: (props.trustedBy ?? []).filter((arn) => Token.isUnresolved(arn)),
    overshootIsOpen,
  };
}

function idsOf(guard: Construct): readonly string[] {
  return guard.node.scopes.map(({ node }) => node.id).filter((id) => id !== '');
}

function accountOf(guard: Construct): { readonly account?: string } {
  const { account } = Stack.of(guard);
  return Token.isUnresolved(account) ? {} : { account };
}

const regionPlace = "the stack's env.region";

/** The Region of the stack, or why there is none. */
function regionOf(guard: Construct): string | Problem {
  const { region } = Stack.of(guard);
  if (!Token.isUnresolved(region)) return region;
  return {
    path: regionPlace,
    text: "must be known at synth, as which ids a Region calls a model by, and at what price, depends on it: new MyStack(app, 'MyStack', { env: { region: 'us-east-1' } })",
  };
}

/** An environment of a configuration says where it is: its stack must be there. */
function placeProblems(guard: Construct, environment: EnvironmentConfig): readonly Problem[] {
  const region = regionOf(guard);
  if (typeof region !== 'string') return [{ ...region, text: region.text.replace('us-east-1', environment.region) }];
  const { account } = Stack.of(guard);
  const elsewhere = (path: string, is: string, must: string) =>
    is === must ? [] : [{ path, text: `must be ${must}, as the config of '${environment.name}' says, got ${is}` }];
  return [
    ...elsewhere(regionPlace, region, environment.region),
    ...(environment.account === undefined || Token.isUnresolved(account)
      ? []
      : elsewhere("the stack's env.account", account, environment.account)),
  ];
}

interface Principals {
  readonly lists: { readonly roles: string[]; readonly users: string[]; readonly groups: string[] };
  readonly held: readonly HeldPrincipal[];
  readonly problems: readonly Problem[];
  /** Which of the props a place in the lists is. */
  readonly origins: ReadonlyMap<string, string>;
}

const LIST_OF = { role: 'roles', user: 'users', group: 'groups' } as const;

/** Those that synth knows by name are the configuration's, which has rules for them. Who is named twice is held once. */
function principalsOf(guard: Construct, grantees: readonly iam.IGrantable[]): Principals {
  const lists = { roles: [] as string[], users: [] as string[], groups: [] as string[] };
  const held: HeldPrincipal[] = [];
  const problems: Problem[] = [];
  const origins = new Map<string, string>();
  grantees.forEach((grantee, at) => {
    const found = findPrincipal(guard, grantee);
    if (found.kind === 'refused') return problems.push({ path: `principals[${at}]`, text: found.why });
    const list = LIST_OF[found.principal.kind];
    const name = literalName(found.principal);
    if (name === undefined) return held.push(found.principal);
    if (lists[list].includes(name)) return undefined;
    origins.set(`principals.${list}[${lists[list].length}]`, `principals[${at}]`);
    return lists[list].push(name);
  });
  return { lists, held, problems, origins };
}

/** Defaults that follow from other props, and are wrong with those. */
const FOLLOWING: readonly string[] = ['budgetOwner', 'ownAlertAtPercent', 'degradeAtPercent'];

function withoutEchoes(problems: readonly Problem[], props: SpendGuardProps): readonly Problem[] {
  const isEcho = ({ path }: Problem) => FOLLOWING.includes(path) && !Object.hasOwn(props, path);
  return problems.every(isEcho) ? problems : problems.filter((one) => !isEcho(one));
}

/** The names that the configuration has for the props. */
function briefOf(
  props: SpendGuardProps,
  region: string,
  principals: Principals['lists'],
  { logGroup, identity }: NamedResources,
): BriefEnvironment {
  const { monthlyLimit, accountWideLimit, models, largeModels, production, meterWholeAccount } = props;
  const { trustedBy = [], trustedGitHub, permissionSets, reportAt, timeZone } = props;
  const { owner, budgetOwner, dataRegions, alertAtPercent, degradeAtPercent, stopAtPercent } = props;
  const { dailyLimitPercent, runawayBrakePercentPerHour, allowAboveLimit, enforce, billAction, onBlind } = props;
  const {
    channels,
    meterRegions,
    neverStop,
    dashboard,
    keepState,
    hubBusArn,
    acceptOvershoot = OPEN_OVERSHOOT,
  } = props;
  return {
    ...{ region, owner, budgetOwner, dataRegions, alertAtPercent, degradeAtPercent, stopAtPercent, dailyLimitPercent },
    ...{ runawayBrakePercentPerHour, allowAboveLimit, enforce, billAction, onBlind, meterRegions, neverStop },
    ...{ dashboard, keepState, acceptOvershoot },
    ...(hubBusArn === undefined ? {} : { organizationHub: { busArn: hubBusArn } }),
    ...(channels === undefined ? {} : { channels: channelsByName(channels) }),
    monthlyLimitUsd: monthlyLimit.dollars,
    accountWideBudgetUsd: accountWideLimit?.dollars,
    class: (production ?? false) ? 'production' : 'nonProduction',
    identity: (meterWholeAccount ?? true) ? 'direct' : 'profile',
    models: { small: models, large: largeModels ?? [] },
    principals: { ...principals, permissionSets },
    assumableBy: {
      principals: trustedBy.filter((arn) => !Token.isUnresolved(arn)),
      ...(trustedGitHub ? { githubOidc: trustedGitHub } : {}),
    },
    report: {
      at: reportAt ?? DEFAULTS.report.at,
      timeZone: timeZone ?? DEFAULTS.report.timeZone,
      html: htmlOf(props.reportFrom ?? undefined, identity),
    },
    spenders: spendersOf(props.principalTag ?? undefined, logGroup),
  };
}

/** From which address, where there is one. */
function htmlOf(
  from: string | undefined,
  identity: string | undefined,
): NonNullable<BriefEnvironment['report']>['html'] {
  return from === undefined ? undefined : { from, identity };
}

/** Who spent it. The configuration takes no `spenders` that name nothing. */
function spendersOf(principalTag?: string, logGroup?: string): BriefEnvironment['spenders'] {
  if (principalTag === undefined && logGroup === undefined) return undefined;
  return { principalTag, invocationLogs: logGroup === undefined ? undefined : { logGroup } };
}

/** The configuration has no rule for a name that it cannot read. */
function withLateLog(environment: EnvironmentConfig, { lateLogGroup }: NamedResources): EnvironmentConfig {
  if (lateLogGroup === undefined) return environment;
  return { ...environment, spenders: { ...environment.spenders, logGroup: lateLogGroup } };
}

type Channels = NonNullable<GuardInput['environments'][string]['channels']>;

/** As the configuration has them. What is no channel at all is its to say too. */
function channelsByName(channels: readonly GuardChannel[]): Channels {
  return Object.fromEntries(channels.map(({ name, ...channel }) => [name, channel])) as Channels;
}

/** By its name a channel would take the place of the one before it. */
function sameNameProblems(channels: unknown): readonly Problem[] {
  if (!Array.isArray(channels)) return [];
  const names = channels.map((one: unknown) => (one as { name?: unknown } | null | undefined)?.name);
  return names.flatMap((name, at) => {
    const path = `channels[${at}].name`;
    if (typeof name !== 'string') return [{ path, text: 'must be given, a name such as finance' }];
    const first = names.indexOf(name);
    return first < at ? [{ path, text: `repeats channels[${first}]: each needs a name of its own` }] : [];
  });
}

function loaded(input: GuardInput): { readonly config?: GuardConfig; readonly problems: readonly Problem[] } {
  try {
    return { config: loadGuard(input, Date.now()), problems: [] };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems };
    throw error;
  }
}
