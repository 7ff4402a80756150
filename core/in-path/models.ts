import type { CompleteClientModel } from './config';

/** The environment's models by every name that a caller may use for them. */
export interface ModelNames {
  /** By base id, scope-prefixed id, or the ARN of a foundation model or profile. Undefined: not this environment's. */
  find(modelId: string): CompleteClientModel | undefined;
  readonly all: readonly CompleteClientModel[];
}

export function modelNames(models: readonly CompleteClientModel[]): ModelNames {
  const byName = new Map<string, CompleteClientModel>();
  for (const model of models) {
    for (const name of [model.id, model.calledId, model.profile && lastPart(model.profile)]) {
      if (name) byName.set(name, model);
    }
  }
  return { find: (modelId) => byName.get(lastPart(modelId)), all: models };
}

/**
 * What is really called: the environment's own profile, whose id separates its tokens in the metrics and which its role may
 * call, or the id that the Region knows.
 */
export function targetOf(model: CompleteClientModel): string {
  return model.profile ?? model.calledId;
}

/** `arn:…:application-inference-profile/abc` → `abc`; no other id has a slash. */
function lastPart(modelId: string): string {
  return modelId.slice(modelId.lastIndexOf('/') + 1);
}
