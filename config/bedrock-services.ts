import { BEDROCK_SERVICE_NAMES, marketplaceServiceName } from '../core/bill';
import { catalogue } from './models';
import { libraryModels } from './price-library';

/**
 * What bills have shown that is not a name of the price library: models that it no longer has, and spellings of their own. As
 * quoted from Cost Explorer and from the `servicename` of the price list AmazonBedrockFoundationModels in public code and bills
 * (read 2026-11-28). One name too many costs nothing: a service that is never billed adds $0.
 */
const SEEN = [
  ...['Claude', 'Claude (100K)', 'Claude Instant', 'Claude 2', 'Claude 2.0', 'Claude 2.1'],
  ...['Claude 3 Haiku', 'Claude 3 Sonnet', 'Claude 3 Opus', 'Claude 3.5 Haiku', 'Claude 3.5 Sonnet'],
  ...['Claude 3.5 Sonnet v2', 'Claude 3.7 Sonnet', 'Claude Opus 4', 'Claude Opus 5.5', 'Claude Mythos 5'],
  ...['Cohere Command R', 'Cohere Command R+', 'Cohere Generate Model - Command'],
  ...['Cohere Generate Model - Command-Light', 'Cohere Embed Model - English', 'Cohere Embed 3 Model - English'],
  ...['Cohere Embed Model 3 - Multilingual', 'Cohere Embed 3 Model - Multilingual', 'Cohere Embed 4 Model'],
  'Cohere Rerank v3.5',
  ...['Jamba 1.5 Large', 'Jamba 1.5 Mini', 'Jurassic-2 Mid', 'Jurassic-2 Ultra'],
  ...['SDXL Beta V0.8', 'Stable Diffusion 3 Large v1.0', 'Stable Diffusion 3.5 Large v1.0'],
  ...['Stable Image Core', 'Stable Image Ultra'],
  ...['Meta Llama 2 Chat 13B', 'Meta Llama 2 Chat 70B', 'Writer Palmyra Vision 7B', 'TwelveLabs Marengo Embed 3.0'],
] as const;

/** Sellers whose name has stood before the model's: `OpenAI GPT-5.4`, `Meta Llama 2 Chat 70B`, `Writer Palmyra Vision 7B` (same source). */
const SELLERS: Readonly<Record<string, string>> = { meta: 'Meta', openai: 'OpenAI', writer: 'Writer', xai: 'xAI' };

interface SoldModel {
  readonly name: string;
  /** The first part of the base id. */
  readonly vendor: string;
}

/**
 * The exact SERVICE names that the budgets count: a budget cannot match a pattern. Every model of the price library that is not
 * Amazon's own is here, whoever is said to sell it: some are billed under Bedrock's name, and moving a model from one to the
 * other is AWS's to do. A name on the bill that is missing here is a blind spot, which cost-check reports.
 * @param more models that the config declares, and the library may not know
 */
export function budgetedServices(more: readonly SoldModel[] = []): readonly string[] {
  const known = [
    ...libraryModels,
    ...catalogue.map(({ id, name }) => ({ name, vendor: id.slice(0, id.indexOf('.')) })),
    ...more,
  ];
  const names = [...SEEN, ...known.filter(({ vendor }) => vendor !== 'amazon').flatMap(spellings)];
  return [...BEDROCK_SERVICE_NAMES, ...[...new Set(names)].sort().map(marketplaceServiceName)];
}

/** `Claude 4.6 Sonnet` has been quoted beside `Claude Sonnet 4.6`, which all models since Claude 4 are called (same source). */
function spellings({ name, vendor }: SoldModel): readonly string[] {
  const seller = SELLERS[vendor];
  const turned = /^Claude ([A-Z][a-z]+) (\d+(?:\.\d+)?)$/.exec(name);
  return [
    name,
    ...(seller === undefined || name.startsWith(seller) ? [] : [`${seller} ${name}`]),
    ...(turned ? [`Claude ${turned[2]} ${turned[1]}`] : []),
  ];
}
