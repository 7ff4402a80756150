import {
  BURNDOWN,
  CACHING,
  geographic,
  HOUR_CACHE,
  LISTED,
  longestAnswer,
  maxOutput,
  modelCard,
  US_REGIONS,
} from './sources';
import type { CatalogueModel } from './types';

const EU = ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3'];
const ALSO_EU = ['eu-central-2', 'eu-west-2'];

const everywhere = (id: string) => [
  ...geographic(`us.${id}`, US_REGIONS, ['us-west-1']),
  ...geographic(`eu.${id}`, EU, ALSO_EU),
  ...geographic(`au.${id}`, ['ap-southeast-2', 'ap-southeast-4'], ['ap-southeast-6']),
  ...geographic(`jp.${id}`, ['ap-northeast-1', 'ap-northeast-3']),
];

// Claude Sonnet 4.5 is left out: its card says Active, a later listing Legacy, and neither gives an end-of-life date.
export const anthropic: readonly CatalogueModel[] = [
  {
    id: 'anthropic.claude-haiku-4-5-20251001-v1:0',
    name: 'Claude Haiku 4.5',
    provider: 'Anthropic',
    lifecycle: { status: 'active' },
    soldThroughMarketplace: true,
    // The card's In-Region rows are of bedrock-mantle. The library prices this base id as the cheaper global profile.
    onDemandRegions: [],
    crossRegion: everywhere('anthropic.claude-haiku-4-5-20251001-v1:0'),
    hourCache: 'twiceInput',
    quota: {
      tokensPerMinute: 5_000_000,
      burndown: 5,
      source: `Service Quotas L-58BE175A in us-east-1, as published by an account, read 2026-11-23; ${BURNDOWN}`,
    },
    maxOutput: maxOutput(
      64,
      'anthropic-claude-haiku-4-5',
      'git.helu.ca/r/pallas docs/aws/claude_haiku_4-5.md; the same on platform.claude.com/docs/pt-BR/models/haiku-4-5/overview.md',
    ),
    longestAnswer: longestAnswer(64_000),
    source: `${modelCard('anthropic-claude-haiku-4-5')}; ${CACHING}; ${HOUR_CACHE}; ${LISTED}`,
  },
  {
    id: 'anthropic.claude-sonnet-4-6',
    name: 'Claude Sonnet 4.6',
    provider: 'Anthropic',
    lifecycle: { status: 'active' },
    soldThroughMarketplace: true,
    // London is the only Region that takes the base id, so the library's price of the base id is London's.
    onDemandRegions: ['eu-west-2'],
    crossRegion: everywhere('anthropic.claude-sonnet-4-6'),
    hourCache: 'twiceInput',
    longestAnswer: longestAnswer(128_000),
    source: `${modelCard('anthropic-claude-sonnet-4-6')}; ${CACHING}; ${HOUR_CACHE}; ${LISTED}`,
  },
];
