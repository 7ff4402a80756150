export {
  ASKED_METRICS,
  type MeterSettingsVariables,
  parseSpendMeterEnv,
  priceTuple,
  type SpendMeterVariables,
} from './env';
export { makeHandler } from './handler';
