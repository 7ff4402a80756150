/**
 * What stands in place of an environment's name for an organisation's hub: in its stack's name, its alarms, metrics and tags, and in what it
 * tells people. No environment can be called so.
 */
export const HUB = 'organization';
