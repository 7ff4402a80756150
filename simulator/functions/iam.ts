import type { AllAttachmentsPort, Principal, PolicyVersionWriterPort } from '../../core/enforcement';
import type { Place, World } from '../world/world';

const NO_SUCH_ENTITY = 'NoSuchEntityException';

/** Who of these has a policy in the simulated IAM. A change works the given time later. */
export function attachmentsOf(
  { config: { name } }: Place,
  world: World,
  principals: readonly Principal[],
  worksAfterMs = 0,
): AllAttachmentsPort {
  return {
    attachedTo: async (policyArn) =>
      principals.filter((one) =>
        world.attachments.current(name, one.name).some(({ policy }) => policy.arn === policyArn),
      ),
    attach: async (policyArn, principal) =>
      world.attach(name, policyArn, [principal.name], worksAfterMs)
        ? { kind: 'done' }
        : { kind: 'failed', why: NO_SUCH_ENTITY },
    detach: async (policyArn, principal) => {
      world.detach(name, policyArn, [principal.name], worksAfterMs);
      return { kind: 'done' };
    },
  };
}

/** The versions of the environment's switch. */
export function switchVersionsOf(
  { config: { name }, switch: theSwitch }: Place,
  world: World,
  now: () => number,
  worksAfterMs = 0,
): PolicyVersionWriterPort {
  return {
    list: async () => theSwitch?.list() ?? [],
    setDefault: async (id) => world.setSwitch(name, id, worksAfterMs),
    create: async (document) => void theSwitch?.create(document, now()),
    remove: async (id) => theSwitch?.remove(id),
  };
}
