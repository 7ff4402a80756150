export { parseSwitchEnv, type PrincipalSettingsVariables, type SwitchVariables } from './env';
export { makeHandler } from './handler';
