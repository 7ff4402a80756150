import { GuardError, ServiceError } from '../../core/errors';
import { allPages, type Page } from './pages';

/** One client per Region, made when it is first needed and kept with its connections. */
export function perRegion<Client>(make: (region: string) => Client): (region: string) => Client {
  const made = new Map<string, Client>();
  return (region) => {
    const client = made.get(region) ?? make(region);
    made.set(region, client);
    return client;
  };
}

/**
 * All items over all pages, for ports whose callers go on without an answer.
 * @throws ServiceError, also where a service gives the same page for ever: that is its fault, and no defect of the guard
 */
export async function allPagesOrRefusal<T>(
  read: (token: string | undefined) => Promise<Page<T>>,
): Promise<readonly T[]> {
  try {
    return await allPages(read);
  } catch (error) {
    if (!(error instanceof GuardError) || error.code !== 'PAGE_TOKEN_REPEATED') throw error;
    throw new ServiceError('unavailable', error.code, error.message);
  }
}

/** The Region that an ARN names. @throws ServiceError on one that names none */
export function regionOf(arn: string): string {
  const region = arn.split(':')[3];
  if (!region) throw new ServiceError('invalid', 'RegionMissing', `'${arn}' is no ARN of a Region`);
  return region;
}
