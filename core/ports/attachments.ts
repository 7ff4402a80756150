/** Somebody a managed policy can be attached to, by name as IAM's API takes it. */
export interface Principal {
  readonly kind: 'role' | 'user' | 'group';
  readonly name: string;
}

export type AttachmentChange =
  | { readonly kind: 'done' }
  /** It was so already: detached by somebody else, or the principal is gone. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'failed'; readonly why: string };

/** What managed policies are really attached to. */
export interface AttachmentsPort {
  /** Everybody who has the policy attached, over all pages. A policy that is gone is attached to nobody. @throws ServiceError */
  attachedTo(policyArn: string): Promise<readonly Principal[]>;
}

/** Attaching can only ever deny. */
export interface AttachPort extends AttachmentsPort {
  /** Attaching twice changes nothing. A principal or policy that does not exist is `failed`, with IAM's name for it. */
  attach(policyArn: string, principal: Principal): Promise<AttachmentChange>;
}

/** For the deploy's function, the only one that lets go. */
export interface AllAttachmentsPort extends AttachPort {
  detach(policyArn: string, principal: Principal): Promise<AttachmentChange>;
}
