import type { EnvironmentConfig, ResolvedModel } from '../../config';
import { accessFix, type Answer, type ModelAvailability } from '../../core/health';
import type { Services } from '../services';
import { unknown, type Ask, type Diagnosis } from './diagnosis';

/** What Bedrock says of one model of the configuration. */
export interface ModelAnswer extends Pick<ResolvedModel, 'id' | 'soldThroughMarketplace'> {
  readonly modelId: string;
  readonly optional: boolean;
  readonly answer: Answer<ModelAvailability>;
}

export async function availability(
  ask: Ask,
  { catalog }: Services,
  { models }: EnvironmentConfig,
): Promise<readonly ModelAnswer[]> {
  const answers: ModelAnswer[] = [];
  // Several entries may be of one model, under different scopes.
  const asked = new Map<string, ModelAnswer['answer']>();
  for (const { id, optional, route, soldThroughMarketplace } of models) {
    const { modelId } = route;
    const answer = asked.get(modelId) ?? (await ask((signal) => catalog.availability(modelId, signal)));
    asked.set(modelId, answer);
    answers.push({ id, modelId, optional, soldThroughMarketplace, answer });
  }
  return answers;
}

/** Whether Bedrock answers in the Region at all, and has what is wanted there. */
export function regionOf(region: string, models: readonly ModelAnswer[]): Diagnosis {
  const base = { check: 'region', subject: region } as const;
  const refused = models.find(({ answer }) => answer.kind === 'unavailable')?.answer;
  if (refused?.kind === 'unavailable') return unknown(base.check, base.subject, refused.problem);
  const missing = models.filter(({ answer }) => answer.kind === 'known' && !answer.value.inRegion);
  if (missing.length === 0) return { ...base, status: 'ok', detail: `offers the ${models.length} models` };
  return {
    ...base,
    status: missing.every(({ optional }) => optional) ? 'warning' : 'failed',
    detail: `does not offer ${missing.map(({ id }) => id).join(', ')}`,
    fix: 'choose another Region or other models in the config',
  };
}

export function modelAccess(region: string, models: readonly ModelAnswer[]): readonly Diagnosis[] {
  return models.map((asked) =>
    asked.answer.kind === 'unavailable'
      ? unknown('model-access', asked.id, asked.answer.problem)
      : accessOf(asked, region, asked.answer.value),
  );
}

/** Bedrock's own answer, which needs no call of the model and so costs nothing. */
function accessOf(asked: ModelAnswer, region: string, model: ModelAvailability): Diagnosis {
  const { id, optional } = asked;
  const base = { check: 'model-access', subject: id } as const;
  const status = optional ? 'warning' : 'failed';
  const after = optional ? '; it is optional, the next model of its list serves' : '';
  const { agreement, authorized, entitled, inRegion } = model;
  if (!inRegion) {
    return { ...base, status, detail: `not offered in ${region}${after}`, fix: 'choose another model or Region' };
  }
  if (agreement === 'AVAILABLE' && authorized && entitled) return { ...base, status: 'ok', detail: 'may be called' };
  if (agreement === 'PENDING')
    return { ...base, status, detail: `access is being granted${after}`, fix: 'wait some minutes' };
  return {
    ...base,
    status,
    detail: `no access (agreement ${agreement}, ${authorized ? '' : 'not '}authorized, ${entitled ? '' : 'not '}entitled)${after}`,
    fix: accessFix(asked, asked.modelId),
  };
}
