import { ServiceError } from '../../core/errors';

/** As a service refuses too many requests. */
export function throttled(): ServiceError {
  return new ServiceError('throttled', 'ThrottlingException', 'slow down', 400);
}
