import { refusalReason } from '../../core/model-refusal';
import { ServiceError } from '../../core/ports/service-error';
import { serviceError } from './service-error';

/** A refused model call, with the reason that its words give. */
export function modelRefusal(error: unknown): ServiceError {
  const { refusal, errorName, text, httpStatus } = serviceError(error);
  const reason = refusalReason(text);
  return new ServiceError(refusal, errorName, text, httpStatus, reason ? { reason } : {});
}
