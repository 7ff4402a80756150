import { FakeAttachments } from '../../simulator/fakes/attachments';
import { attachmentsContract, type AttachmentsSubject } from './suites/attachments';
import { onFake } from './suites/contract';

attachmentsContract(
  'the fake',
  onFake((): AttachmentsSubject => {
    let made = 0;
    let throttled = false;
    const refusal = () => (throttled ? 'ThrottlingException' : undefined);
    const port = new FakeAttachments(refusal, refusal);
    for (const kind of ['role', 'user', 'group'] as const) port.remove({ kind, name: 'nobody-of-this-name' });
    return {
      port,
      async policy() {
        const arn = `arn:aws:iam::111122223333:policy/p${(made += 1)}`;
        port.remove(`${arn}-gone`);
        return arn;
      },
      principal: async (kind, name = `app-${(made += 1)}`) => ({ kind, name }),
      throttle: async () => void (throttled = true),
    };
  }),
);
