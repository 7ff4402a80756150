import {
  BURNDOWN,
  CACHING,
  geographic,
  LISTED,
  longestAnswer,
  maxOutput,
  modelCard,
  QUOTAS,
  US_REGIONS,
} from './sources';
import type { CatalogueModel, Lifecycle } from './types';

/** Announced for many models at once; the shared facts of November 2026 (trap 8) have the same date. */
const LEGACY: Lifecycle = { status: 'legacy', endOfLife: '2027-03-30' };

export const meta: readonly CatalogueModel[] = [
  {
    id: 'meta.llama3-1-8b-instruct-v1:0',
    name: 'Llama 3.1 8B Instruct',
    provider: 'Meta',
    lifecycle: LEGACY,
    replacement: 'amazon.nova-micro-v1:0',
    soldThroughMarketplace: false,
    onDemandRegions: ['us-west-2'],
    crossRegion: geographic('us.meta.llama3-1-8b-instruct-v1:0', US_REGIONS),
    cache: 'unsupported',
    quota: { tokensPerMinute: 600_000, burndown: 1, source: `${QUOTAS}; ${BURNDOWN}` },
    longestAnswer: longestAnswer(4_096),
    source: `${modelCard('meta-llama-3-1-8b-instruct')}; ${CACHING}; ${LISTED}`,
  },
  {
    id: 'meta.llama3-1-70b-instruct-v1:0',
    name: 'Llama 3.1 70B Instruct',
    provider: 'Meta',
    lifecycle: LEGACY,
    replacement: 'openai.gpt-oss-120b-1:0',
    soldThroughMarketplace: false,
    onDemandRegions: ['us-west-2'],
    crossRegion: geographic('us.meta.llama3-1-70b-instruct-v1:0', US_REGIONS),
    cache: 'unsupported',
    quota: { tokensPerMinute: 600_000, burndown: 1, source: `${QUOTAS}; ${BURNDOWN}` },
    maxOutput: maxOutput(4, 'meta-llama-3-1-70b-instruct', 'docs.aws.amazon.com/zh_cn'),
    longestAnswer: longestAnswer(4_096),
    source: `${modelCard('meta-llama-3-1-70b-instruct')}; ${CACHING}; ${LISTED}`,
  },
  {
    id: 'meta.llama3-3-70b-instruct-v1:0',
    name: 'Llama 3.3 70B Instruct',
    provider: 'Meta',
    lifecycle: LEGACY,
    replacement: 'openai.gpt-oss-120b-1:0',
    soldThroughMarketplace: false,
    onDemandRegions: ['us-east-2'],
    crossRegion: geographic('us.meta.llama3-3-70b-instruct-v1:0', US_REGIONS),
    cache: 'unsupported',
    quota: { tokensPerMinute: 600_000, burndown: 1, source: `${QUOTAS}; ${BURNDOWN}` },
    longestAnswer: longestAnswer(4_096),
    source: `${modelCard('meta-llama-3-3-70b-instruct')}; ${CACHING}; ${LISTED}`,
  },
  {
    id: 'meta.codellama-34b-instruct-v1:0',
    name: 'Code Llama 34B Instruct',
    provider: 'Meta',
    lifecycle: { status: 'notOffered' },
    // The one coding model that is active, on demand in us-east-1, priced, and not sold through the Marketplace.
    replacement: 'qwen.qwen3-coder-next',
    soldThroughMarketplace: false,
    onDemandRegions: [],
    crossRegion: [],
    source:
      'shared facts of November 2026 (trap 8); not among the models of ' +
      `https://docs.aws.amazon.com/bedrock/latest/userguide/model-cards.html, read 2026-11-23, nor of ${LISTED}`,
  },
];
