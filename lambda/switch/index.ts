export { HELD_PRINCIPALS, parseSwitchEnv, type PrincipalSettingsVariables, type SwitchVariables } from './env';
export { makeHandler } from './handler';
