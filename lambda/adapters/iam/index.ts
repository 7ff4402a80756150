export { iamAccessKeys } from './access-keys';
export { accountSetup } from './account-setup';
export { IamAttachments } from './attachments';
export { iamPermissionSetRoles } from './permission-set-roles';
export { iamPolicyRoom } from './policy-room';
export { iamPolicyVersions } from './policy-versions';
export { temporaryRoles } from './temporary-roles';
