import { BURNDOWN, geographic, LISTED, longestAnswer, maxOutput, modelCard, QUOTAS, US_REGIONS } from './sources';
import type { CatalogueModel } from './types';

const NOVA_1_EU = ['eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-3'];
const NOVA_2_EU = ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3'];
const SOUTH_EU = ['eu-south-1', 'eu-south-2'];

// The `apac.` and `ca.` profiles of Nova 1 are left out: no card says where their calls may go.
export const amazon: readonly CatalogueModel[] = [
  {
    id: 'amazon.nova-micro-v1:0',
    name: 'Nova Micro',
    provider: 'Amazon',
    lifecycle: { status: 'active' },
    soldThroughMarketplace: false,
    onDemandRegions: ['us-east-1'],
    unpricedRegions: ['eu-west-2', 'ap-southeast-2'],
    crossRegion: [
      ...geographic('us.amazon.nova-micro-v1:0', US_REGIONS),
      ...geographic('eu.amazon.nova-micro-v1:0', NOVA_1_EU, SOUTH_EU),
    ],
    quota: { tokensPerMinute: 4_000_000, burndown: 1, source: `${QUOTAS}; ${BURNDOWN}` },
    longestAnswer: longestAnswer(10_000),
    source: `${modelCard('amazon-nova-micro')}; ${LISTED}`,
  },
  {
    id: 'amazon.nova-lite-v1:0',
    name: 'Nova Lite',
    provider: 'Amazon',
    lifecycle: { status: 'active' },
    soldThroughMarketplace: false,
    onDemandRegions: US_REGIONS,
    unpricedRegions: ['eu-north-1', 'eu-west-2', 'ap-northeast-1', 'ap-southeast-2', 'ap-southeast-3'],
    crossRegion: [
      ...geographic('us.amazon.nova-lite-v1:0', US_REGIONS, ['us-west-1']),
      ...geographic('eu.amazon.nova-lite-v1:0', NOVA_1_EU, SOUTH_EU),
    ],
    quota: { tokensPerMinute: 4_000_000, burndown: 1, source: `${QUOTAS}; ${BURNDOWN}` },
    maxOutput: maxOutput(5, 'amazon-nova-lite', 'docs.aws.eu'),
    longestAnswer: longestAnswer(10_000),
    source: `${modelCard('amazon-nova-lite')}; ${LISTED}`,
  },
  {
    id: 'amazon.nova-pro-v1:0',
    name: 'Nova Pro',
    provider: 'Amazon',
    lifecycle: { status: 'active' },
    soldThroughMarketplace: false,
    onDemandRegions: ['us-east-1'],
    unpricedRegions: ['eu-west-2', 'ap-southeast-2', 'ap-southeast-3'],
    crossRegion: [
      ...geographic('us.amazon.nova-pro-v1:0', US_REGIONS, ['us-west-1']),
      ...geographic('eu.amazon.nova-pro-v1:0', NOVA_1_EU, SOUTH_EU),
    ],
    quota: { tokensPerMinute: 800_000, burndown: 1, source: `${QUOTAS}; ${BURNDOWN}` },
    longestAnswer: longestAnswer(10_000),
    source: `${modelCard('amazon-nova-pro')}; ${LISTED}`,
  },
  {
    id: 'amazon.nova-2-lite-v1:0',
    name: 'Nova 2 Lite',
    provider: 'Amazon',
    lifecycle: { status: 'active' },
    soldThroughMarketplace: false,
    onDemandRegions: [],
    crossRegion: [
      ...geographic('us.amazon.nova-2-lite-v1:0', US_REGIONS, ['us-west-1']),
      ...geographic('eu.amazon.nova-2-lite-v1:0', NOVA_2_EU),
      // Osaka answers, but no call starts there.
      ...geographic('jp.amazon.nova-2-lite-v1:0', ['ap-northeast-1', 'ap-northeast-3'], [], ['ap-northeast-1']),
    ],
    // At effort high it takes no limit, and how much it then writes at most no document was found to say.
    longestAnswer: longestAnswer(65_535),
    source: `${modelCard('amazon-nova-2-lite')}; ${LISTED}`,
  },
];
