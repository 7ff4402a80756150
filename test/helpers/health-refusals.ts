import { ServiceError } from '../../core/errors';

export const denied = () => new ServiceError('accessDenied', 'AccessDeniedException', 'User is not authorized', 403);

export const throttled = () => new ServiceError('throttled', 'ThrottlingException', 'Too many requests', 429);
