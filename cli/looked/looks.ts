import type { EnvironmentConfig } from '../../config';
import { CommandError } from '../errors';
import { Looked, reasonOf } from './looked';
import type { NotTouched } from './not-touched';

/** One record an environment, also of one that could not be asked to the end. */
export interface Looks {
  at<T>(environment: EnvironmentConfig, work: (look: Looked) => Promise<T>): Promise<T>;
  notTouched(environment: string): readonly NotTouched[];
}

/** @param otherwise see {@link Looked.notTouched} */
export function looks(otherwise: string): Looks {
  const byName = new Map<string, Looked>();
  return {
    async at({ name }, work) {
      const look = new Looked();
      byName.set(name, look);
      try {
        return await work(look);
      } catch (error) {
        if (error instanceof CommandError && error.code === 'NOT_DEPLOYED')
          look.stop('notDeployed', 'it is not deployed there');
        else {
          const { reason, why } = reasonOf(error);
          look.stop(reason, why);
        }
        throw error;
      }
    },
    notTouched: (environment) => byName.get(environment)?.notTouched(otherwise) ?? [],
  };
}
