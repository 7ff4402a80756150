import { ServiceError } from '../../../core/errors';
import { type Answer, type Judged, judgeLegacyRefusal, sourceArn } from '../../../core/verify';
import { UsageError } from '../../errors';
import type { Verification } from '../context';

const STEP = 'legacy-refusal';
const CALL_MS = 60_000;
const ASK_MS = 10_000;

export async function legacyRefusal(v: Verification): Promise<Judged> {
  const { legacy, services } = v;
  if (!legacy) {
    throw new UsageError(
      `no Legacy model that can be called on demand in ${v.environment.region} is known; name one with --legacy-model`,
    );
  }
  const { verify, catalog, pace } = services;
  const status = await catalog.lifecycle(legacy.id, pace.timeout(ASK_MS)).then(
    (life) => life.status,
    (error: unknown) => {
      if (error instanceof ServiceError) return undefined;
      throw error;
    },
  );
  const call = await answerOf(async () => v.use(await verify.caller.callOnce(legacy.id, pace.timeout(CALL_MS))));
  const source = sourceArn({
    partition: v.model.partition,
    account: v.model.account,
    region: v.model.region,
    modelId: legacy.id,
  });
  const profile = await answerOf(() => v.made.profile(STEP, source));
  return judgeLegacyRefusal({ modelId: legacy.id, call, profile, ...(status === undefined ? {} : { status }) });
}

async function answerOf(ask: () => Promise<unknown>): Promise<Answer> {
  try {
    await ask();
    return { kind: 'answered' };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { errorName, text, reason } = error;
    return { kind: 'refused', errorName, text, ...(reason === undefined ? {} : { reason: reason.kind }) };
  }
}
