import { endpointShape, type EndpointInput } from './endpoint-shape';
import type { EndpointConfig } from './guard-config';
import { duplicates, rightValues, type Problem } from './problems';
import type { EnvironmentInput } from './schema';

const FEWEST_TASKS = 2;
const MOST_TASKS = 10;
/** Ten and its like are the widest private ranges that there are. */
const WIDEST_PREFIX = 8;

/**
 * What is wrong with an endpoint beside the shape of each value.
 * @param place of the environment
 * @param raw the environment as it was written
 * @param env its values that are right
 */
export function endpointProblems(place: string, raw: unknown, env: Partial<EnvironmentInput>): Problem[] {
  const written = (raw as { endpoint?: unknown } | null | undefined)?.endpoint;
  const {
    subnets = [],
    certificateArn,
    image,
    allowedCidrs = [],
    ...tasks
  } = rightValues<EndpointInput>(endpointShape, written);
  const at = `${place}.endpoint`;
  return [
    ...subnets.flatMap(({ zone }, index) => zoneProblems(`${at}.subnets[${index}].zone`, zone, env.region)),
    ...duplicates(
      `${at}.subnets`,
      subnets.map(({ id }) => id),
    ),
    ...sameZoneProblems(`${at}.subnets`, subnets),
    ...certificateProblems(`${at}.certificateArn`, certificateArn, env),
    ...imageProblems(`${at}.image`, image),
    ...duplicates(`${at}.allowedCidrs`, allowedCidrs),
    ...allowedCidrs.flatMap((cidr, index) => cidrProblems(`${at}.allowedCidrs[${index}]`, cidr)),
    ...taskProblems(`${at}.maxTasks`, tasks),
  ];
}

function zoneProblems(path: string, zone: string, region: string | undefined): Problem[] {
  if (region === undefined || zone.slice(0, -1) === region) return [];
  return [{ path, text: `must be a zone of this environment's Region, such as ${region}a, got '${zone}'` }];
}

/** A load balancer takes one subnet a zone. */
function sameZoneProblems(path: string, subnets: EndpointInput['subnets']): Problem[] {
  return subnets.flatMap(({ zone }, at) => {
    const first = subnets.findIndex((one) => one.zone === zone);
    return first < at
      ? [{ path: `${path}[${at}].zone`, text: `repeats [${first}]; name one subnet a zone, got '${zone}'` }]
      : [];
  });
}

function certificateProblems(
  path: string,
  arn: string | undefined,
  { region, account }: Partial<EnvironmentInput>,
): Problem[] {
  if (arn === undefined) return [];
  const [, , , its, owner] = arn.split(':');
  if (region !== undefined && its !== region)
    return [
      { path, text: `must be in this environment's Region, ${region}: a load balancer takes no other, got '${arn}'` },
    ];
  if (account !== undefined && owner !== account)
    return [{ path, text: `must be in this environment's account, ${account}, got '${arn}'` }];
  return [];
}

/** Else a task that starts tomorrow is another program than the one that was tried. */
function imageProblems(path: string, image: string | undefined): Problem[] {
  if (image === undefined || /[:@][^/]+$/.test(image)) return [];
  return [{ path, text: `must have a tag or a digest, such as ${image}:1.4.0, got '${image}'` }];
}

function cidrProblems(path: string, cidr: string): Problem[] {
  const [address = '', length = ''] = cidr.split('/');
  const prefix = Number(length);
  if (prefix < WIDEST_PREFIX) {
    return [
      { path, text: `must have a prefix of /${WIDEST_PREFIX} or longer: name the range of the VPC, got '${cidr}'` },
    ];
  }
  const bits = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - prefix);
  const first = bits - (bits % size);
  if (first === bits) return [];
  const written = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.');
  return [{ path, text: `must begin with the first address of its range: write ${written}/${prefix}, got '${cidr}'` }];
}

function taskProblems(
  path: string,
  { minTasks, maxTasks }: Pick<Partial<EndpointInput>, 'minTasks' | 'maxTasks'>,
): Problem[] {
  if (maxTasks === undefined || maxTasks >= (minTasks ?? FEWEST_TASKS)) return [];
  return [{ path, text: `must be at least minTasks (${minTasks ?? FEWEST_TASKS}), got ${maxTasks}` }];
}

/** @param endpoint without a problem */
export function endpointConfig(endpoint: EndpointInput): EndpointConfig {
  const { minTasks = FEWEST_TASKS, maxTasks = Math.max(MOST_TASKS, minTasks), ...rest } = endpoint;
  return { ...rest, minTasks, maxTasks };
}
