import {
  mostItCosts,
  type Bounds,
  judge,
  httpRoute,
  withInvokeOptions,
  isConverse,
  converseShape,
  type RequestShape,
  record,
} from '../core/in-path';
import { throwIfAborted } from './abort';
import { asksFor, bodyOf, readInvokeBody, textBytes, type Body } from './body';
import { callOf, Reroute, type Call } from './call';
import { SpendGuardRefused } from './refusal';

interface AttemptArgs {
  readonly input: object;
  readonly request?: unknown;
}

/**
 * Around one attempt, inside the SDK's retries and before signing: prices the request as it will be sent, whatever other
 * middleware made of it (T6), and reserves. An attempt that may have been billed is charged in full (T8).
 */
export function attempt<Args extends AttemptArgs, Out>(
  next: (args: Args) => Promise<Out>,
  bounds: Bounds,
): (args: Args) => Promise<Out> {
  return async (args) => {
    const call = callOf(args);
    if (!call) return next(args);
    const { amount, maxTokens } = price(call, args, bounds);
    call.regions.arrives(record(args.request)['hostname']);
    call.dispatched = false;
    await call.charge.hold(amount);
    throwIfAborted(call.signal);
    call.allowed(maxTokens);
    try {
      return await next(args);
    } catch (error) {
      const failure = judge(error);
      if (call.dispatched && !failure.free) await call.charge.settleInFull();
      throw call.fallback && failure.otherModel ? new Reroute(error) : error;
    }
  };
}

/** Next to the connection, after signing and all that may fail before: from here on an attempt may have been sent. */
export function dispatch<Args extends object, Out>(next: (args: Args) => Promise<Out>): (args: Args) => Promise<Out> {
  return (args) => {
    const call = callOf(args);
    if (call) {
      throwIfAborted(call.signal);
      call.dispatched = true;
    }
    return next(args);
  };
}

function price(call: Call, { input, request }: AttemptArgs, bounds: Bounds) {
  const { path, headers, body: sent } = record(request);
  const body = bodyOf(sent);
  if (!goesTo(path, call.target)) throw changed(`it goes to model '${modelIn(path)}' instead of '${call.target}'`);
  const sentShape = shapeOf(call, input, record(headers), body);
  const shape =
    sentShape.maxTokens === undefined && sentShape.takesNoLimit === true
      ? { ...sentShape, maxTokens: call.withoutLimit }
      : sentShape;
  if (shape.maxTokens === undefined) throw changed('its limit of tokens was taken away');
  const most = mostItCosts(shape, textBytes(body), call.model, bounds);
  if ('unknown' in most) throw unpriced(call.model.name, most.unknown);
  return { amount: most.amount, maxTokens: shape.maxTokens };
}

function shapeOf(call: Call, input: object, headers: Readonly<Record<string, unknown>>, body: Body): RequestShape {
  if (!isConverse(call.operation)) {
    const read = readInvokeBody(call.model.id, body);
    if (!read) throw changed('its body is no longer the JSON that it was');
    return withInvokeOptions(read.shape, input, headers);
  }
  const limit = record(record(input)['inferenceConfig'])['maxTokens'];
  if (typeof limit === 'number' && !asksFor(body, limit)) throw changed('its body does not ask for the same tokens');
  return converseShape(input);
}

/** What follows the endpoint's own path, of a proxy. */
function modelIn(path: unknown): string {
  return (typeof path === 'string' ? httpRoute('POST', path)?.modelId : undefined) ?? String(path);
}

/** By target, as the SDK writes it: no need to take such a path apart. A process has few. */
const usualPaths = new Map<string, string>();

function goesTo(path: unknown, target: string): boolean {
  const usual = usualPaths.get(target) ?? `/model/${encodeURIComponent(target)}/`;
  usualPaths.set(target, usual);
  return (typeof path === 'string' && path.startsWith(usual)) || modelIn(path) === target;
}

function changed(how: string): SpendGuardRefused {
  return new SpendGuardRefused({
    code: 'INPUT_CHANGED',
    message: `another middleware changed the request after it was checked: ${how}. Add the guard last, or remove that middleware.`,
  });
}

export function unpriced(model: string, why: string): SpendGuardRefused {
  return new SpendGuardRefused({
    code: 'UNKNOWN_PRICE',
    message: `what this request to ${model} costs at most is not known: ${why}.`,
  });
}
