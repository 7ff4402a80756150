import { ServiceError } from '../../core/errors';
import { FakeDecisionEvents } from '../../simulator/fakes/decision-events';
import { FakeGuardFunctions } from '../../simulator/fakes/guard-functions';
import { FakeHtmlMail } from '../../simulator/fakes/html-mail';
import { FakeMail } from '../../simulator/fakes/mail';
import { onFake } from './suites/contract';
import { decisionEventsContract } from './suites/decision-events';
import { guardFunctionsContract } from './suites/guard-functions';
import { htmlMailContract } from './suites/html-mail';
import { mailContract } from './suites/mail';
import { throttled } from './throttled';

mailContract(
  'the fake',
  onFake(() => {
    const port = new FakeMail();
    return {
      port,
      received: async () => port.sent.map(({ subject, body }) => ({ subject, body })),
      attributes: async () => port.attributes,
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);

htmlMailContract(
  'the fake',
  onFake(() => {
    const port = new FakeHtmlMail();
    port.verified = [];
    return {
      port,
      domain: 'example.com',
      verify: async (identity) => void (port.verified = [...(port.verified ?? []), identity]),
      suppress: async (address, reason) => void port.suppressed.set(address, reason),
      inSandbox: async (run) => {
        port.isInSandbox = true;
        await run();
        port.isInSandbox = false;
      },
      received: async () => port.sent.flatMap(({ to, ...mail }) => to.map((address) => ({ ...mail, to: address }))),
      throttle: async () => void (port.failure = port.listFailure = throttled()),
    };
  }),
);

decisionEventsContract(
  'the fake',
  onFake(() => {
    const port = new FakeDecisionEvents();
    return { port, matched: async () => port.events, throttle: async () => void (port.failure = throttled()) };
  }),
);

guardFunctionsContract(
  'the fake',
  onFake(() => {
    let runs = 0;
    const port = new FakeGuardFunctions(() => void (runs += 1));
    return {
      port,
      runs: async () => runs,
      remove: async () =>
        void (port.failure = new ServiceError('notFound', 'ResourceNotFoundException', 'no such function', 404)),
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);
