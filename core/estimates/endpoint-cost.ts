import { decimalToNano, formatUsd, nanoUsd, parseDecimal, type NanoUsd } from '../money';

/** What of an endpoint is billed while it stands, whoever calls it. */
export interface EndpointCounts {
  readonly minTasks: number;
  readonly maxTasks: number;
  readonly vcpuPerTask: number;
  readonly gbPerTask: number;
}

interface HourlyPrice {
  readonly usd: string;
  /** Where it was read, and when. */
  readonly source: string;
}

/** List prices of us-east-1 in dollars an hour. */
const PRICES = {
  vcpu: {
    usd: '0.03238',
    source: 'Fargate on ARM, https://www.vantage.sh/blog/fargate-pricing, read 2026-11-29',
  },
  gb: {
    usd: '0.00356',
    source: 'Fargate on ARM, https://www.vantage.sh/blog/fargate-pricing, read 2026-11-29',
  },
  balancer: {
    usd: '0.0225',
    source:
      'the example for US-East-1 of https://aws.amazon.com/elasticloadbalancing/pricing/, as api-evangelist/amazon-elastic-load-balancing has it from 2026-09-20, read 2026-11-29',
  },
  capacityUnit: {
    usd: '0.008',
    source: 'as the load balancer',
  },
} as const satisfies Readonly<Record<string, HourlyPrice>>;

const HOURS = 24 * 31;

/** What is paid for whoever calls: what comes with calls nobody knows before. */
interface EndpointCost {
  /** With the fewest tasks and with the most, a month of 31 days. */
  readonly tasks: { readonly fewest: NanoUsd; readonly most: NanoUsd };
  readonly balancer: NanoUsd;
}

export function endpointCost({ minTasks, maxTasks, vcpuPerTask, gbPerTask }: EndpointCounts): EndpointCost {
  const task = nanoUsd(monthly(PRICES.vcpu.usd, vcpuPerTask) + monthly(PRICES.gb.usd, gbPerTask));
  return {
    tasks: { fewest: nanoUsd(task * minTasks), most: nanoUsd(task * maxTasks) },
    balancer: monthly(PRICES.balancer.usd, 1),
  };
}

/** Beside what the guard itself costs, since whoever names an endpoint chooses to have it. */
export function endpointCostLines(counts: EndpointCounts): readonly string[] {
  const { tasks, balancer } = endpointCost(counts);
  const { minTasks, maxTasks, vcpuPerTask, gbPerTask } = counts;
  const [fewest, most] = [nanoUsd(tasks.fewest + balancer), nanoUsd(tasks.most + balancer)];
  return [
    `the endpoint, a month: ${formatUsd(fewest)} with ${minTasks} tasks, up to ${formatUsd(most)} with ${maxTasks}, and what is unknown`,
    `  tasks (${minTasks} to ${maxTasks} of ${vcpuPerTask} vCPU and ${gbPerTask} GB): ${formatUsd(tasks.fewest)} to ${formatUsd(tasks.most)}; $${PRICES.vcpu.usd} a vCPU and $${PRICES.gb.usd} a GB an hour, ${PRICES.vcpu.source}`,
    `  load balancer: ${formatUsd(balancer)}; $${PRICES.balancer.usd} an hour, ${PRICES.balancer.source}`,
    `  its capacity units: unknown, $${PRICES.capacityUnit.usd} for each hour of one; ${PRICES.capacityUnit.source}`,
    '  unknown: traffic between zones, NAT gateways and VPC endpoints, logs, the alarms that scaling makes; list prices of us-east-1',
  ];
}

function monthly(usd: string, count: number): NanoUsd {
  const { digits, scale } = parseDecimal(usd);
  return decimalToNano({ digits: digits * BigInt(count * HOURS), scale });
}
